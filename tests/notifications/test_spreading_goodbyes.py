"""What somebody was told goes with them: out of an exchange, and for good."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from tests import make
from tests.notifications.kinds import kind
from tests.notifications.people import device
from yema.accounts.tables import Device
from yema.changes import transaction
from yema.changes.notified import Occurrence, Settled, Telling
from yema.erasing import erase
from yema.exchanges.actions.people.members import change_member, leave
from yema.exchanges.queries.people.people import member_of
from yema.exchanges.schemas.people.people import MemberChange
from yema.exchanges.tables.exchange import Member
from yema.ids import uuid7
from yema.notifications.spreading import spread
from yema.notifications.tables import Choice, Delivery, Habits, Notification
from yema.settings import Settings


async def tell(exchange: UUID, *people: UUID) -> None:
    """Something of that exchange."""

    async def concerns(_: Occurrence) -> list[Telling | Settled]:
        expires_at = datetime.now(UTC) + timedelta(hours=1)
        return [Telling(f"plan:{exchange}", people, {"says": "hello"}, expires_at, exchange=exchange)]

    async with transaction() as tx:
        tx.tell("trial", once_per=str(exchange))
    await spread([kind()._replace(events={"trial": concerns})])


async def left() -> list[tuple[UUID, UUID]]:
    """(exchange, person) of each line, once for each way to a phone."""
    rows = await Delivery.select(Delivery.notification.exchange.as_alias("exchange"), Delivery.person).order_by(
        Delivery.made_at
    )
    assert len(rows) == await Notification.count()
    return [(row["exchange"], row["person"]) for row in rows]


async def test_who_leaves_loses_what_they_were_told_of_that_exchange(house: Settings) -> None:
    here, elsewhere = await make.exchange(), await make.exchange()
    person, other = await make.participant(here), await make.participant(here)
    await device(person)
    await device(other)
    await tell(here, person, other)
    await tell(elsewhere, person)

    await leave(await make.membership(person, here))

    assert await left() == [(here, other), (elsewhere, person)]


async def test_who_leaves_while_the_slices_are_asked_is_told_nothing_more(house: Settings) -> None:
    exchange = await make.exchange()
    person, other = await make.participant(exchange), await make.participant(exchange)

    async def concerns(_: Occurrence) -> list[Telling | Settled]:
        await leave(await make.membership(person, exchange))
        expires_at = datetime.now(UTC) + timedelta(hours=1)
        return [Telling("plan", [person, other], {"says": "hello"}, expires_at, exchange=exchange)]

    async with transaction() as tx:
        tx.tell("trial", once_per="1")
    await spread([kind()._replace(events={"trial": concerns})])

    assert [row["person"] for row in await Notification.select(Notification.person)] == [other]


async def test_who_is_removed_loses_it_and_who_only_moves_does_not(house: Settings) -> None:
    exchange = await make.exchange()
    group, group2 = await make.group(exchange), await make.group(exchange)
    removed, moved = await make.participant(exchange, group), await make.participant(exchange, group)
    by = await make.membership(await make.coordinator(exchange), exchange)
    for person in (removed, moved):
        await device(person)
    await tell(exchange, removed, moved)

    for person, change in ((removed, MemberChange(state="left")), (moved, MemberChange(group=group2))):
        [row] = await Member.select(Member.id).where(Member.person == person)
        await change_member(by, await member_of(by, row["id"]), change)

    assert await left() == [(exchange, moved)]


async def test_nothing_is_left_of_who_is_erased(house: Settings) -> None:
    person, other = await make.person(), await make.person()
    for one in (person, other):
        await device(one)
        async with transaction():
            await Choice.insert(Choice(id=uuid7(), person=one, kind="trial", channel="email", cadence="daily"))
            await Habits.insert(Habits(id=one))
    await tell(uuid7(), person, other)

    await erase(person)

    assert [
        [row["who"] for row in await table.select(column.as_alias("who"))]
        for table, column in (
            (Notification, Notification.person),
            (Delivery, Delivery.person),
            (Choice, Choice.person),
            (Habits, Habits.id),
            (Device, Device.person),
        )
    ] == [[other]] * 5
