"""Members, and oneself."""

from uuid import UUID

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from yema.accounts.actions import sign_in_codes
from yema.accounts.schemas import PersonDraft, SignInCodeView
from yema.accounts.signed_in import SignedIn
from yema.exchanges.actions.people import members
from yema.exchanges.queries import exchange, memberships
from yema.exchanges.queries.people import people
from yema.exchanges.schemas.people.people import MemberChange, MemberView
from yema.exchanges.schemas.setup.exchange import MeView
from yema.http.paging import LIMIT_DEFAULT, Cursor, Limit, Page, id_position, page


@patch("/me", operation_id="changeMe")
async def change_me(data: JSONBody[PersonDraft], person: NamedDependency[SignedIn]) -> MeView:
    """Change my name or my language."""
    await members.change_me(person, data)
    return await exchange.me(person)


@get("/exchanges/{exchange_id:uuid}/members", operation_id="listMembers")
async def list_members(
    exchange_id: FromPath[UUID], person: NamedDependency[SignedIn], limit: Limit = LIMIT_DEFAULT, cursor: Cursor = None
) -> Page[MemberView]:
    """The people of an exchange; leaders also see who waits for approval and who left."""
    membership = await memberships.exchange_of(person, exchange_id)
    found = await people.members_of(membership, id_position(cursor), limit)
    return page(found, limit, lambda last: last.id)


@patch("/exchanges/{exchange_id:uuid}/members/{member_id:uuid}", operation_id="changeMember")
async def change_member(
    exchange_id: FromPath[UUID],
    member_id: FromPath[UUID],
    data: JSONBody[MemberChange],
    person: NamedDependency[SignedIn],
) -> MemberView:
    """Approve, remove or move somebody. Leaders of that group and coordinators only."""
    membership = await memberships.exchange_led_by(person, exchange_id)
    await members.change_member(membership, await people.member_of(membership, member_id), data)
    return await people.member_of(membership, member_id)


@delete("/exchanges/{exchange_id:uuid}/members/me", operation_id="leaveExchange")
async def leave_exchange(exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> None:
    """Leave an exchange."""
    await members.leave(await memberships.exchange_of(person, exchange_id))


@post("/exchanges/{exchange_id:uuid}/members/{member_id:uuid}/relink", operation_id="relinkMember")
async def relink_member(
    exchange_id: FromPath[UUID], member_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> SignInCodeView:
    """A ten-minute code for a participant whose phone is gone. What they wrote before stays closed; they are told of it."""
    person.must_open_diaries()  # what an operator's token may not open it may not open for others either
    membership = await memberships.exchange_led_by(person, exchange_id)
    code = await members.relink(membership, await people.member_of(membership, member_id))
    return SignInCodeView(code=code, expires_in=int(sign_in_codes.GOOD_FOR.total_seconds()))


@post("/exchanges/{exchange_id:uuid}/members/{member_id:uuid}/diary-opening", operation_id="openDiary", status_code=204)
async def open_diary(exchange_id: FromPath[UUID], member_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> None:
    """Vouch that a re-linked member is who they say: their own older entries open again for them. Coordinators only, logged, shown."""
    person.must_open_diaries()
    membership = await memberships.exchange_coordinated_by(person, exchange_id)
    await members.open_diary(membership, await people.member_of(membership, member_id))


handlers = [change_me, list_members, change_member, leave_exchange, relink_member, open_diary]
