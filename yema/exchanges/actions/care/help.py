"""Asking for help, coming, and saying that it is over. Who is asked, and when again, is in `notified/help.py`."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from msgspec import UNSET

from yema.changes import Once, Transaction, transaction
from yema.database import Statement, as_id, as_instant, execute
from yema.errors import Forbidden, NotFound
from yema.exchanges.actions.people.members import when_somebody_goes
from yema.exchanges.errors import HelpAskedTooOften, HelpClosed, HelpTaken, LeadersOnly, OwnGroupOnly
from yema.exchanges.queries.care.help import ALL_LEADERS_AFTER, KEPT_FOR, HelpAsked, help_asked
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.schemas.care.help import HelpDraft
from yema.exchanges.sealed import close_help, key_to_write
from yema.exchanges.tables.care import HelpRequest
from yema.exchanges.tables.exchange import Exchange
from yema.ids import now, uuid7

AGAIN_AFTER = timedelta(minutes=5)
"""Where nobody has come by then, those who were asked are asked again."""
REQUESTS_MAX = 20
"""By one person in a day. The open one can always be given other words, so nobody in need is turned away."""
DAY = timedelta(days=1)
GAPS = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 10, 15))
"""Between one call of a person and their next one, which waits until then; the last of these between all that follow."""
SUCCESSION = timedelta(hours=1)
"""Calls of a person that lie further apart begin anew with the shortest gap."""
TURNS_AT_ONCE = 4
"""So often somebody takes a request, or gives it back, and it is told at once; after that once a minute."""
SETTLES = timedelta(seconds=2)
"""By then what happened within a minute is on the disk."""

# Whoever asks, or takes a request, holds their membership: of two requests at once the second one finds the first.
_HOLD_MEMBER = Statement("SELECT id FROM member WHERE exchange = {} AND person = {} AND state = 'active'", locks=True)
_OPEN = Statement("SELECT id FROM help_request WHERE exchange = {} AND person = {} AND closed_at IS NULL")
_OF_TODAY = Statement(
    "SELECT count(*), min(made_at) FROM help_request WHERE exchange = {} AND person = {} AND made_at > {}"
)
_INSERT = Statement(
    "INSERT INTO help_request (id, exchange, person, sealed, made_at, rung, rung_at) VALUES ({}, {}, {}, {}, {}, {}, {})"
)
_RUNG = Statement(
    "SELECT rung, rung_at FROM help_request WHERE exchange = {} AND person = {} ORDER BY made_at DESC, id DESC LIMIT 1"
)
_RING = Statement("UPDATE help_request SET rung = {}, rung_at = {} WHERE id = {}")
_REWORD = Statement("UPDATE help_request SET sealed = {} WHERE id = {}")
_TAKE = Statement(
    "UPDATE help_request SET taken_by = {}, taken_at = {}, turns = turns + 1"
    " WHERE id = {} AND taken_by IS NULL AND closed_at IS NULL RETURNING turns"
)
_FREE = Statement(
    "UPDATE help_request SET taken_by = NULL, taken_at = NULL, turns = turns + 1"
    " WHERE id = {} AND taken_by = {} AND closed_at IS NULL RETURNING turns"
)
_FREE_ALL = Statement(
    "UPDATE help_request SET taken_by = NULL, taken_at = NULL WHERE exchange = {} AND taken_by = {} AND closed_at IS NULL RETURNING id"
)
# Where it is over for somebody else than who has asked, their next call does not have to wait.
_CLOSE = Statement(
    "UPDATE help_request SET closed_at = {}, rung = CASE WHEN person = {} THEN rung ELSE 0 END"
    " WHERE id = {} AND closed_at IS NULL RETURNING id"
)
_FORGET = Statement("DELETE FROM help_request WHERE exchange = {} AND person = {} RETURNING id")


async def ask_for_help(by: Membership, draft: HelpDraft, once: Once | None = None) -> UUID:
    """Ask one's leaders to come; the request's id. One that is open is asked again, with the new words if there are any.

    It is there at once, and told at once, or else when the next gap of `GAPS` is over.

    Raises `HelpAskedTooOften`; `NotFound` for who is gone.
    """
    key = await key_to_write(by.person)
    async with transaction(once) as tx:
        if not await execute(_HOLD_MEMBER, by.exchange, by.person):
            raise NotFound
        rows = await execute(_OPEN, by.exchange, by.person)
        request = as_id(rows[0][0]) if rows else uuid7()
        sealed = b"" if draft.text is UNSET else close_help(key, by.person, request, draft.text)
        if rows:
            if sealed:
                await execute(_REWORD, sealed, request)
            await _ring_again(by, request, tx)
        else:
            await _check_rate(by, tx)
            rung, rings_at = next_ring(*await _last_ring(by), tx.at)
            await execute(_INSERT, request, by.exchange, by.person, sealed, tx.at, rung, rings_at)
            _tell(tx, "help_asked", by.exchange, request, at=rings_at)
            for after in (AGAIN_AFTER, ALL_LEADERS_AFTER):
                _tell(tx, "help_waits", by.exchange, request, str(after), tx.at + after)
        await tx.made(request)
    return request


async def _ring_again(by: Membership, request: UUID, tx: Transaction) -> None:
    """Whoever taps again and again is heard, and nobody's phone rings all the time: what comes too early is told when it may be."""
    rung, rung_at = await _last_ring(by)
    rung, rings_at = next_ring(rung, rung_at, tx.at)
    if rings_at != rung_at:
        await execute(_RING, rung, rings_at, request)
        _tell(tx, "help_asked_again", by.exchange, request, rings_at.isoformat(), rings_at)


