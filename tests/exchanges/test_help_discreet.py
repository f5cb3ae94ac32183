"""Calls for help on lock screens, at push services and in mailboxes: others read there, and one of them may be whom the call is about."""

from uuid import UUID

import pytest
from litestar import Litestar

from tests.client import TestApp
from tests.exchanges.help_world import call, take
from tests.exchanges.world import World, world
from tests.notifications.people import device
from tests.notifications.trial_channel import TrialChannel
from yema.accounts.tables import Person
from yema.app import NOTIFICATIONS
from yema.changes import SpaceKey, transaction
from yema.ids import uuid7
from yema.notifications.channels import Gone, Outgoing
from yema.notifications.loop import run_once
from yema.notifications.tables import Choice, Delivery, Notification


@pytest.fixture(autouse=True)
def kinds(litestar_app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(litestar_app.state, "notifications", NOTIFICATIONS)


async def with_mailbox(person: UUID) -> None:
    async with transaction() as tx:
        await Person.update({Person.email: "family@example.org"}).where(Person.id == person)
        tx.touched(SpaceKey("person", person), "me", person)


async def taken(app: TestApp, w: World) -> None:
    made = await call(app, w, w.participant)
    await take(app, w.leader, made["id"])


async def delivered(push: TrialChannel) -> tuple[list[Outgoing], list[Outgoing]]:
    """What goes to phones now, and what to mailboxes."""
    mail = TrialChannel(name="email")
    await run_once(NOTIFICATIONS, {"fcm": push, "email": mail})
    return push.handed, mail.handed


async def test_who_asked_reads_nothing_of_it_on_their_lock_screen(app: TestApp) -> None:
    w = await world()
    await device(w.participant)
    await taken(app, w)

    [message], _ = await delivered(TrialChannel())

    assert (message.title, message.body, message.urgent) == ("YEMA", "1 new thing in YEMA", True)


async def test_their_inbox_says_it(app: TestApp) -> None:
    w = await world()
    await device(w.participant)
    await taken(app, w)
    [message], _ = await delivered(TrialChannel())

    line = (await (await app.as_(w.participant)).get(f"/notifications/{message.data['notification']}")).json()

    assert (line["kind"], line["title"]) == ("help_taken", "Somebody is coming")


@pytest.mark.parametrize("phone", ["none", "gone"])
@pytest.mark.parametrize("cadence", ["", "immediate", "daily"])
async def test_it_never_goes_to_a_mailbox(app: TestApp, phone: str, cadence: str) -> None:
    w = await world()
    await with_mailbox(w.participant)
    if phone == "gone":
        await device(w.participant)
    if cadence:
        async with transaction():
            choice = Choice(id=uuid7(), person=w.participant, kind="help_taken", channel="email", cadence=cadence)
            await Choice.insert(choice)
    await taken(app, w)

    _, mails = await delivered(TrialChannel(lambda _: Gone("unregistered")))

    by_mail = await Delivery.select(Delivery.cadence).where(Delivery.channel == "email")
    assert (mails, by_mail) == ([], [])


async def test_push_services_read_no_more_than_the_line(app: TestApp) -> None:
    w = await world()
    for person in (w.leader, w.participant):
        await device(person)
    made = await call(app, w, w.participant)
    pushed, _ = await delivered(TrialChannel())
    await take(app, w.leader, made["id"])
    later, _ = await delivered(TrialChannel())

    lines = {str(row["id"]) for row in await Notification.select(Notification.id)}
    assert len(pushed + later) == 2
    assert [one.data.keys() for one in pushed + later] == [{"notification", "kind"}] * 2
    assert {one.data["kind"] for one in pushed + later} == {"news"}
    assert {one.data["notification"] for one in pushed + later} <= lines


async def test_nobody_else_reads_the_line(app: TestApp) -> None:
    w = await world()
    await device(w.leader)
    await call(app, w, w.participant)
    [message], _ = await delivered(TrialChannel())
    path = f"/notifications/{message.data['notification']}"

    answers = [(await (await app.as_(who)).get(path)).status_code for who in (w.leader, w.coordinator, w.participant)]

    assert answers == [200, 404, 404]


async def test_a_line_that_holds_no_longer_is_none(app: TestApp) -> None:
    w = await world()
    await device(w.leader)
    made = await call(app, w, w.participant)
    [message], _ = await delivered(TrialChannel())
    await (await app.as_(w.participant)).put(f"/help-requests/{made['id']}/closed")

    answer = await (await app.as_(w.leader)).get(f"/notifications/{message.data['notification']}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
