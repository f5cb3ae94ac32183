"""A fault in one place holds up nobody beside it."""

from collections.abc import Iterator

import pytest

from tests.notifications import post
from tests.notifications.kinds import kind
from tests.notifications.trial_channel import TrialChannel
from yema.changes import transaction
from yema.changes.notified import About, Addressee, Message
from yema.notifications.channels import Broken, Refused
from yema.notifications.tables import Habits

pytestmark = pytest.mark.usefixtures("house")


@pytest.fixture(autouse=True)
def noon() -> Iterator[None]:
    """No test is about the night by chance."""
    with post.standing():
        yield


async def test_a_slice_that_fails_or_a_kind_that_is_no_more_holds_up_nobody() -> None:
    async def fails(about: About, readers: list[Addressee]) -> list[Message | None]:
        raise ValueError("a fault of a slice")

    channel = TrialChannel()
    person, phone = await post.phone()
    for name in ("broken", "forgotten", "trial"):
        await post.delivery(
            person, phone, topic=name, notification=await post.told(person, name, kind=name, topic=name)
        )

    kinds = [kind(), kind("broken")._replace(word=fails)]  # type: ignore[arg-type]
    await post.postman(channel, kinds=kinds).deliver("fcm")

    assert (channel.bodies, await post.states()) == (["trial"], {"sent": 1, "moot": 1, "waiting": 1})


async def test_a_row_that_makes_no_sense_holds_up_nobody() -> None:
    channel = TrialChannel()
    broken, sound = await post.phone(), await post.phone()
    async with transaction():
        await Habits.insert(Habits(id=broken[0], quiet_from="night"))
    delivery = await post.due(*broken)
    await post.due(*sound, "sound", urgent=True)

    await post.postman(channel).deliver("fcm")

    assert (channel.bodies, await post.state(delivery)) == (["sound"], ("waiting", "fault"))


async def test_a_code_that_cannot_be_kept_is_kept_without_what_is_wrong_with_it() -> None:
    delivery = await post.due(*await post.phone(), urgent=True)

    await post.postman(TrialChannel(lambda _: Refused("bad\0" + "x" * 80))).deliver("fcm")

    assert await post.state(delivery) == ("refused", "bad" + "x" * 57)


async def test_a_channel_that_raises_loses_nothing() -> None:
    def raises(_: object) -> Broken:
        raise RuntimeError("a fault of the channel")

    delivery = await post.due(*await post.phone())

    await post.postman(TrialChannel(raises)).deliver("fcm")

    assert await post.state(delivery) == ("waiting", "channel_failed")