async def _last_ring(by: Membership) -> tuple[int, datetime | None]:
    rows = await execute(_RUNG, by.exchange, by.person)
    return (rows[0][0], as_instant(rows[0][1])) if rows and rows[0][1] else (0, None)


def next_ring(rung: int, rung_at: datetime | None, at: datetime) -> tuple[int, datetime]:
    """The number and the instant of a call that is made now, after the last one; the last one's own where that has still to go out."""
    if rung == 0 or rung_at is None or at - rung_at >= SUCCESSION:
        return 1, at
    if rung_at > at:
        return rung, rung_at
    return rung + 1, max(at, rung_at + GAPS[min(rung, len(GAPS)) - 1])


async def take_help_request(by: Membership, asked: HelpAsked) -> None:
    """I am on my way. The first one who says so is; saying so again changes nothing.

    Raises `LeadersOnly`, `HelpClosed`, `HelpTaken`; `Forbidden` for who has asked; `NotFound` where it is gone.
    """
    if not by.leads:
        raise LeadersOnly
    if asked.person == by.person:
        raise Forbidden
    async with transaction() as tx:
        # Who is removed at this moment must not stay the one who is on the way.
        if not await execute(_HOLD_MEMBER, by.exchange, by.person):
            raise NotFound
        taken = await execute(_TAKE, by.person, tx.at, asked.id)
        if taken:
            _tell_turn(tx, "help_taken", asked, taken[0][0])
    if taken:
        return
    there = await help_asked(asked.id)
    if there is None:
        raise NotFound
    if there.closed_at is not None:
        raise HelpClosed
    if there.taken_by != by.person:
        raise HelpTaken


async def give_help_request_back(by: Membership, asked: HelpAsked) -> None:
    """I cannot come after all: the others are asked again. Nothing happens where it was not mine to take care of."""
    async with transaction() as tx:
        freed = await execute(_FREE, asked.id, by.person)
        if freed:
            _tell_turn(tx, "help_waits", asked, freed[0][0])


async def close_help_request(by: Membership, asked: HelpAsked) -> None:
    """Nobody needs to come any more: say so who has asked, who acts for them, or who came. Raises `OwnGroupOnly`."""
    if not asked.is_near(by) and asked.taken_by != by.person:
        raise OwnGroupOnly
    async with transaction() as tx:
        if await execute(_CLOSE, tx.at, by.person, asked.id):
            _tell(tx, "help_closed", by.exchange, asked.id, by=str(by.person))


async def erase_help(person: UUID) -> None:
    """Delete what a person who is erased asked for, inside a transaction of the caller's."""
    await HelpRequest.delete().where(HelpRequest.person == person)


async def sweep_help() -> None:
    """Delete what was closed thirty days ago, and what is left of exchanges that were over by then. For the daily sweeping."""
    before = now() - KEPT_FOR
    over = Exchange.select(Exchange.id).where(Exchange.ends_on < before.date())
    async with transaction():
        await HelpRequest.delete().where((HelpRequest.closed_at < before) | HelpRequest.exchange.is_in(over))


async def _check_rate(by: Membership, tx: Transaction) -> None:
    [[many, first]] = await execute(_OF_TODAY, by.exchange, by.person, tx.at - DAY)
    if many >= REQUESTS_MAX:
        raise HelpAskedTooOften(retry_after=max(1, int((as_instant(first) + DAY - tx.at).total_seconds())))


def _tell(
    tx: Transaction,
    event: str,
    exchange: UUID,
    request: UUID,
    per: str = "",
    at: datetime | None = None,
    **more: str,
) -> None:
    """What it is about stands nowhere but in its own row."""
    ids: dict[str, Any] = {"exchange": str(exchange), "request": str(request), **more}
    tx.tell(event, once_per=f"{request}:{per}", not_before=at, **ids)


def _tell_turn(tx: Transaction, event: str, asked: HelpAsked, turns: int) -> None:
    """Whoever takes it and gives it back all the time rings nobody more than once a minute: then it is told how it stands at its end."""
    if turns <= TURNS_AT_ONCE:
        _tell(tx, event, asked.exchange, asked.id, str(turns))
        return
    minute = tx.at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    _tell(tx, event, asked.exchange, asked.id, minute.isoformat(), minute + SETTLES)


async def _go(tx: Transaction, exchange: UUID, person: UUID, for_good: bool) -> None:
    """Who leaves needs nobody, and comes to nobody any more; who moves has other leaders now, and they are asked."""
    if not for_good:
        for [request] in await execute(_OPEN, exchange, person):
            _tell(tx, "help_waits", exchange, as_id(request), tx.at.isoformat())
        return
    for [request] in await execute(_FORGET, exchange, person):
        _tell(tx, "help_closed", exchange, as_id(request))
    for [request] in await execute(_FREE_ALL, exchange, person):
        _tell(tx, "help_waits", exchange, as_id(request), tx.at.isoformat())


when_somebody_goes(_go)
