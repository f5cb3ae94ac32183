"""What no push brought is still in the inbox, unseen."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from litestar import Litestar

from tests import make
from tests.client import TestApp
from tests.notifications import post
from tests.notifications.kinds import kind
from tests.notifications.people import device
from tests.notifications.trial_channel import TrialChannel
from yema.accounts.tables import Device
from yema.notifications.channels import Gone, Later, Outcome, Refused


@pytest.fixture(autouse=True)
def noon(litestar_app: Litestar, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No test is about the night by chance."""
    monkeypatch.setattr(litestar_app.state, "notifications", (kind(),))
    with post.standing():
        yield


async def unseen(app: TestApp, person: UUID) -> list[str]:
    """What their app finds in the inbox and has not shown yet."""
    answer = await (await app.as_(person)).get("/notifications?unseen=true")
    return [item["body"] for item in answer.json()["items"]]


@pytest.mark.parametrize(
    ("outcome", "became"),
    [
        (Refused("too_big"), "refused"),
        (Gone("UNREGISTERED"), "gone"),
        (Later("busy", timedelta(days=2)), "expired"),
    ],
)
async def test_what_a_push_service_does_not_bring_is_in_the_inbox(app: TestApp, outcome: Outcome, became: str) -> None:
    person, phone = await post.phone()
    delivery = await post.due(person, phone, "the bus leaves")

    await post.postman(TrialChannel(lambda _: outcome)).deliver("fcm")

    assert ((await post.row(delivery))["state"], await unseen(app, person)) == (became, ["the bus leaves"])


async def test_what_comes_too_late_to_be_pushed_is_in_the_inbox(app: TestApp) -> None:
    person, phone = await post.phone()
    delivery = await post.due(person, phone, "the bus leaves", expires_at=post.NOON - timedelta(seconds=1))
    channel = TrialChannel()

    await post.postman(channel).deliver("fcm")

    assert (await post.state(delivery), channel.handed) == (("expired", None), [])
    assert await unseen(app, person) == ["the bus leaves"]


async def test_what_the_brake_held_back_is_in_the_inbox(app: TestApp) -> None:
    people = [await make.person() for _ in range(25)]
    for person in people:
        await post.due(person, await device(person), "the bus leaves")

    await post.postman(TrialChannel(lambda _: Gone("UNREGISTERED"))).deliver("fcm")

    assert await Device.count().where(Device.gone_at.is_null()) > 0, "the brake held nothing back"
    assert [await unseen(app, person) for person in people] == [["the bus leaves"]] * 25
