"""What leaders must know of a member: for the leaders of the own group and coordinators; and what I say of myself."""

from uuid import UUID

from litestar import Router, get, put
from litestar.datastructures import ResponseHeader
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from yema.accounts.signed_in import SignedIn
from yema.exchanges.actions.people import particulars as actions
from yema.exchanges.queries.memberships import exchange_of
from yema.exchanges.queries.people import particulars as queries
from yema.exchanges.schemas.people.particulars import (
    OwnParticularsDraft,
    OwnParticularsView,
    ParticularsDraft,
    ParticularsView,
)


@get("/exchanges/{exchange_id:uuid}/members/{member_id:uuid}/particulars", operation_id="readParticulars")
async def read_particulars(
    exchange_id: FromPath[UUID], member_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> ParticularsView:
    """What is known of a member, also of one who waits. Leaders of that group and coordinators only."""
    membership = await exchange_of(person, exchange_id)
    return await queries.particulars_of(await queries.member_acted_for(membership, member_id))


@put("/exchanges/{exchange_id:uuid}/members/{member_id:uuid}/particulars", operation_id="writeParticulars")
async def write_particulars(
    exchange_id: FromPath[UUID],
    member_id: FromPath[UUID],
    data: JSONBody[ParticularsDraft],
    person: NamedDependency[SignedIn],
) -> ParticularsView:
    """Write down what is known of a member, all of it. Leaders of that group and coordinators only."""
    member = await queries.member_acted_for(await exchange_of(person, exchange_id), member_id)
    await actions.write_particulars(member, data)
    return await queries.particulars_of(member)


@get("/exchanges/{exchange_id:uuid}/members/me/particulars", operation_id="readOwnParticulars")
async def read_own(exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> OwnParticularsView:
    """My gender and my languages, as I or my leader wrote them down."""
    return await queries.own_particulars(await queries.own_member(await exchange_of(person, exchange_id)))


@put("/exchanges/{exchange_id:uuid}/members/me/particulars", operation_id="writeOwnParticulars")
async def write_own(
    exchange_id: FromPath[UUID], data: JSONBody[OwnParticularsDraft], person: NamedDependency[SignedIn]
) -> OwnParticularsView:
    """Say my gender and my languages, or unsay them. Only the leaders of my group and the coordinators read it."""
    member = await queries.own_member(await exchange_of(person, exchange_id))
    await actions.write_own_particulars(member, data)
    return await queries.own_particulars(member)


router = Router(
    "/",
    route_handlers=[read_particulars, write_particulars, read_own, write_own],
    response_headers=[ResponseHeader(name="cache-control", value="private, no-store")],
)
handlers = [router]
