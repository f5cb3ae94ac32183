"""Telling how an activity went.

Trainers read these without names, so nothing is kept by which they could be put into the order in which they came: the id is random
(a UUIDv7 holds the time), and of the time only the week stays. They hear on Monday how many came. The outbox says when the first one
of a pack's week came, not which one that was, whose, or where; it is shown to nobody.
"""

from uuid import UUID, uuid4

from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.activities.actions.weekly import tell_on_monday, week_of
from yema.activities.schemas.runs import RunDraft
from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, as_id, execute
from yema.errors import N_, FieldError, Invalid, NotFound, Stale
from yema.i18n import is_tag

_TELL = Statement(
    'INSERT INTO run_report (id, activity, number, slot, "by", minutes, group_size, "change", locale, version, told_at)'
    ' VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, 1, {}) ON CONFLICT (slot, "by") DO NOTHING RETURNING version'
)
_PACK_OF = Statement("SELECT pack FROM activity WHERE id = {}")
_TELL_AGAIN = Statement(
    "UPDATE run_report SET version = version + 1, activity = {}, number = {}, minutes = {}, group_size = {},"
    ' "change" = {}, locale = {} WHERE slot = {} AND "by" = {} RETURNING version'
)
_HOLD = Statement('UPDATE run_report SET version = version WHERE slot = {} AND "by" = {} RETURNING version')
_TAKE_BACK = Statement('DELETE FROM run_report WHERE slot = {} AND "by" = {}')
_HOLD_ALL = Statement('SELECT slot FROM run_report WHERE "by" = {}', locks=True)


async def tell_run(
    person: SignedIn,
    slot: UUID,
    activity: UUID,
    number: int | None,
    draft: RunDraft,
    expected: int | None,
    once: Once | None = None,
) -> int:
    """Say how the activity of a slot went, or say it anew; the report's version. `number` is the version of the pack that was used.

    `expected` is the version that the author knew, 0 for none yet, None for any. Raises `Stale`, `NotFound`.
    """
    locale = person.locale if draft.locale is UNSET else draft.locale
    if not is_tag(locale):
        raise Invalid(FieldError("/locale", "unknown_language", N_("This value is not allowed here.")))
    said = (draft.minutes, draft.group_size, draft.change, locale)
    async with transaction(once) as tx:
        rows = None
        if not expected:
            rows = await execute(_TELL, uuid4(), activity, number, slot, person.id, *said, week_of(tx.at))
            if rows:
                [[pack]] = await execute(_PACK_OF, activity)
                tell_on_monday(tx, "run_told", as_id(pack))
        if not rows:
            await _expect(person, slot, expected)
            rows = await execute(_TELL_AGAIN, activity, number, *said, slot, person.id)
        version = int(rows[0][0])
        tx.touched(SpaceKey("person", person.id), "run_report", slot)
        await tx.made(slot, version)
    return version


async def take_run_back(person: SignedIn, slot: UUID, expected: int | None = None, once: Once | None = None) -> int:
    """Unsay how it went; the version that there would be now. Raises `NotFound`, `Stale`."""
    async with transaction(once) as tx:
        version = await _expect(person, slot, expected) + 1
        await execute(_TAKE_BACK, slot, person.id)
        tx.gone(SpaceKey("person", person.id), "run_report", slot)
        await tx.made(slot, version)
    return version


async def erase_runs(tx: Transaction, person: UUID) -> None:
    """Delete all that somebody told who is erased: in words of their own they may have named themselves."""
    for [slot] in await execute(_HOLD_ALL, person):
        await execute(_TAKE_BACK, slot, person)
        tx.gone(SpaceKey("person", person), "run_report", as_id(slot))


async def _expect(person: SignedIn, slot: UUID, expected: int | None) -> int:
    """Hold the report until the transaction ends; its version. Raises `NotFound`, or `Stale` where it is not this one."""
    rows = await execute(_HOLD, slot, person.id)
    if not rows:
        raise NotFound
    version = int(rows[0][0])
    if expected is not None and expected != version:
        raise Stale
    return version
