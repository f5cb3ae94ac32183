"""A demo folder from before exchanges had more than their plan gets what happens beside it."""

from datetime import date, timedelta
from typing import Any

import msgspec

from tests.demo.test_older_folders import noon
from yema.changes import SpaceKey, transaction
from yema.demo.fill import fill
from yema.demo.fixtures import person_id, read_demo
from yema.exchanges.plan import SlotBody
from yema.exchanges.tables.care import Attendance, EmergencySheet
from yema.exchanges.tables.exchange import Member, Particulars
from yema.exchanges.tables.plan import Slot, TravelLeg
from yema.exchanges.tables.told import Announcement, AnnouncementSeen, CalendarFeed, ReleasedSlot
from yema.settings import Settings

HOST = read_demo().organisations[0].id
DAY, NEXT_DAY = date(2027, 7, 14), date(2027, 7, 15)
KINDS = ("travel_leg", "announcement", "announcement_seen", "attendance", "emergency_sheet", "slot", "released_slot")


async def test_an_earlier_demo_comes_to_life_on_the_day_at_which_it_stands(house: Settings) -> None:
    with noon(DAY):
        await fill(house)
        whole = await life()
        await _forget_life()
        await fill(house)
        again = await life()
    with noon(NEXT_DAY):
        await fill(house)

    assert (again, [later - before for before, later in zip(whole["legs"], (await life())["legs"], strict=True)]) == (
        whole,
        [timedelta(1)] * len(whole["legs"]),
    )


async def test_an_earlier_demo_comes_to_life_without_those_who_have_left(house: Settings) -> None:
    with noon(DAY):
        await fill(house)
        await _forget_life()
        async with transaction() as tx:
            await Member.update({Member.state: "left"}).where(Member.person == person_id("participant"))
            tx.touched(SpaceKey("exchange", HOST), "member", HOST)
        await fill(house)

    assert await EmergencySheet.select(EmergencySheet.person) == [{"person": person_id("participant2")}]


async def life() -> dict[str, list[Any]]:
    """What an earlier YEMA could not hold of what happens beside the plan."""
    bodies = await ReleasedSlot.select(ReleasedSlot.body).order_by(ReleasedSlot.id)
    told = [msgspec.json.decode(row["body"], type=SlotBody) for row in bodies]
    return {
        "legs": [row["departs_at"] for row in await TravelLeg.select(TravelLeg.departs_at).order_by(TravelLeg.id)],
        "series": await Slot.select(Slot.id, Slot.series, Slot.materials).order_by(Slot.id),
        "told": [(body.series, body.materials) for body in told],
        "particulars": await Particulars.select().order_by(Particulars.id),
        "announced": sorted(row["texts"] for row in await Announcement.select(Announcement.texts)),
        "marks": await Attendance.select(Attendance.id, Attendance.state).order_by(Attendance.id),
        "sheets": await EmergencySheet.select(EmergencySheet.id).order_by(EmergencySheet.id),
        "calendars": await CalendarFeed.select(CalendarFeed.id),
    }


async def _forget_life() -> None:
    async with transaction() as tx:
        for table in (TravelLeg, AnnouncementSeen, Announcement, Particulars, Attendance, EmergencySheet, CalendarFeed):
            await table.delete(force=True)
        await Slot.update({Slot.series: None, Slot.materials: "[]"}, force=True)
        for row in await ReleasedSlot.select(ReleasedSlot.id, ReleasedSlot.body):
            told = msgspec.json.decode(row["body"], type=SlotBody)
            body = msgspec.json.encode(msgspec.structs.replace(told, series=None, materials=[])).decode()
            await ReleasedSlot.update({ReleasedSlot.body: body}).where(ReleasedSlot.id == row["id"])
        for kind in KINDS:
            tx.touched(SpaceKey("exchange", HOST), kind, HOST)
