"""Sharing and taking back; and what becomes of what was shared when its author goes, or has another name."""

from uuid import UUID

from yema.accounts.signed_in import SignedIn
from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, as_id, execute, fetch
from yema.errors import NotFound, Stale
from yema.exchanges.actions.people.members import when_somebody_goes, when_somebody_is_renamed
from yema.exchanges.queries.memberships import Membership
from yema.journals.errors import NoGroup, NotShared
from yema.journals.schemas import (
    SharedWith,
)
from yema.journals.tables import Feedback, Reflection

_HOLD = Statement(
    "UPDATE journal_entry SET version = version WHERE id = {} AND person = {} AND deleted_at IS NULL RETURNING version"
)
_SHARED = Statement("SELECT space_kind, space_owner FROM reflection WHERE entry = {}")
_OF_GROUPS = ("group", "group_leaders")
_SHARED_BY = Statement(
    "SELECT r.entry, r.space_kind FROM reflection r JOIN journal_entry e ON e.id = r.entry WHERE r.exchange = {} AND e.person = {}"
)
_GROUP = Statement("SELECT \"group\" FROM member WHERE exchange = {} AND person = {} AND state = 'active'", locks=True)
_UNSHARE = Statement("DELETE FROM reflection WHERE entry = {}")
_SHARED_IN = Statement(
    "SELECT r.id, r.space_kind, r.space_owner FROM reflection r JOIN journal_entry e ON e.id = r.entry WHERE e.person = {}"
)
_GIVEN_BY = Statement(
    'SELECT f.id, space_kind, space_owner FROM feedback f JOIN reflection USING (entry, space_kind, space_owner) WHERE f."by" = {}'
    " UNION ALL SELECT f.id, 'person', e.person FROM feedback f JOIN journal_entry e ON e.id = f.entry WHERE f.\"by\" = {}"
)


async def share_entry(
    membership: Membership,
    entry: UUID,
    shared_with: SharedWith,
    expected: int | None = None,
    once: Once | None = None,
) -> int:
    """Show the present revision to the own leaders, the coordinators or the own group; its version. Raises `NoGroup`, `Stale`.

    Sharing with somebody else takes it back from whoever saw it before. `expected` is the version that the author was looking at.
    """
    async with transaction(once) as tx:
        space = _space_for(membership.exchange, await _group_of(membership), shared_with)
        version = await hold(membership.person, entry, expected)
        await end_sharing(tx, entry, moving_to=space)
        row = Reflection(
            id=entry,
            entry=entry,
            exchange=membership.exchange,
            shared_with=shared_with,
            space_kind=space.kind,
            space_owner=space.owner,
            revision=version,
            shared_at=tx.at,
        )
        await Reflection.insert(row)
        for answer in await answers_to(entry, space):
            tx.touched(space, "feedback", answer)
        tx.touched(space, "reflection", entry)
        tx.touched(SpaceKey("person", membership.person), "entry", entry)
        tx.tell("reflection_shared", once_per=f"{entry}:{tx.at.isoformat()}", reflection=str(entry))
        await tx.made(entry, version)
    return version


async def take_back(person: SignedIn, entry: UUID, once: Once | None = None) -> int:
    """Nobody else sees the entry any more; its version. Raises `NotShared`."""
    async with transaction(once) as tx:
        version = await hold(person.id, entry)
        if not await end_sharing(tx, entry):
            raise NotShared
        tx.touched(SpaceKey("person", person.id), "entry", entry)
        await tx.made(entry, version)
    return version


async def hold(person: UUID, entry: UUID, expected: int | None = None) -> int:
    """Let nobody else revise, share or delete a page until the transaction ends; its version. Raises `NotFound`, `Stale`."""
    rows = await execute(_HOLD, entry, person)
    if not rows:
        raise NotFound
    version = int(rows[0][0])
    if expected is not None and expected != version:
        raise Stale
    return version


async def end_sharing(tx: Transaction, entry: UUID, moving_to: SpaceKey | None = None) -> bool:
    """Whether there was something to end."""
    rows = await execute(_SHARED, entry)
    for kind, owner in rows:
        await execute(_UNSHARE, entry)
        space = SpaceKey(kind, as_id(owner))
        if space != moving_to:
            tx.gone(space, "reflection", entry)
            for answer in await answers_to(entry, space):
                tx.gone(space, "feedback", answer)
    return bool(rows)


async def answers_to(entry: UUID, space: SpaceKey | None = None) -> list[UUID]:
    """The answers to a page; those given in one space where it is named."""
    query = Feedback.select(Feedback.id).where(Feedback.entry == entry)
    if space is not None:
        query = query.where(Feedback.space_kind == space.kind, Feedback.space_owner == space.owner)
    return [row["id"] for row in await query]


async def _group_of(membership: Membership) -> UUID | None:
    """The author's group as it is now; they are not moved before the transaction ends. Raises `NotFound` for who has left."""
    rows = await fetch(_GROUP, membership.exchange, membership.person)
    if not rows:
        raise NotFound
    return as_id(rows[0][0]) if rows[0][0] else None


def _space_for(exchange: UUID, group: UUID | None, shared_with: SharedWith) -> SpaceKey:
    if shared_with == "coordinators":
        return SpaceKey("exchange_coordinators", exchange)
    if group is None:
        raise NoGroup
    return SpaceKey("group" if shared_with == "group" else "group_leaders", group)


async def touch_answers(tx: Transaction, person: UUID) -> None:
    """The answers that somebody gave stay with whom they gave them to, who hear of another name, or that the name is gone."""
    for answer, *readers in await execute(_GIVEN_BY, person, person):
        tx.touched(SpaceKey(readers[0], as_id(readers[1])), "feedback", as_id(answer))


async def _withdraw(tx: Transaction, exchange: UUID, person: UUID, for_good: bool) -> None:
    """Who leaves takes along what they shared, who moves what they shared with their group; it stays in their diary."""
    for entry, kind in await execute(_SHARED_BY, exchange, person):
        if for_good or kind in _OF_GROUPS:
            await end_sharing(tx, as_id(entry))
            tx.touched(SpaceKey("person", person), "entry", as_id(entry))


when_somebody_goes(_withdraw)


async def _rename(tx: Transaction, person: UUID) -> None:
    """What somebody shared, and their answers, show their name."""
    for entry, kind, owner in await execute(_SHARED_IN, person):
        tx.touched(SpaceKey(kind, as_id(owner)), "reflection", as_id(entry))
    await touch_answers(tx, person)


when_somebody_is_renamed(_rename)
