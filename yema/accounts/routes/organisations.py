"""Organisations, for the people who work for them."""

from uuid import UUID

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from yema.accounts.actions import organisations
from yema.accounts.queries import organisations as queries
from yema.accounts.schemas import OrganisationChange, OrganisationView, StaffDraft, StaffMemberView
from yema.accounts.signed_in import SignedIn
from yema.changes import MadeBefore, Once
from yema.http.paging import Page


@get("/organisations", operation_id="listOrganisations")
async def list_organisations(person: NamedDependency[SignedIn]) -> Page[OrganisationView]:
    """The organisations that I work for."""
    return Page(items=await queries.organisations_worked_for(person))


@get("/organisations/{organisation_id:uuid}", operation_id="readOrganisation")
async def read_organisation(organisation_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> OrganisationView:
    """An organisation that I work for."""
    return await queries.organisation_of(person, organisation_id)


@patch("/organisations/{organisation_id:uuid}", operation_id="changeOrganisation")
async def change_organisation(
    organisation_id: FromPath[UUID], data: JSONBody[OrganisationChange], person: NamedDependency[SignedIn]
) -> OrganisationView:
    """Change its name, OID or country. Its administrators only; `oid_taken` where another organisation has that OID."""
    await queries.organisation_administered_by(person, organisation_id)
    await organisations.change_organisation(organisation_id, data)
    return await queries.organisation_of(person, organisation_id)


@get("/organisations/{organisation_id:uuid}/staff", operation_id="listStaff")
async def list_staff(organisation_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> Page[StaffMemberView]:
    """Who works for it, and as what; who does so in two roles is there twice. Its administrators only."""
    await queries.organisation_administered_by(person, organisation_id)
    return Page(items=await queries.staff_of(organisation_id))


@post("/organisations/{organisation_id:uuid}/staff", operation_id="addStaff")
async def add_staff(
    organisation_id: FromPath[UUID],
    data: JSONBody[StaffDraft],
    person: NamedDependency[SignedIn],
    once: NamedDependency[Once | None],
) -> StaffMemberView:
    """Let somebody work for it: they sign in with a code that comes to that e-mail address. Its administrators only.

    The answer is the same whether or not somebody had the address already; who has keeps their own name. The same role twice is one.
    """
    await queries.organisation_administered_by(person, organisation_id)
    try:
        staff = await organisations.add_staff(organisation_id, data, person, once)
    except MadeBefore as before:
        staff = before.thing
    return await queries.staff_member_of(organisation_id, staff)


@delete("/organisations/{organisation_id:uuid}/staff/{staff_id:uuid}", operation_id="removeStaff")
async def remove_staff(
    organisation_id: FromPath[UUID], staff_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> None:
    """Take a role from somebody. Its administrators only; `last_admin` for the last of them. Their exchanges stay theirs."""
    await queries.organisation_administered_by(person, organisation_id)
    await organisations.remove_staff(organisation_id, staff_id)


handlers = [list_organisations, read_organisation, change_organisation, list_staff, add_staff, remove_staff]
