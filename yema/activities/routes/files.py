"""Pack files: in, with a look at what would change, and out."""

import asyncio
import tempfile
from dataclasses import dataclass
from typing import Annotated, Any, BinaryIO, cast
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromPath, QueryParameter
from litestar.response import Stream

from yema.accounts.signed_in import Reader, SignedIn
from yema.activities.actions import importing
from yema.activities.actions.importing import Owner
from yema.activities.packfile import ARCHIVE_BYTES_MAX, archive_of, read_archive
from yema.activities.packfile.changes import ImportView
from yema.activities.packfile.faults import NotAPackFile
from yema.activities.queries.frozen import frozen_source
from yema.activities.queries.versions import version_for
from yema.activities.queries.writing import organisations_written_for
from yema.errors import NotFound
from yema.http.conditional import etag, fingerprint_of_key, is_fresh
from yema.http.headers import header

ZIP = "application/zip"
IN_MEMORY_BYTES = 1024 * 1024
_AT_ONCE = 2
"""Packs that are read at the same time; each may need some memory."""
_reading = asyncio.Semaphore(_AT_ONCE)


@dataclass
class _TakesAZip(Operation):
    """For the OpenAPI document: the body is the file itself."""

    def __post_init__(self) -> None:
        file = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING, content_media_type=ZIP))
        self.request_body = RequestBody(content={ZIP: file}, required=True)


@post(
    "/packs/import",
    operation_id="importPack",
    operation_class=_TakesAZip,
    request_max_body_size=ARCHIVE_BYTES_MAX,
    status_code=200,
)
async def import_pack(
    request: Request[Any, Any, Any],
    person: NamedDependency[SignedIn],
    organisation: Annotated[UUID, QueryParameter()],
    preview: Annotated[bool, QueryParameter()] = False,
    publish: Annotated[bool, QueryParameter()] = False,
) -> ImportView:
    """Import a pack file (a ZIP file of 64 MiB at most) for an organisation that I write for; with `preview`, only say what would change.

    It goes into the workshop: a new pack is seen by nobody else yet. With `publish`, its next version is published, a new one for
    everybody. `pack_fault` says in which file of the pack something is wrong, and what; then nothing was changed.
    """
    if (header(request.scope, b"content-type") or "").partition(";")[0].strip().lower() != ZIP:
        raise NotAPackFile
    if organisation not in await organisations_written_for(person):
        raise NotFound
    with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES) as body:
        async for chunk in request.stream():  # whoever sends slowly keeps nobody else waiting
            body.write(chunk)
        async with _reading:
            file = await asyncio.to_thread(read_archive, cast(BinaryIO, body))
            before = await importing.pack_imported_by(person, file.source.head.id, organisation)
            if preview:
                return await importing.preview_import(file)
            owner = before or Owner(organisation, publish)
            return await importing.import_pack(file, owner, publish=publish)


@get(
    "/packs/{pack_id:uuid}/versions/{file:str}",
    operation_id="exportPack",
    media_type=ZIP,
    responses={200: ResponseSpec(bytes, description="The pack file", media_type=ZIP, generate_examples=False)},
)
async def export_pack(
    request: Request[Any, Any, Any], pack_id: FromPath[UUID], file: FromPath[str], reader: NamedDependency[Reader]
) -> Stream:
    """A version as a pack file, in all its languages and with its media; `file` is the version's number and `.zip`.

    The same version is always the same bytes.
    """
    number = _number(file)
    await version_for(reader, pack_id, number)
    headers = {
        "cache-control": "private, no-cache",
        "etag": etag(fingerprint_of_key(("zip", pack_id, number)), "identity"),
        "vary": "Authorization",
        "x-content-type-options": "nosniff",
    }
    if is_fresh(header(request.scope, b"if-none-match"), headers["etag"]):
        return Stream(iter(()), headers=headers, media_type=ZIP, status_code=304)
    source = await frozen_source(pack_id, number)
    headers["content-disposition"] = f'attachment; filename="{source.head.slug}-{number}.zip"'
    return Stream(archive_of(source), headers=headers, media_type=ZIP)


def _number(file: str) -> int:
    number, _, end = file.rpartition(".")
    if end != "zip" or not (number.isascii() and number.isdecimal()) or len(number) > 10 or number.startswith("0"):
        raise NotFound
    return int(number)


handlers = [import_pack, export_pack]
