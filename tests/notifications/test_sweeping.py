"""What is too old is forgotten."""

from datetime import timedelta
from uuid import UUID

from tests import make
from tests.notifications.people import device
from tests.notifications.rows import delivery, notification
from yema.accounts.tables import Device
from yema.changes import transaction
from yema.ids import now
from yema.notifications.actions.sweeping import DELIVERIES_KEPT, DEVICES_KEPT, INBOX_KEPT, sweep_notifications
from yema.notifications.tables import Delivery, Notification
from yema.settings import Settings

MOMENT = timedelta(minutes=1)


async def ids(table: type[Notification] | type[Delivery] | type[Device]) -> list[UUID]:
    return [row["id"] for row in await table.select(table.id)]


async def test_lines_of_the_inbox_go_long_after_they_have_expired(house: Settings) -> None:
    person = await make.person()
    await notification(person, topic="old", expires_at=now() - INBOX_KEPT - MOMENT)
    kept = await notification(person, topic="kept", expires_at=now() - INBOX_KEPT + MOMENT)

    await sweep_notifications()

    assert await ids(Notification) == [kept]


async def test_deliveries_go_when_they_have_ended_and_are_old(house: Settings) -> None:
    person = await make.person()
    phone, old = await device(person), now() - DELIVERIES_KEPT - MOMENT
    await delivery(person, phone, topic="ended", state="sent", at=old)
    waiting = await delivery(person, phone, topic="waiting", at=old)
    young = await delivery(person, phone, topic="young", state="sent", at=now())

    await sweep_notifications()

    assert sorted(await ids(Delivery)) == sorted([waiting, young])


async def test_devices_go_when_they_have_long_been_no_more(house: Settings) -> None:
    person = await make.person()
    gone, lately, there = await device(person), await device(person), await device(person)
    async with transaction() as tx:
        await Device.update({Device.gone_at: tx.at - DEVICES_KEPT - MOMENT}).where(Device.id == gone)
        await Device.update({Device.gone_at: tx.at - DEVICES_KEPT + MOMENT}).where(Device.id == lately)

    await sweep_notifications()

    assert sorted(await ids(Device)) == sorted([lately, there])
