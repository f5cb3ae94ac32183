"""The media of packs: handing them in, letting them go, and the way to their bytes."""

from dataclasses import dataclass
from typing import Annotated, Any, get_args
from uuid import UUID

import msgspec
from litestar import Request, delete, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIFormat, OpenAPIType
from litestar.params import FromPath, QueryParameter
from litestar.response.base import ASGIResponse

from yema.accounts.signed_in import Reader, SignedIn
from yema.activities.actions import media as actions
from yema.activities.pack.source import MediaName
from yema.activities.queries import writing as queries
from yema.activities.queries.media import rendition_for
from yema.activities.reading.documents import medium_view
from yema.activities.schemas.workshop import NamedMediumView
from yema.http.headers import header
from yema.media import link_to

BYTES_MAX = 25 * 1024 * 1024
LINK_SECONDS = 3600
_NAME = get_args(MediaName)[1].pattern
_KINDS = (
    "image/jpeg",
    "image/png",
    "image/webp",
    "image/heic",
    "application/pdf",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
)


@dataclass
class _TakesAFile(Operation):
    """For the OpenAPI document: the body is the file itself."""

    def __post_init__(self) -> None:
        file = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.BINARY))
        self.request_body = RequestBody(content=dict.fromkeys(_KINDS, file), required=True)


@post(
    "/packs/{pack_id:uuid}/media",
    operation_id="keepPackMedium",
    operation_class=_TakesAFile,
    request_max_body_size=BYTES_MAX,
)
async def keep_pack_medium(
    request: Request[Any, Any, Any],
    pack_id: FromPath[UUID],
    person: NamedDependency[SignedIn],
    name: Annotated[str, QueryParameter(max_length=120, pattern=_NAME)],
) -> NamedMediumView:
    """Hand in a picture, paper or sound; the body is the file, of 25 MiB at most. It is made anew, without where and when it was taken.

    Blocks show it by its name (`hands.jpg`). What had that name before stays in the versions that show it.
    """
    pack = await queries.pack_written_by(person, pack_id)
    medium = await actions.keep_medium(pack, name, await request.body(), header(request.scope, b"content-type"))
    return NamedMediumView(name=name, **msgspec.structs.asdict(medium_view(pack_id, medium)))


@delete("/packs/{pack_id:uuid}/media/{medium:str}", operation_id="letPackMediumGo")
async def let_pack_medium_go(pack_id: FromPath[UUID], medium: FromPath[str], person: NamedDependency[SignedIn]) -> None:
    """Let a file go, by its name; `media_in_use` while a block shows it. Versions that show it keep it."""
    await actions.let_medium_go(await queries.pack_written_by(person, pack_id), medium)


@get(
    "/packs/{pack_id:uuid}/media/{medium:str}",
    operation_id="findPackMedium",
    status_code=302,
    responses={
        302: ResponseSpec(None, description="`Location` works without a token for some hours", generate_examples=False)
    },
)
async def find_pack_medium(
    pack_id: FromPath[UUID], medium: FromPath[str], reader: NamedDependency[Reader]
) -> ASGIResponse:
    """Where the bytes of a rendition are, by their SHA-256."""
    url = link_to(medium, await rendition_for(reader, pack_id, medium), seconds=LINK_SECONDS)
    headers = {"location": url, "cache-control": f"private, max-age={LINK_SECONDS // 2}"}
    return ASGIResponse(status_code=302, headers=headers)


handlers = [keep_pack_medium, let_pack_medium_go, find_pack_medium]
