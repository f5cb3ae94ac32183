"""Emergency sheets end a month after the exchange."""

from datetime import UTC, datetime, timedelta

import time_machine

from tests import make
from tests.client import TestApp
from tests.exchanges.sheets_world import KIND, opened, own_door, written
from tests.exchanges.world import world
from tests.sync.world import knowing
from yema.exchanges.actions.care.emergency import sweep_sheets
from yema.exchanges.tables.care import EmergencySheet

LAST_DAY = datetime.combine(make.DAY, datetime.min.time(), UTC) + timedelta(days=7, hours=12)


async def swept(days: int) -> int:
    """How many sheets the daily sweep empties so many days after the last day of the exchange."""
    with time_machine.travel(LAST_DAY + timedelta(days=days)):
        return await sweep_sheets()


async def test_a_sheet_is_emptied_when_the_exchange_has_been_over_for_a_month(app: TestApp) -> None:
    w = await world()
    await written(app, w, w.participant)

    assert [await swept(days) for days in (0, 30, 31, 32)] == [0, 0, 1, 0]
    assert await EmergencySheet.select(EmergencySheet.sealed, EmergencySheet.version) == [{"sealed": b"", "version": 2}]


async def test_nobody_opens_it_after_that_and_the_phones_forget_it(app: TestApp) -> None:
    w = await world()
    me, leader = await written(app, w, w.participant), await app.as_(w.leader)
    phones = [await knowing(app, who, version=KIND) for who in (w.participant, w.leader)]
    await swept(31)

    gone = [[op for _, op, _ in (await phone.pull(version=KIND)).ops("emergency_sheet")] for phone in phones]
    assert gone == [["gone"], ["gone"]]
    assert (await opened(leader, w))[w.participant] is None
    assert (await me.get(own_door(w))).status_code == 404
