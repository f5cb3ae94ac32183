"""Writing down what leaders must know of a member; it goes when the member goes."""

from uuid import UUID

import msgspec

from yema.changes import Transaction, transaction
from yema.database import Statement, execute
from yema.errors import N_, FieldError, Invalid, NotFound
from yema.exchanges.actions.people.members import when_somebody_goes
from yema.exchanges.schemas.people.particulars import OwnParticularsDraft, ParticularsDraft
from yema.i18n import nearest

_HOLD = Statement("SELECT state FROM member WHERE id = {} AND state <> 'left'", locks=True)
_WRITE = Statement(
    "INSERT INTO particulars (id, gender, languages, fewer_opportunities, guardian_authorised, travel_days)"
    " VALUES ({}, {}, {}, {}, {}, {}) ON CONFLICT (id) DO UPDATE SET gender = excluded.gender, languages = excluded.languages,"
    " fewer_opportunities = excluded.fewer_opportunities, guardian_authorised = excluded.guardian_authorised,"
    " travel_days = excluded.travel_days"
)
_WRITE_OWN = Statement(
    "INSERT INTO particulars (id, gender, languages, guardian_authorised) VALUES ({}, {}, {}, {})"
    " ON CONFLICT (id) DO UPDATE SET gender = excluded.gender, languages = excluded.languages"
)
_FORGET = Statement("DELETE FROM particulars WHERE id IN (SELECT id FROM member WHERE exchange = {} AND person = {})")

_ERASE = Statement("DELETE FROM particulars WHERE id IN (SELECT id FROM member WHERE person = {})")


async def write_particulars(member: UUID, draft: ParticularsDraft) -> None:
    """Write down all that is known of a member. Raises `NotFound` for who left, `Invalid` for an unknown language."""
    async with transaction():
        await _hold(member)
        await execute(
            _WRITE,
            member,
            draft.gender or None,
            _tags(draft.languages),
            None if draft.fewer_opportunities is msgspec.UNSET else draft.fewer_opportunities,
            draft.guardian_authorised,
            None if draft.travel_days is msgspec.UNSET else draft.travel_days,
        )


async def write_own_particulars(member: UUID, draft: OwnParticularsDraft) -> None:
    """Write down what somebody says of themselves; the rest stays. Raises as `write_particulars` does."""
    async with transaction():
        await _hold(member)
        await execute(_WRITE_OWN, member, draft.gender or None, _tags(draft.languages), False)


async def _hold(member: UUID) -> None:
    """Keep the member from leaving until it is written. Raises `NotFound` for who has left."""
    if not await execute(_HOLD, member):
        raise NotFound


def _tags(languages: list[str]) -> str:
    """As they are kept: `pt-br` is `pt-BR`, `pl-DE` is `pl`."""
    tags: dict[str, None] = {}
    for number, tag in enumerate(languages):
        if (known := nearest(tag)) is None:
            raise Invalid(FieldError(f"/languages/{number}", "unknown_language", N_("This value is not allowed here.")))
        tags[known] = None
    return msgspec.json.encode(list(tags)).decode()


async def _go(_: Transaction, exchange: UUID, person: UUID, for_good: bool) -> None:
    if for_good:
        await execute(_FORGET, exchange, person)


when_somebody_goes(_go)


async def erase_particulars(person: UUID) -> None:
    """Delete what was known of a person who is erased."""
    await execute(_ERASE, person)
