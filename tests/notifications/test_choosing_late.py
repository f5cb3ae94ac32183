"""What somebody chooses counts also for what waits already."""

from collections.abc import Iterator

import pytest

from tests import make
from tests.notifications import post
from tests.notifications.kinds import kind
from tests.notifications.people import device
from tests.notifications.trial_channel import TrialChannel
from yema.changes import transaction
from yema.ids import uuid7
from yema.notifications.tables import Choice
from yema.settings import Settings


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    with post.standing():
        yield


@pytest.mark.parametrize("by", ["push", "email"])
@pytest.mark.parametrize(
    ("chosen_for", "cadence", "certain", "state"),
    [
        ("this", "off", False, "moot"),
        ("this", "daily", False, "moot"),
        ("this", "immediate", False, "sent"),
        ("other kind", "off", False, "sent"),
        ("other channel", "off", False, "sent"),
        ("other person", "off", False, "sent"),
        ("this", "off", True, "sent"),  # a mail, too: it comes to whoever has no phone
    ],
)
async def test_what_waits_goes_only_as_they_want_it_now(
    house: Settings, by: str, chosen_for: str, cadence: str, certain: bool, state: str
) -> None:
    person, other = await make.reader("ada@yema.example"), await make.person()
    line = await post.told(person)
    phone = await device(person) if by == "push" else None
    name = "fcm" if by == "push" else "email"
    waiting = await post.delivery(person, phone, notification=line, channel=name)
    channel = {"push": "email", "email": "push"}[by] if chosen_for == "other channel" else by
    who, what = other if chosen_for == "other person" else person, "other" if chosen_for == "other kind" else "trial"
    async with transaction():
        await Choice.insert(Choice(id=uuid7(), person=who, kind=what, channel=channel, cadence=cadence))

    await post.postman(TrialChannel(name=name), kinds=[kind(certain=certain)]).deliver(name)

    assert await post.state(waiting) == (state, None)
