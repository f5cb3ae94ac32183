"""Emergency sheets: writing them, noting that they were opened, and what becomes of them when somebody goes.

A sheet that is taken back keeps an emptied row, so that its version goes on growing: a leader's phone sees by it that its copy is old.
"""

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID, uuid5

from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, as_id, execute
from yema.errors import NotFound, Stale
from yema.exchanges.actions.people.members import when_somebody_goes
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.rules import on_wall
from yema.exchanges.schemas.care.emergency import SheetContent, SheetDraft
from yema.exchanges.sealed import close_sheet, key_to_write, sheet_id
from yema.exchanges.tables.care import EmergencySheet
from yema.exchanges.tables.exchange import Exchange
from yema.ids import now

KIND = "emergency_sheet"
KEPT_FOR = timedelta(days=30)
"""So long after the last day of an exchange its sheets can be opened: who fell ill on the way home is asked about for some weeks, and
after that nobody needs what they say."""
_EMPTY = b""

# Whoever writes a sheet, or moves or removes its owner, holds this row; so two of them wait for each other, and none sees half of it.
_HOLD_MEMBER = Statement(
    "SELECT \"group\" FROM member WHERE exchange = {} AND person = {} AND state = 'active'", locks=True
)
_HOLD = Statement("SELECT version, sealed FROM emergency_sheet WHERE id = {}", locks=True)
_INSERT = Statement(
    "INSERT INTO emergency_sheet (id, exchange, person, sealed, version, changed_at, changed_by)"
    " VALUES ({}, {}, {}, {}, {}, {}, {})"
)
_UPDATE = Statement(
    "UPDATE emergency_sheet SET sealed = {}, version = {}, changed_at = {}, changed_by = {} WHERE id = {}"
)
_SEEN_BY = Statement(
    "SELECT s.owner FROM space s JOIN change c ON c.space = s.id AND c.kind = 'emergency_sheet' AND c.thing = {}"
    " AND c.op = 'put' WHERE s.kind = 'group_leaders' AND s.owner IN (SELECT id FROM exchange_group WHERE exchange = {})"
)
_OPENED = Statement(
    'INSERT INTO sheet_opening (id, exchange, person, "by", at) VALUES ({}, {}, {}, {}, {}) ON CONFLICT (id) DO NOTHING'
)
_OF_PERSON = Statement("SELECT id FROM emergency_sheet WHERE person = {}", locks=True)
_ERASE = Statement("DELETE FROM emergency_sheet WHERE id = {}")
_ERASE_OPENINGS = Statement("DELETE FROM sheet_opening WHERE person = {}")


class Written(NamedTuple):
    """The version that was written, and whether there was none before."""

    version: int
    new: bool


async def write_sheet(
    membership: Membership, person: UUID, draft: SheetDraft, expected: int | None, once: Once | None = None
) -> Written:
    """Write the sheet of oneself, or of a member of the group that one leads; who may is checked before.

    `expected` is the version that the writer knew, 0 for none, None for any. Where the sheet was taken back in the meantime, writing
    wins. Raises `Stale`; `NotFound` for who is gone, or has moved to another group.
    """
    content = SheetContent(**{field: getattr(draft, field) for field in SheetContent.__struct_fields__})
    sheet, key = sheet_id(membership.exchange, person), await key_to_write(person)
    async with transaction(once) as tx:
        group = await _group_of(membership, person)
        version, there = await _hold(sheet)
        if there and expected is not None and expected != version:
            raise Stale
        sealed = close_sheet(key, person, sheet, version + 1, content)
        if version:
            await execute(_UPDATE, sealed, version + 1, tx.at, membership.person, sheet)
        else:
            await execute(_INSERT, sheet, membership.exchange, person, sealed, 1, tx.at, membership.person)
        tx.touched(SpaceKey("person", person), KIND, sheet)
        if group:
            tx.touched(SpaceKey("group_leaders", group), KIND, sheet)
        await tx.made(sheet, version + 1)
    return Written(version + 1, not there)


