"""Asking for help, coming, and saying that it is over. Who is asked, and when again, is in `notified/help.py`."""

from datetime import timedelta
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

# Whoever asks, or takes a request, holds their membership: of two requests at once the second one finds the first.
_HOLD_MEMBER = Statement("SELECT id FROM member WHERE exchange = {} AND person = {} AND state = 'active'", locks=True)
_OPEN = Statement("SELECT id FROM help_request WHERE exchange = {} AND person = {} AND closed_at IS NULL")
_OF_TODAY = Statement(
    "SELECT count(*), min(made_at) FROM help_request WHERE exchange = {} AND person = {} AND made_at > {}"
)
_INSERT = Statement("INSERT INTO help_request (id, exchange, person, sealed, made_at) VALUES ({}, {}, {}, {}, {})")
_REWORD = Statement("UPDATE help_request SET sealed = {} WHERE id = {}")
_TAKE = Statement(
    "UPDATE help_request SET taken_by = {}, taken_at = {} WHERE id = {} AND taken_by IS NULL AND closed_at IS NULL RETURNING id"
)
_FREE = Statement(
    "UPDATE help_request SET taken_by = NULL, taken_at = NULL WHERE id = {} AND taken_by = {} AND closed_at IS NULL RETURNING id"
)
_FREE_ALL = Statement(
    "UPDATE help_request SET taken_by = NULL, taken_at = NULL WHERE exchange = {} AND taken_by = {} AND closed_at IS NULL RETURNING id"
)
_CLOSE = Statement("UPDATE help_request SET closed_at = {} WHERE id = {} AND closed_at IS NULL RETURNING id")
_FORGET = Statement("DELETE FROM help_request WHERE exchange = {} AND person = {} RETURNING id")


async def ask_for_help(by: Membership, draft: HelpDraft, once: Once | None = None) -> UUID:
    """Ask one's leaders to come; the request's id. One that is open is asked again, with the new words if there are any.

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
            # Once a minute: whoever taps again and again is heard, and nobody's phone rings all the time.
            _tell(tx, "help_asked_again", by.exchange, request, f"{tx.at:%Y-%m-%dT%H:%M}")
        else:
            await _check_rate(by, tx)
            await execute(_INSERT, request, by.exchange, by.person, sealed, tx.at)
            _tell(tx, "help_asked", by.exchange, request)
            for after in (AGAIN_AFTER, ALL_LEADERS_AFTER):
                _tell(tx, "help_waits", by.exchange, request, str(after), after)
        await tx.made(request)
    return request


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
            _tell(tx, "help_taken", by.exchange, asked.id, tx.at.isoformat())
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
        if await execute(_FREE, asked.id, by.person):
            _tell(tx, "help_waits", by.exchange, asked.id, tx.at.isoformat())


async def close_help_request(by: Membership, asked: HelpAsked) -> None:
    """Nobody needs to come any more: say so who has asked, who acts for them, or who came. Raises `OwnGroupOnly`."""
    if not asked.may_open(by) and asked.taken_by != by.person:
        raise OwnGroupOnly
    async with transaction() as tx:
        if await execute(_CLOSE, tx.at, asked.id):
            _tell(tx, "help_closed", by.exchange, asked.id)


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
    tx: Transaction, event: str, exchange: UUID, request: UUID, per: str = "", after: timedelta = timedelta()
) -> None:
    """What it is about stands nowhere but in its own row."""
    tx.tell(event, once_per=f"{request}:{per}", not_before=tx.at + after, exchange=str(exchange), request=str(request))


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
