"""The secret address of one's calendar: making it, and renewing it when somebody has it who should not."""

from uuid import UUID

from yema.accounts.actions.sign_in_codes import when_somebody_is_relinked
from yema.accounts.errors import DiaryClosed
from yema.accounts.signed_in import SignedIn
from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, execute
from yema.errors import Forbidden
from yema.exchanges.calendars.address import kept_of, secret_of
from yema.exchanges.queries.told.feeds import OPERATOR

_NEXT = Statement("SELECT generation + 1 FROM calendar_feed WHERE id = {}", locks=True)
_HOLD = Statement("SELECT id FROM person WHERE id = {}", locks=True)
_KEEP = Statement(
    "INSERT INTO calendar_feed (id, generation, hash, made_at) VALUES ({}, {}, {}, {})"
    " ON CONFLICT (id) DO UPDATE SET generation = excluded.generation, hash = excluded.hash, made_at = excluded.made_at"
)
_FORGET = Statement("DELETE FROM calendar_feed WHERE id = {}")


async def renew_calendar(person: SignedIn, once: Once | None = None) -> None:
    """Make the address of the person's calendar, or another one: the old one opens nothing at the next request.

    Raises `Forbidden` for a token that an operator made on the host, and `DiaryClosed` for a phone that somebody re-linked: the address
    would let them read on for ever.
    """
    if person.via == OPERATOR:
        raise Forbidden
    if person.diary_since:
        raise DiaryClosed
    async with transaction(once) as tx:
        await execute(_HOLD, person.id)  # of two at once, the second sees the first
        rows = await execute(_NEXT, person.id)
        generation = rows[0][0] if rows else 1
        await execute(_KEEP, person.id, generation, kept_of(secret_of(person.id, generation, tx.at)), tx.at)
        tx.touched(SpaceKey("person", person.id), "me", person.id)
        await tx.made(person.id)


async def forget_calendar(person: UUID) -> None:
    """Take the address away from somebody who is erased; inside a transaction of the caller's."""
    await execute(_FORGET, person)


async def _end_with_the_lost_phone(tx: Transaction, person: UUID) -> None:
    """Whoever has the lost phone may know the address; it ends when another phone takes its place."""
    await forget_calendar(person)
    tx.touched(SpaceKey("person", person), "me", person)


when_somebody_is_relinked(_end_with_the_lost_phone)
