"""A demo that comes to another day wakes nobody for what was, and reminds everybody of what is now."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import msgspec
import time_machine

from tests.client import TestApp
from tests.demo.test_moving import noon
from tests.notifications.people import device
from yema.app import NOTIFICATIONS
from yema.demo.fill import fill
from yema.demo.fixtures import person_id, read_demo
from yema.exchanges.plan import SlotBody
from yema.exchanges.sums import concerns, is_reminded
from yema.exchanges.tables.told import ReleasedSlot
from yema.notifications.spreading import spread
from yema.notifications.tables import Delivery, Notification
from yema.settings import Settings

EXCHANGE = read_demo().exchanges[0]
DAY = date(2027, 7, 14)
PARTICIPANT = person_id("participant")


async def spread_all() -> None:
    while await spread(NOTIFICATIONS):
        pass


async def unseen(person: UUID) -> list[tuple[str, int | None]]:
    """What somebody has not seen: the kind, and the first release that it tells of."""
    rows = await Notification.select().where(Notification.person == person, Notification.seen_at.is_null())
    return sorted((row["kind"], msgspec.json.decode(row["about"]).get("since")) for row in rows)


async def released() -> list[SlotBody]:
    rows = await ReleasedSlot.select(ReleasedSlot.body).where(ReleasedSlot.exchange == EXCHANGE.id)
    return [msgspec.json.decode(row["body"], type=SlotBody) for row in rows]


async def move_something(app: TestApp) -> None:
    """A leader moves an activity of tomorrow, and releases that."""
    leader = await app.as_(person_id("leader"))
    bodies = await released()
    slot = next(one for one in bodies if one.kind == "activity" and one.starts_at > noon(DAY) + timedelta(hours=12))
    starts_at = (slot.starts_at + timedelta(minutes=15)).isoformat()
    await leader.patch(f"/slots/{slot.id}", json={"starts_at": starts_at}, headers={"if-match": '"1"'})
    answer = await leader.post(f"/exchanges/{EXCHANGE.id}/releases", json={})
    assert answer.status_code == 201


async def undo_it(app: TestApp) -> None:
    leader = await app.as_(person_id("leader"))
    answer = await leader.post(f"/exchanges/{EXCHANGE.id}/releases/2/undo", json={})
    assert answer.status_code == 201


async def test_a_new_day_wakes_nobody(app: TestApp, house: Settings) -> None:
    """Neither for what was changed on the other day, nor for a train that was about to leave then."""
    with time_machine.travel(noon(DAY)):
        await fill(house)
        phone = await device(PARTICIPANT)
        await spread_all()
        await (await app.as_(PARTICIPANT)).post("/notifications/seen", json={})
        await move_something(app)
        await spread_all()
        told = await unseen(PARTICIPANT), await unseen(person_id("participant2"))
        await undo_it(app)  # and here the demo is ended
    new_day = noon(DAY + timedelta(max(leg.departs[0] for leg in EXCHANGE.travel if leg.group == "pl")))
    with time_machine.travel(new_day, tick=False):
        await fill(house)
        await spread_all()
        waiting = await Delivery.count().where(Delivery.device == phone, Delivery.state == "waiting")
        new = await Notification.count().where(Notification.told_at >= new_day)
        left = await unseen(PARTICIPANT), await unseen(person_id("participant2"))

    assert (told, (waiting, new, left)) == (
        ([("itinerary", 2)], [("itinerary", 1)]),
        (0, 0, ([], [("itinerary", 1)])),
    )


async def test_on_a_new_day_people_are_reminded_of_its_hours(house: Settings) -> None:
    next_day = DAY + timedelta(1)
    with time_machine.travel(noon(DAY)):
        await fill(house)
    with time_machine.travel(noon(next_day) - timedelta(hours=8)):
        await fill(house)
    for begins in await hours_of(next_day):
        with time_machine.travel(begins - timedelta(minutes=10)):
            await spread_all()

    rows = await Notification.select(Notification.topic).where(
        Notification.person == PARTICIPANT, Notification.kind == "slot_begins"
    )
    told = [datetime.fromtimestamp(int(row["topic"].rsplit(":", 1)[1]), UTC) for row in rows]
    assert sorted(told) == await hours_of(next_day)


async def hours_of(day: date) -> list[datetime]:
    """When the participant has to be somewhere, on that day."""
    found = [slot for slot in await released() if slot.starts_at.date() == day and is_reminded(slot)]
    group = EXCHANGE.id_of("group", "pl")
    return sorted(slot.starts_at for slot in found if concerns(slot, PARTICIPANT, group))
