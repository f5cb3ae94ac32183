"""After a restore nobody is woken for what was sent long ago, and no phone rings for whoever had it before."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from tests import make
from tests.accounts.test_devices import PHONE
from tests.backup.folders import Lived, ask, lived_in
from tests.notifications.people import device
from tests.notifications.rows import delivery, notification
from yema.accounts.tables import Device
from yema.backup import back_up, restore
from yema.changes import transaction
from yema.changes.tables import Outbox
from yema.house import open_house
from yema.ids import now, uuid7
from yema.notifications.tables import Delivery, Notification


async def test_what_was_due_in_a_backup_is_not_sent_and_what_is_still_to_come_is(tmp_path: Path) -> None:
    lived = await lived_in(tmp_path)
    async with open_house(lived.settings):
        due = await mail(lived.person, "due", minutes=-1)
        to_come = await mail(lived.person, "to come", minutes=360)
    await back_up(lived.settings, lived.file)

    await restore(lived.settings, lived.file)

    async with open_house(lived.settings):
        states = {row["id"]: row["state"] for row in await Delivery.select(Delivery.id, Delivery.state)}
    assert states == {due: "moot", to_come: "waiting"}


async def mail(person: UUID, topic: str, *, minutes: int) -> UUID:
    """A way to somebody's mailbox, due in so many minutes."""
    made = await delivery(person, await device(person), topic=topic, at=now() + timedelta(minutes=minutes))
    async with transaction():
        await Delivery.update({Delivery.device: None, Delivery.channel: "email"}).where(Delivery.id == made)
    return made


async def test_what_had_happened_but_was_not_told_yet_is_told_no_more_and_what_comes_later_is(tmp_path: Path) -> None:
    lived = await lived_in(tmp_path)
    async with open_house(lived.settings), transaction() as tx:
        for name, minutes in (("due", -1), ("to_come", 360)):
            tx.tell(name, once_per="1", not_before=tx.at + timedelta(minutes=minutes))
    await back_up(lived.settings, lived.file)

    await restore(lived.settings, lived.file)

    async with open_house(lived.settings):
        rows = await Outbox.select(Outbox.event, Outbox.done_at).where(Outbox.event.is_in(["due", "to_come"]))
    assert {row["event"]: row["done_at"] is not None for row in rows} == {"due": True, "to_come": False}


async def test_a_phone_that_was_passed_on_does_not_ring_for_who_had_it_before(tmp_path: Path) -> None:
    lived = await lived_in(tmp_path)
    async with open_house(lived.settings):
        await register(lived, lived.token)
        line = await notification(lived.person, expires_at=now() + timedelta(days=1))
    await back_up(lived.settings, lived.file)
    async with open_house(lived.settings):
        await register(lived, (await make.tokens(await make.person())).access_token)

    await restore(lived.settings, lived.file)

    async with open_house(lived.settings):
        assert (await Device.count(), [row["id"] for row in await Notification.select()]) == (0, [line])
        await register(lived, lived.token)
        assert [row["person"] for row in await Device.select(Device.person)] == [lived.person]


async def register(lived: Lived, token: str) -> None:
    """As an app does at each start."""
    assert (await ask(lived, "PUT", f"/me/devices/{uuid7()}", PHONE, token)).status_code == 200
