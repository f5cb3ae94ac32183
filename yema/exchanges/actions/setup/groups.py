"""Groups: set up by coordinators; its leaders say from which city their group comes."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from msgspec import UNSET

from yema.accounts.rules import known_country
from yema.accounts.tables import Organisation
from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, as_id, execute
from yema.errors import N_, FieldError, NotFound
from yema.exchanges.actions.people.joining import forget_invitations_to
from yema.exchanges.actions.setup.setting_up import hold_exchange
from yema.exchanges.errors import CoordinatorsOnly, GroupInUse, NotOfThisExchange, OwnGroupOnly
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.queries.plan.itinerary import plan_of
from yema.exchanges.schemas.setup.setup import GroupChange, GroupDraft
from yema.exchanges.tables.exchange import Group, Member
from yema.exchanges.tables.plan import TravelLeg
from yema.ids import uuid7
from yema.shapes import given

LEADERS_CHANGE = frozenset({"city", "latitude", "longitude"})
"""What leaders change of their own group."""

_HOSTS_NO_MORE = Statement(
    "UPDATE exchange_group SET hosts = {} WHERE exchange = {} AND hosts = {} AND id <> {} RETURNING id"
)
# Nobody comes into a group while it is being removed.
_HOLD = Statement("SELECT id FROM exchange_group WHERE id = {} AND exchange = {}", locks=True)


async def make_group(by: Membership, draft: GroupDraft, once: Once | None = None) -> UUID:
    """A new national group. Where it `hosts`, no other one does any more. Raises `UnknownCountry`, `NotOfThisExchange`."""
    known_country(draft.country)
    await _check_organisation(draft.organisation)
    row = Group(id=uuid7(), exchange=by.exchange, **given(draft))
    async with transaction(once) as tx:
        await hold_exchange(by.exchange)
        await Group.insert(row)
        await _touch(tx, by, row.id, hosts=draft.hosts)
        await tx.made(row.id)
    return row.id


async def change_group(by: Membership, group: UUID, change: GroupChange) -> None:
    """Change a group: coordinators all of it, its own leaders where it comes from.

    Raises `NotFound`, `OwnGroupOnly`, `CoordinatorsOnly`, and what `make_group` raises.
    """
    row: dict[Any, Any] = dict(given(change))
    if not await Group.exists().where(Group.id == group, Group.exchange == by.exchange):
        raise NotFound
    if not by.acts_for(group):
        raise OwnGroupOnly
    if by.role != "coordinator" and row.keys() - LEADERS_CHANGE:
        raise CoordinatorsOnly
    if change.country is not UNSET:
        known_country(change.country)
    await _check_organisation(change.organisation)
    if not row:
        return
    async with transaction() as tx:
        await hold_exchange(by.exchange)
        await Group.update(row).where(Group.id == group)
        await _touch(tx, by, group, hosts=change.hosts is True)


async def remove_group(by: Membership, group: UUID) -> None:
    """Remove a group that nobody and nothing belongs to; codes to join it go with it. Raises `NotFound`, `GroupInUse`.

    Those who left it and slots that were cancelled do not hold it.
    """
    async with transaction() as tx:
        await hold_exchange(by.exchange)
        if not await execute(_HOLD, group, by.exchange):
            raise NotFound
        slots = [slot for slot in await plan_of(by.exchange) if group in slot.groups]
        await _check_unused(group, [slot for slot in slots if slot.state != "cancelled"])
        await forget_invitations_to(group)
        await Group.delete().where(Group.id == group)
        tx.gone(SpaceKey("exchange", by.exchange), "group", group)
        tx.touched(SpaceKey("exchange", by.exchange), "exchange", by.exchange)
        for slot in slots:  # cancelled ones, which now name one group less
            tx.touched(SpaceKey("exchange_leaders", by.exchange), "slot", slot.id)


async def _check_unused(group: UUID, slots: Iterable[SlotBody]) -> None:
    faults = []
    if await Member.exists().where(Member.group == group, Member.state != "left"):
        faults.append(FieldError("/members", "in_use", N_("People are in this group.")))
    if await TravelLeg.exists().where(TravelLeg.group == group):
        faults.append(FieldError("/travel", "in_use", N_("This group has journeys.")))
    for slot in slots:
        title = next(iter(slot.titles.values()), "—")
        faults.append(FieldError(f"/slots/{slot.id}", "in_use", N_("%(title)s is for this group."), title=title))
    if faults:
        raise GroupInUse(*faults)


async def _check_organisation(organisation: Any) -> None:
    if organisation and not await Organisation.exists().where(Organisation.id == organisation):
        raise NotOfThisExchange


async def _touch(tx: Transaction, by: Membership, group: UUID, *, hosts: bool) -> None:
    """The exchange shows the countries of its groups, and who hosts."""
    everybody = SpaceKey("exchange", by.exchange)
    tx.touched(everybody, "group", group)
    tx.touched(everybody, "exchange", by.exchange)
    if hosts:
        for [other] in await execute(_HOSTS_NO_MORE, False, by.exchange, True, group):
            tx.touched(everybody, "group", as_id(other))
