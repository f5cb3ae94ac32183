"""Organisations, found through the people who work for them."""

from typing import Any
from uuid import UUID

from yema.accounts.errors import AdminsOnly, OrganisersOnly
from yema.accounts.queries import organisations_of
from yema.accounts.schemas import OrganisationView, StaffMemberView
from yema.accounts.signed_in import SignedIn
from yema.accounts.tables import Staff
from yema.errors import NotFound
from yema.i18n import country_name
from yema.shapes import present

ORGANISERS = ("coordinator", "admin")
"""The roles in which somebody makes exchanges for an organisation."""


async def organisations_worked_for(person: SignedIn, only: UUID | None = None) -> list[OrganisationView]:
    """The organisations that this person works for, by their names; or `only` this one of them."""
    query = Staff.select(
        Staff.organisation,
        Staff.role,
        *(getattr(Staff.organisation, field).as_alias(field) for field in ("name", "oid", "country")),
    ).where(Staff.person == person.id)
    if only:
        query = query.where(Staff.organisation == only)
    rows = await query.order_by(Staff.organisation.name, Staff.organisation, Staff.role)
    roles: dict[UUID, list[Any]] = {}
    for row in rows:
        roles.setdefault(row["organisation"], []).append(row["role"])
    return [
        OrganisationView(
            id=row["organisation"],
            name=row["name"],
            country=row["country"],
            country_name=country_name(row["country"], person.language),
            roles=roles[row["organisation"]],
            oid=present(row["oid"]),
        )
        for row in {row["organisation"]: row for row in rows}.values()
    ]


async def organisation_of(person: SignedIn, organisation: UUID) -> OrganisationView:
    """One that this person works for. Raises `NotFound`."""
    for found in await organisations_worked_for(person, organisation):
        return found
    raise NotFound


async def organisation_administered_by(person: SignedIn, organisation: UUID) -> None:
    """Raises `NotFound` for who does not work for it, `AdminsOnly` for the others who do."""
    if organisation not in await organisations_of(person):
        raise NotFound
    if organisation not in await organisations_of(person, "admin"):
        raise AdminsOnly


async def organisation_to_organise_for(person: SignedIn, organisation: UUID) -> None:
    """That this person may make exchanges for it. Raises `NotFound` for who does not work for it, `OrganisersOnly` for its trainers."""
    if organisation not in await organisations_of(person):
        raise NotFound
    if organisation not in await organisations_of(person, *ORGANISERS):
        raise OrganisersOnly


async def staff_of(organisation: UUID) -> list[StaffMemberView]:
    """Who works for an organisation, for its administrators."""
    rows = await _staff().where(Staff.organisation == organisation).order_by(Staff.role, Staff.id)
    return [_staff_view(row) for row in rows]


async def staff_member_of(organisation: UUID, staff: UUID) -> StaffMemberView:
    """One of them. Raises `NotFound`."""
    for row in await _staff().where(Staff.organisation == organisation, Staff.id == staff):
        return _staff_view(row)
    raise NotFound


def _staff() -> Any:
    return Staff.select(
        Staff.id,
        Staff.role,
        Staff.person.email.as_alias("email"),
        Staff.person.display_name.as_alias("display_name"),
    )


def _staff_view(row: dict[str, Any]) -> StaffMemberView:
    # The name of who has an address is theirs to tell: it would say that the address was known before it was added here.
    named = None if row["email"] else row["display_name"]
    return StaffMemberView(id=row["id"], role=row["role"], email=present(row["email"]), display_name=present(named))
