"""Travel legs: planned by the leaders of the group that travels, and by coordinators. They are not part of a release."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import UNSET

from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, as_id, as_instant, execute, is_taken
from yema.errors import IdTaken, NotFound, Stale
from yema.exchanges.errors import NotOfThisExchange, OwnGroupOnly
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.rules import check_span, known_zone
from yema.exchanges.schemas.plan.travel import TravelLegChange, TravelLegDraft
from yema.exchanges.sums import is_soon
from yema.exchanges.tables.exchange import Group
from yema.exchanges.tables.plan import TravelLeg
from yema.ids import uuid7
from yema.shapes import given

_NEXT = Statement(
    "UPDATE travel_leg SET version = version + 1 WHERE id = {} AND exchange = {}"
    ' RETURNING version, "group", departs_at, arrives_at, departs_zone, from_place'
)


async def plan_leg(by: Membership, draft: TravelLegDraft, once: Once | None = None, leg: UUID | None = None) -> UUID:
    """A stretch of a group's way; its id, which a phone that was offline has made.

    Raises `OwnGroupOnly`, `NotOfThisExchange`, `UnknownZone`, `EndsBeforeItStarts`, `IdTaken`.
    """
    if not by.acts_for(draft.group):
        raise OwnGroupOnly
    if not await Group.exists().where(Group.id == draft.group, Group.exchange == by.exchange):
        raise NotOfThisExchange
    known_zone(draft.departs_zone)
    known_zone(draft.arrives_zone)
    check_span(draft.departs_at, draft.arrives_at)
    leg = leg or uuid7()
    try:
        async with transaction(once) as tx:
            await TravelLeg.insert(TravelLeg(id=leg, exchange=by.exchange, **given(draft)))
            _touch(tx, by, draft.group, leg)
            await tx.made(leg, 1)
    except Exception as error:
        if is_taken(error):
            raise IdTaken from error
        raise
    return leg


async def change_leg(
    by: Membership, leg: UUID, change: TravelLegChange, expected: int | None, once: Once | None = None
) -> int:
    """Its new version. Raises `NotFound`, `Stale`, and what `plan_leg` raises."""
    for zone in (change.departs_zone, change.arrives_zone):
        if zone is not UNSET:
            known_zone(zone)
    async with transaction(once) as tx:
        held = await _take(by, leg, expected)
        row: dict[Any, Any] = dict(given(change))
        departs_at = row.get("departs_at", held.departs_at)
        check_span(departs_at, row.get("arrives_at", held.arrives_at))
        if row:
            await TravelLeg.update(row).where(TravelLeg.id == leg)
        _touch(tx, by, held.group, leg)
        elsewhere = row.get("from_place", held.from_place) != held.from_place
        if elsewhere or departs_at != held.departs_at:
            departure = Departure(leg, held.group, held.version, held.departs_at, held.departs_zone)
            tell_departure(tx, by, departure, departs_at, elsewhere=elsewhere)
        await tx.made(leg, held.version)
    return held.version


async def drop_leg(by: Membership, leg: UUID, expected: int | None, once: Once | None = None) -> int:
    """Take a leg away; the last version that it had. Raises `NotFound`, `Stale`, `OwnGroupOnly`."""
    async with transaction(once) as tx:
        held = await _take(by, leg, expected)
        await TravelLeg.delete().where(TravelLeg.id == leg)
        for space in _spaces(by, held.group):
            tx.gone(space, "travel_leg", leg)
        tell_departure(tx, by, Departure(leg, held.group, held.version, held.departs_at, held.departs_zone))
        await tx.made(leg, held.version)
    return held.version


class Departure(NamedTuple):
    """A leg's departure as the group knew it, and the version that puts something else in its place."""

    leg: UUID
    group: UUID
    version: int
    departs_at: datetime
    zone: str


def tell_departure(
    tx: Transaction, by: Membership, known: Departure, departs_at: datetime | None = None, *, elsewhere: bool = False
) -> None:
    """The group hears of it at once if it was to depart soon, or does now; None: it is cancelled. `elsewhere`: at another place."""
    times = [known.departs_at, *([departs_at] if departs_at else [])]
    if any(is_soon(time, tx.at) for time in times):
        tx.tell(
            "journey_changed",
            once_per=f"{known.leg}:{known.version}",
            expires=max(times),
            exchange=str(by.exchange),
            group=str(known.group),
            leg=str(known.leg),
            by=str(by.person),
            departs_at=known.departs_at.isoformat(),
            zone=known.zone,
            elsewhere=elsewhere,
        )


class _Held(NamedTuple):
    """A leg as it was, and its next version."""

    version: int
    group: UUID
    departs_at: datetime
    arrives_at: datetime
    departs_zone: str
    from_place: str


async def _take(by: Membership, leg: UUID, expected: int | None) -> _Held:
    """Make the next version of a leg, and hold it until the transaction ends."""
    rows = await execute(_NEXT, leg, by.exchange)
    if not rows:
        raise NotFound
    version, group, departs_at, arrives_at, zone, place = rows[0]
    if not by.acts_for(as_id(group)):
        raise OwnGroupOnly
    if expected is not None and expected != version - 1:
        raise Stale
    return _Held(version, as_id(group), as_instant(departs_at), as_instant(arrives_at), zone, place)


def _touch(tx: Transaction, by: Membership, group: UUID, leg: UUID) -> None:
    for space in _spaces(by, group):
        tx.touched(space, "travel_leg", leg)


def _spaces(by: Membership, group: UUID) -> tuple[SpaceKey, SpaceKey]:
    return SpaceKey("exchange_leaders", by.exchange), SpaceKey("group", group)
