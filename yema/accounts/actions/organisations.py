"""Organisations: founded by who installs YEMA, kept by their administrators."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from msgspec import UNSET

from yema.accounts.errors import LastAdmin, OidTaken
from yema.accounts.rules import known_country, known_language
from yema.accounts.schemas import OrganisationChange, StaffDraft
from yema.accounts.signed_in import SignedIn
from yema.accounts.tables import Organisation
from yema.changes import Once, SpaceKey, Transaction, transaction
from yema.database import Statement, as_id, execute, fetch, is_taken
from yema.errors import NotFound
from yema.ids import uuid7
from yema.shapes import given

# Two who add the same address at once make one person: the second one waits for the first and then finds them.
_PERSON = Statement(
    "INSERT INTO person (id, display_name, locale, email, made_at) VALUES ({}, {}, {}, {}, {})"
    " ON CONFLICT (email) DO NOTHING"
)
_WITH_ADDRESS = Statement("SELECT id FROM person WHERE email = {}")
_STAFF = Statement(
    "INSERT INTO staff (id, person, organisation, role) VALUES ({}, {}, {}, {})"
    " ON CONFLICT (person, organisation, role) DO NOTHING"
)
_STAFF_ID = Statement("SELECT id FROM staff WHERE person = {} AND organisation = {} AND role = {}")
_HOLD_STAFF = Statement("SELECT id, person, role FROM staff WHERE organisation = {} ORDER BY id", locks=True)
_REMOVE = Statement("DELETE FROM staff WHERE id = {}")

Changed = Callable[[Transaction, UUID], Awaitable[None]]
_changed: list[Changed] = []


def when_an_organisation_changes(changed: Changed) -> None:
    """Let a higher slice touch what shows an organisation's name: (transaction, organisation)."""
    _changed.append(changed)


async def found_organisation(name: str, country: str, oid: str | None, admin: str) -> UUID:
    """A new organisation with its first administrator, who signs in with a code that comes to this e-mail address.

    Raises `UnknownCountry`, `OidTaken`.
    """
    row = Organisation(id=uuid7(), name=name, country=known_country(country), oid=oid)
    try:
        async with transaction() as tx:
            await Organisation.insert(row)
            await _take_on(tx, row.id, admin, admin.partition("@")[0], "en", "admin")
    except Exception as error:
        if is_taken(error):
            raise OidTaken from error
        raise
    return row.id


async def change_organisation(organisation: UUID, change: OrganisationChange) -> None:
    """Change what it is called and where it is at home; whoever sees its name hears of it. Raises `UnknownCountry`, `OidTaken`."""
    row: dict[Any, Any] = dict(given(change))
    if change.country is not UNSET:
        known_country(change.country)
    if not row:
        return
    try:
        async with transaction() as tx:
            await Organisation.update(row).where(Organisation.id == organisation)
            for _, person, _ in await fetch(_HOLD_STAFF, organisation):
                tx.touched(SpaceKey("person", as_id(person)), "me", as_id(person))
            for changed in _changed:
                await changed(tx, organisation)
    except Exception as error:
        if is_taken(error):
            raise OidTaken from error
        raise


async def add_staff(organisation: UUID, draft: StaffDraft, by: SignedIn, once: Once | None = None) -> UUID:
    """Somebody who works for it from now on; the id of their role there, also where they had it before.

    Where nobody has the address a person is made, who signs in by e-mail. Nothing says which of both it was.
    """
    locale = by.locale if draft.locale is UNSET else known_language(draft.locale)
    async with transaction(once) as tx:
        staff = await _take_on(tx, organisation, draft.email, draft.display_name, locale, draft.role)
        await tx.made(staff)
    return staff


async def remove_staff(organisation: UUID, staff: UUID) -> None:
    """Take a role from somebody. Raises `NotFound`, and `LastAdmin` where nobody could add anybody any more."""
    async with transaction() as tx:
        # Two administrators may remove each other; the second one waits, and finds that they are the last.
        rows = [(as_id(found), as_id(person), role) for found, person, role in await execute(_HOLD_STAFF, organisation)]
        gone = next((row for row in rows if row[0] == staff), None)
        if gone is None:
            raise NotFound
        if gone[2] == "admin" and [role for _, _, role in rows].count("admin") == 1:
            raise LastAdmin
        await execute(_REMOVE, staff)
        tx.touched(SpaceKey("person", gone[1]), "me", gone[1])


async def _take_on(tx: Transaction, organisation: UUID, email: str, name: str, locale: str, role: str) -> UUID:
    address = email.strip().lower()
    await execute(_PERSON, uuid7(), name, locale, address, tx.at)
    [[found]] = await execute(_WITH_ADDRESS, address)
    person = as_id(found)
    await execute(_STAFF, uuid7(), person, organisation, role)
    [[staff]] = await execute(_STAFF_ID, person, organisation, role)
    tx.touched(SpaceKey("person", person), "me", person)
    return as_id(staff)
