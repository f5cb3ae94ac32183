"""The packs that an exchange plans with: for members to read, for leaders to take another version of."""

from typing import Any
from uuid import UUID

import msgspec
from litestar import Request, get, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, JSONBody
from litestar.response.base import ASGIResponse

from yema.accounts.signed_in import SignedIn
from yema.activities.queries.frozen import frozen_activity, frozen_content
from yema.activities.schemas.library import ActivityView, PackDocument
from yema.errors import Stale
from yema.exchanges.actions.plan.packs import take_version
from yema.exchanges.queries import memberships
from yema.exchanges.queries.plan import packs
from yema.exchanges.schemas.plan.packs import ExchangePackView, VersionChoice
from yema.http.conditional import expected_version
from yema.http.headers import header
from yema.http.paging import Page
from yema.http.ready import ReadyBytes
from yema.media import link_to

LINK_SECONDS = 3600
PRIVATE_FOR_EVER = "private, max-age=31536000, immutable"

_ready = ReadyBytes()


@get("/exchanges/{exchange_id:uuid}/packs", operation_id="listExchangePacks")
async def list_exchange_packs(exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> Page[ExchangePackView]:
    """The packs on the plan, each with the version that the exchange keeps, and what a newer one changes. Leaders only."""
    membership = await memberships.exchange_led_by(person, exchange_id)
    return Page(items=await packs.packs_of(membership, person))


@put("/exchanges/{exchange_id:uuid}/packs/{pack_id:uuid}", operation_id="takeVersion")
async def take_another_version(
    request: Request[Any, Any, Any],
    exchange_id: FromPath[UUID],
    pack_id: FromPath[UUID],
    data: JSONBody[VersionChoice],
    person: NamedDependency[SignedIn],
) -> ExchangePackView:
    """Plan with another version of a pack from now on. Leaders only; `If-Match` may say which one they saw.

    Titles on the plan may change; the next release tells of it. Answers `slots_need_it` where the other version lacks an activity of the
    plan, and names the slots; `version_withdrawn`.
    """
    membership = await memberships.exchange_led_by(person, exchange_id)
    seen = await expected_version(request) if header(request.scope, b"if-match") is not None else None
    try:
        await take_version(membership, pack_id, data.version, seen)
    except Stale as stale:
        current = await packs.pack_view(await packs.pin_of(exchange_id, pack_id), person)
        raise Stale(current=current) from stale
    return await packs.pack_view(await packs.pin_of(exchange_id, pack_id), person)


@get(
    "/exchanges/{exchange_id:uuid}/packs/{pack_id:uuid}/{locale:str}/{sha256:str}",
    operation_id="readPlannedPackFile",
    responses={200: ResponseSpec(PackDocument, description="The whole pack in one language", generate_examples=False)},
)
async def read_planned_file(
    request: Request[Any, Any, Any],
    exchange_id: FromPath[UUID],
    pack_id: FromPath[UUID],
    locale: FromPath[str],
    sha256: FromPath[str],
    person: NamedDependency[SignedIn],
) -> ASGIResponse:
    """The file of a pack in the version that the exchange keeps, for its members: also where it is not public, or was withdrawn."""
    membership = await memberships.exchange_of(person, exchange_id)
    file = await packs.planned_file(membership, pack_id, locale, sha256)

    async def build() -> bytes:
        return await frozen_content(file)

    key = ("planned file", sha256)
    return await _ready.serve(request, key, build, language=locale, cache_control=PRIVATE_FOR_EVER)


@get(
    "/exchanges/{exchange_id:uuid}/packs/{pack_id:uuid}/media/{sha256:str}",
    operation_id="findPlannedMedium",
    status_code=302,
    responses={
        302: ResponseSpec(None, description="`Location` works without a token for some hours", generate_examples=False)
    },
)
async def find_planned_medium(
    exchange_id: FromPath[UUID], pack_id: FromPath[UUID], sha256: FromPath[str], person: NamedDependency[SignedIn]
) -> ASGIResponse:
    """Where the bytes of a rendition are that the kept version shows, by their SHA-256; for members of the exchange.

    Files of packs name the library's door, `/packs/{pack_id}/media/{sha256}`, which is not there for who may not read the pack, and where
    it was withdrawn. So whoever reads a pack because their exchange plans with it asks here, with the same SHA-256.
    """
    membership = await memberships.exchange_of(person, exchange_id)
    url = link_to(sha256, await packs.planned_rendition(membership, pack_id, sha256), seconds=LINK_SECONDS)
    # Not to be kept: who has left is told so at the next request.
    return ASGIResponse(status_code=302, headers={"location": url, "cache-control": "private, no-cache"})


@get(
    "/exchanges/{exchange_id:uuid}/activities/{activity_id:uuid}",
    operation_id="readPlannedActivity",
    responses={200: ResponseSpec(ActivityView, description="The activity", generate_examples=False)},
)
async def read_planned_activity(
    request: Request[Any, Any, Any],
    exchange_id: FromPath[UUID],
    activity_id: FromPath[UUID],
    person: NamedDependency[SignedIn],
) -> ASGIResponse:
    """An activity as it is in the version that the exchange keeps, in the reader's language."""
    membership = await memberships.exchange_of(person, exchange_id)
    file = await packs.file_with_activity(membership, activity_id, person.wanted)

    async def build() -> bytes:
        return msgspec.json.encode(packs.through_exchange(exchange_id, await frozen_activity(file, activity_id)))

    key = ("planned activity", exchange_id, activity_id, file.sha256)
    return await _ready.serve(request, key, build, language=file.locale)


handlers = [list_exchange_packs, take_another_version, read_planned_file, find_planned_medium, read_planned_activity]
