"""Translating packs, text by text or as PO files. For those who write them; to others none of this exists."""

import asyncio
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Request, get, put
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, Operation, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromPath, JSONBody, QueryParameter
from litestar.response.base import ASGIResponse
from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.activities.actions import translating as actions
from yema.activities.errors import NotPo
from yema.activities.queries import translating as queries
from yema.activities.queries.writing import OwnPack, pack_with_own_activity, pack_written_by
from yema.activities.schemas.translations import (
    PoImportView,
    PoNoteView,
    ProgressListView,
    TextsDraft,
    TextsView,
)
from yema.activities.translating.po import REASONS, Note, po_of
from yema.errors import NotFound, Stale
from yema.http.conditional import etag, expected_version, fingerprint, is_fresh
from yema.http.encodings import SMALLEST, compress
from yema.http.headers import accepted_encoding, header
from yema.http.ready import ReadyBytes
from yema.http.response import PRIVATE, VARY
from yema.i18n import gettext

PO_BYTES_MAX = 8 * 1024 * 1024
PO = "text/x-gettext-translation"
_TYPES = (PO, "text/x-po", "text/plain")

_ready = ReadyBytes()


@dataclass
class _TakesPo(Operation):
    """Its body is a PO file, which Litestar does not know."""

    def __post_init__(self) -> None:
        schema = Schema(type=OpenAPIType.STRING)
        self.request_body = RequestBody(content={PO: OpenAPIMediaType(schema=schema)}, required=True)


