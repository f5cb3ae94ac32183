"""After a restore nobody is woken for what was sent long ago."""

from datetime import timedelta
from pathlib import Path

from tests.backup.folders import lived_in
from tests.notifications.people import device
from tests.notifications.rows import delivery
from yema.backup import back_up, restore
from yema.house import open_house
from yema.ids import now
from yema.notifications.tables import Delivery


async def test_what_was_due_in_a_backup_is_not_sent_and_what_is_still_to_come_is(tmp_path: Path) -> None:
    lived = await lived_in(tmp_path)
    async with open_house(lived.settings):
        phone = await device(lived.person)
        due = await delivery(lived.person, phone, topic="due", at=now() - timedelta(minutes=1))
        to_come = await delivery(lived.person, phone, topic="to come", at=now() + timedelta(hours=6))
    await back_up(lived.settings, lived.file)

    await restore(lived.settings, lived.file)

    async with open_house(lived.settings):
        states = {row["id"]: row["state"] for row in await Delivery.select(Delivery.id, Delivery.state)}
    assert states == {due: "moot", to_come: "waiting"}
