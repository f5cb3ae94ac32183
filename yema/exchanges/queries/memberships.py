"""Exchanges, found through the person: because they are a member, or not at all."""

from collections.abc import Collection
from uuid import UUID

from msgspec import Struct

from yema.accounts.signed_in import SignedIn
from yema.changes import SpaceKey
from yema.database import Statement, as_id, fetch
from yema.database.listed import as_list, with_list
from yema.errors import NotFound
from yema.exchanges.errors import CoordinatorsOnly, LeadersOnly, WaitsForApproval
from yema.exchanges.rules import circles, may_plan

_MEMBER = Statement(
    'SELECT m.role, m."group", e.zone,'
    " (SELECT coalesce(max(r.number), 0) FROM release r WHERE r.exchange = e.id), coalesce(s.epoch, 0)"
    " FROM member m JOIN exchange e ON e.id = m.exchange"
    " LEFT JOIN space s ON s.kind = 'exchange' AND s.owner = e.id"
    " WHERE m.exchange = {} AND m.person = {} AND m.state = 'active'"
)


_WAITS = Statement("SELECT 1 FROM member WHERE exchange = {} AND person = {} AND state = 'pending'")


_OF_GROUP = Statement("SELECT exchange FROM exchange_group WHERE id = {}")

_LEFT = with_list(
    "SELECT m.exchange, m.person FROM <list> l JOIN member m ON m.exchange = l.exchange AND m.person = l.person"
    " WHERE m.state = 'left'",
    exchange="uuid",
    person="uuid",
)


class Membership(Struct, frozen=True):
    """An exchange as one of its active members knows it."""

    exchange: UUID
    person: UUID
    role: str
    group: UUID | None
    zone: str
    release: int
    epoch: int = 0

    @property
    def leads(self) -> bool:
        return may_plan(self.role)

    def acts_for(self, group: UUID | None) -> bool:
        """Whether this member may act for the people of a group: its own leaders, and all coordinators.

        A leader without a group acts for nobody: all who have none, coordinators too, would else be theirs.
        """
        return self.role == "coordinator" or (self.role == "leader" and group is not None and self.group == group)

    def spaces(self) -> list[SpaceKey]:
        """The spaces of this exchange that the member sees."""
        return [*circles(self.exchange, self.role, self.group), SpaceKey("person", self.person)]


async def exchange_of(person: SignedIn, exchange: UUID) -> Membership:
    """The exchange, if the person is an active member. Raises `NotFound`."""
    rows = await fetch(_MEMBER, exchange, person.id)
    if not rows:
        raise NotFound
    role, group, zone, release, epoch = rows[0]
    return Membership(exchange, person.id, role, as_id(group) if group else None, zone, release, epoch)


async def membership_in(person: SignedIn, exchange: UUID) -> Membership | None:
    """The person's active membership of an exchange, if there is one."""
    try:
        return await exchange_of(person, exchange)
    except NotFound:
        return None


async def exchange_to_write_in(person: SignedIn, exchange: UUID) -> Membership:
    """As `exchange_of`, for what was done offline: who has joined and waits hears so. Raises `WaitsForApproval`, `NotFound`."""
    try:
        return await exchange_of(person, exchange)
    except NotFound:
        if await fetch(_WAITS, exchange, person.id):
            raise WaitsForApproval from None
        raise


async def membership_behind(person: SignedIn, space: SpaceKey) -> Membership:
    """The membership by which the person sees a space of an exchange or of a group. Raises `NotFound`."""
    if space.kind not in ("group", "group_leaders"):
        return await exchange_of(person, space.owner)
    rows = await fetch(_OF_GROUP, space.owner)
    if not rows:
        raise NotFound
    return await exchange_of(person, as_id(rows[0][0]))


async def exchange_led_by(person: SignedIn, exchange: UUID) -> Membership:
    """The exchange, if the person leads in it. Raises `NotFound`, or `LeadersOnly` for its other members."""
    membership = await exchange_of(person, exchange)
    if not membership.leads:
        raise LeadersOnly
    return membership


async def exchange_coordinated_by(person: SignedIn, exchange: UUID) -> Membership:
    """The exchange, if the person coordinates it. Raises `NotFound`, or `CoordinatorsOnly` for its other members."""
    membership = await exchange_of(person, exchange)
    if membership.role != "coordinator":
        raise CoordinatorsOnly
    return membership


async def left_of(exchanges: Collection[UUID], people: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """(exchange, person) of those who have left; who never was there is not among them."""
    if not exchanges or not people:
        return set()
    rows = await fetch(_LEFT, as_list([exchange, person] for exchange in exchanges for person in people))
    return {(as_id(exchange), as_id(person)) for exchange, person in rows}