async def take_sheet_back(membership: Membership, expected: int | None = None, once: Once | None = None) -> int:
    """Destroy one's own sheet; the version that its absence has. Raises `NotFound`, `Stale`."""
    sheet = sheet_id(membership.exchange, membership.person)
    async with transaction(once) as tx:
        group = await _group_of(membership, membership.person)
        version, there = await _hold(sheet)
        if not there:
            raise NotFound
        if expected is not None and expected != version:
            raise Stale
        await execute(_UPDATE, _EMPTY, version + 1, tx.at, membership.person, sheet)
        tx.gone(SpaceKey("person", membership.person), KIND, sheet)
        if group:
            tx.gone(SpaceKey("group_leaders", group), KIND, sheet)
        await tx.made(sheet, version + 1)
    return version + 1


async def note_openings(by: Membership, people: Iterable[UUID]) -> None:
    """Note that a leader opens the sheets of these people, once a day (the exchange's) for each. Call it before they are shown."""
    day = on_wall(now(), by.zone).date()
    async with transaction() as tx:
        for person in people:
            if person != by.person:
                opening = uuid5(by.exchange, f"{person} {by.person} {day}")
                await execute(_OPENED, opening, by.exchange, person, by.person, tx.at)


async def erase_sheets(tx: Transaction, person: UUID) -> None:
    """Delete what is left of the sheets of a person who is erased, and who opened them."""
    for [sheet] in await execute(_OF_PERSON, person):
        await execute(_ERASE, sheet)
        tx.gone(SpaceKey("person", person), KIND, as_id(sheet))
    await execute(_ERASE_OPENINGS, person)


async def _group_of(membership: Membership, person: UUID) -> UUID | None:
    """The group that the person is in until the transaction ends. Raises `NotFound` where the writer may not write for them any more."""
    rows = await execute(_HOLD_MEMBER, membership.exchange, person)
    group = as_id(rows[0][0]) if rows and rows[0][0] else None
    if not rows or (person != membership.person and group != membership.group):
        raise NotFound
    return group


async def _hold(sheet: UUID) -> tuple[int, bool]:
    """The version of a sheet, 0 where there never was one, and whether it says anything."""
    rows = await execute(_HOLD, sheet)
    return (int(rows[0][0]), bool(rows[0][1])) if rows else (0, False)


async def _go(tx: Transaction, exchange: UUID, person: UUID, for_good: bool) -> None:
    """Who leaves takes their sheet along; who moves shows it to the leaders of the new group, and no longer to those of the old one."""
    sheet = sheet_id(exchange, person)
    version, there = await _hold(sheet)
    if not there:
        return
    if for_good:
        await _empty(tx, exchange, person, version)
        return
    await _hide_from_leaders(tx, exchange, sheet)
    rows = await execute(_HOLD_MEMBER, exchange, person)
    if rows and rows[0][0]:
        tx.touched(SpaceKey("group_leaders", as_id(rows[0][0])), KIND, sheet)


async def _empty(tx: Transaction, exchange: UUID, person: UUID, version: int) -> None:
    """Destroy what a sheet says, which its transaction holds; the person's and their leaders' phones forget it."""
    sheet = sheet_id(exchange, person)
    await _hide_from_leaders(tx, exchange, sheet)
    await execute(_UPDATE, _EMPTY, version + 1, tx.at, person, sheet)
    tx.gone(SpaceKey("person", person), KIND, sheet)


async def _hide_from_leaders(tx: Transaction, exchange: UUID, sheet: UUID) -> None:
    for [leaders] in await execute(_SEEN_BY, sheet, exchange):
        tx.gone(SpaceKey("group_leaders", as_id(leaders)), KIND, sheet)


async def sweep_sheets() -> int:
    """Empty the sheets of exchanges that have been over for `KEPT_FOR`; how many. For the daily sweeping."""
    over = (now() - KEPT_FOR).date()
    found = await EmergencySheet.select(EmergencySheet.exchange, EmergencySheet.person).where(
        EmergencySheet.exchange.is_in(Exchange.select(Exchange.id).where(Exchange.ends_on < over)),
        EmergencySheet.sealed != _EMPTY,
    )
    swept = 0
    for row in found:
        async with transaction() as tx:
            version, there = await _hold(sheet_id(row["exchange"], row["person"]))
            if there:
                await _empty(tx, row["exchange"], row["person"], version)
                swept += 1
    return swept


when_somebody_goes(_go)
