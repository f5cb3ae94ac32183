"""What a person may read about their own account, and the roles they have as staff."""

from typing import Any
from uuid import UUID

from yema.accounts.schemas import NoticeView, SignInsView, SignInView, StaffView
from yema.accounts.signed_in import SignedIn
from yema.accounts.tables import Notice, Person, SignIn, Staff
from yema.database import Statement, as_id, fetch
from yema.shapes import present

_STAFF = Statement("SELECT organisation, role FROM staff WHERE person = {} ORDER BY organisation")


async def own_row(person: SignedIn) -> dict[str, Any]:
    """The person's own row."""
    [row] = await Person.select(Person.id, Person.display_name, Person.locale, Person.email).where(
        Person.id == person.id
    )
    return row


async def own_sign_ins(person: SignedIn) -> SignInsView:
    """The phones on which this person is signed in, the last used first, and what happened to the account."""
    rows = (
        await SignIn.select(SignIn.id, SignIn.via, SignIn.made_at, SignIn.last_used_at)
        .where(SignIn.person == person.id, SignIn.ended_at.is_null())
        .order_by(SignIn.last_used_at, ascending=False)
    )
    notices = (
        await Notice.select(Notice.id, Notice.kind, Notice.at, Notice.by)
        .where(Notice.person == person.id)
        .order_by(Notice.at, ascending=False)
        .limit(50)
    )
    return SignInsView(
        items=[SignInView(current=row["id"] == person.sign_in, **row) for row in rows],
        notices=[NoticeView(**{**row, "by": present(row["by"])}) for row in notices],
    )


async def own_staff(person: SignedIn) -> list[StaffView]:
    """The organisations that this person works for, by their names."""
    rows = (
        await Staff.select(Staff.organisation, Staff.organisation.name.as_alias("name"), Staff.role)
        .where(Staff.person == person.id)
        .order_by(Staff.organisation.name, Staff.role)
    )
    return [StaffView(**row) for row in rows]


async def organisations_of(person: SignedIn, *roles: str) -> list[UUID]:
    """The organisations for which this person works, in one of these roles (any where none is named)."""
    return [as_id(organisation) for organisation, role in await fetch(_STAFF, person.id) if not roles or role in roles]