@get(
    "/packs/{pack_id:uuid}/translations",
    operation_id="listTranslations",
    responses={200: ResponseSpec(ProgressListView, description="The languages", generate_examples=False)},
)
async def list_translations(
    request: Request[Any, Any, Any], pack_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> ASGIResponse:
    """How far each language of a pack is: texts that are fresh, stale (their source was changed since) and missing."""
    pack = await pack_written_by(person, pack_id)
    reader = person.language

    async def build() -> bytes:
        return msgspec.json.encode(await queries.progress_of(pack, reader))

    key = ("translations", await queries.progress_state(pack), reader)
    return await _ready.serve(request, key, build, language=reader)


@get("/activities/{activity_id:uuid}/texts/{locale:str}", operation_id="readActivityTexts")
async def read_activity_texts(
    activity_id: FromPath[UUID], locale: FromPath[str], person: NamedDependency[SignedIn]
) -> TextsView:
    """The texts of an activity with their translations. Stale ones say what is different in the source since they were made."""
    pack = await pack_with_own_activity(person, activity_id)
    return await queries.texts_of(pack, activity_id, queries.known_locale(locale))


@put("/activities/{activity_id:uuid}/texts/{locale:str}", operation_id="writeActivityTexts")
async def write_activity_texts(
    request: Request[Any, Any, Any],
    activity_id: FromPath[UUID],
    locale: FromPath[str],
    data: JSONBody[TextsDraft],
    person: NamedDependency[SignedIn],
) -> TextsView:
    """Translate texts of an activity, or change its source. Needs `If-Match`; answers `stale` with the current view.

    Texts that are not named stay. Each one that is named counts as made from the source of now.
    """
    return await _write(request, await pack_with_own_activity(person, activity_id), activity_id, locale, data)


@get("/packs/{pack_id:uuid}/texts/{locale:str}", operation_id="readPackTexts")
async def read_pack_texts(
    pack_id: FromPath[UUID], locale: FromPath[str], person: NamedDependency[SignedIn]
) -> TextsView:
    """Title and summary of the pack itself with their translations."""
    return await queries.texts_of(await pack_written_by(person, pack_id), pack_id, queries.known_locale(locale))


@put("/packs/{pack_id:uuid}/texts/{locale:str}", operation_id="writePackTexts")
async def write_pack_texts(
    request: Request[Any, Any, Any],
    pack_id: FromPath[UUID],
    locale: FromPath[str],
    data: JSONBody[TextsDraft],
    person: NamedDependency[SignedIn],
) -> TextsView:
    """Translate title and summary of the pack itself, as the texts of an activity."""
    return await _write(request, await pack_written_by(person, pack_id), pack_id, locale, data)


async def _write(
    request: Request[Any, Any, Any], pack: OwnPack, owner: UUID, locale: str, data: TextsDraft
) -> TextsView:
    queries.known_locale(locale)
    try:
        await actions.write_texts(pack, owner, locale, data, await expected_version(request))
    except Stale as stale:
        raise Stale(current=await queries.texts_of(pack, owner, locale)) from stale
    return await queries.texts_of(pack, owner, locale)


@get(
    "/packs/{pack_id:uuid}/translations/{file:str}",
    operation_id="readTranslationFile",
    responses={200: ResponseSpec(str, description="The PO file", media_type=PO, generate_examples=False)},
)
async def read_translation_file(
    request: Request[Any, Any, Any], pack_id: FromPath[UUID], file: FromPath[str], person: NamedDependency[SignedIn]
) -> ASGIResponse:
    """The texts of a pack as a gettext PO file; `file` is the language with `.po` (`de.po`).

    `msgctxt` is the block's id; stale texts are fuzzy and say in `#| msgid` what they were made from.
    """
    pack, locale = await pack_written_by(person, pack_id), _locale_of(file)
    source = await actions.translated_source(pack, locale)
    body = (await asyncio.to_thread(po_of, source, locale)).encode()
    encoding = accepted_encoding(header(request.scope, b"accept-encoding")) if len(body) >= SMALLEST else "identity"
    headers = {
        "cache-control": PRIVATE,
        "content-disposition": f'attachment; filename="{source.head.slug}.{locale}.po"',
        "content-language": locale,
        "etag": etag(fingerprint(body), encoding),
        "vary": VARY,
    }
    if is_fresh(header(request.scope, b"if-none-match"), headers["etag"]):
        return ASGIResponse(status_code=304, headers=headers, media_type=PO, body=b"")
    if encoding != "identity":
        body = await asyncio.to_thread(compress, body, encoding, kept=False)
        headers["content-encoding"] = encoding
    return ASGIResponse(body=body, headers=headers, media_type=PO, is_head_response=request.scope["method"] == "HEAD")


@put(
    "/packs/{pack_id:uuid}/translations/{file:str}",
    operation_id="importTranslationFile",
    request_max_body_size=PO_BYTES_MAX,
    operation_class=_TakesPo,
)
async def import_translation_file(
    request: Request[Any, Any, Any],
    pack_id: FromPath[UUID],
    file: FromPath[str],
    person: NamedDependency[SignedIn],
    preview: Annotated[bool, QueryParameter()] = False,
) -> PoImportView:
    """Take a PO file. Every entry that was not taken is named with its line and why; `preview` changes nothing and answers the same.

    Answers `po_malformed` with every line that is wrong, and changes nothing, where the file is broken or of another language.
    """
    pack, locale = await pack_written_by(person, pack_id), _locale_of(file)
    if (header(request.scope, b"content-type") or "").partition(";")[0].strip().lower() not in _TYPES:
        raise NotPo
    done = await actions.import_po(pack, locale, await request.body(), preview=preview)
    published = locale in await queries.published_locales(pack.id)
    return PoImportView(
        preview=preview,
        taken=len(done.taken.translations),
        replaced=done.replaced,
        not_taken=[_note(note, person) for note in done.taken.not_taken],
        stale=[_note(note, person) for note in done.taken.stale],
        progress=queries.progress_view(locale, done.progress, published, person.language),
    )


def _note(note: Note, person: SignedIn) -> PoNoteView:
    words = gettext(person.wanted, REASONS[note.code])
    return PoNoteView(line=note.line, code=note.code, detail=words, context=note.context or UNSET)


def _locale_of(file: str) -> str:
    if not file.endswith(".po"):
        raise NotFound
    return queries.known_locale(file.removesuffix(".po"))


handlers = [
    list_translations,
    read_activity_texts,
    write_activity_texts,
    read_pack_texts,
    write_pack_texts,
    read_translation_file,
    import_translation_file,
]
