"""What a reader finds in the library: public packs, and those of the organisations they work for."""

from uuid import UUID

import msgspec

from yema.accounts.queries import organisations_of
from yema.accounts.signed_in import Reader, SignedIn
from yema.activities.reading.shelf import Shelf, ShelvedPack, content_of, shelf_of
from yema.activities.schemas.library import PackDocument, PackView
from yema.activities.schemas.versions import NUMBER_MAX
from yema.activities.tables import PackFile
from yema.errors import NotFound
from yema.i18n import is_tag


async def shelves_for(reader: Reader) -> list[Shelf]:
    """The shelves that this reader may see, the public one first."""
    shelves = [await shelf_of()]
    if isinstance(reader, SignedIn):
        shelves += [await shelf_of(organisation) for organisation in await organisations_of(reader)]
    return shelves


async def packs_for(reader: Reader) -> list[ShelvedPack]:
    return [pack for shelf in await shelves_for(reader) for pack in shelf.packs]


async def pack_for(reader: Reader, pack: UUID) -> ShelvedPack:
    """Raises `NotFound` for one that is not there or not for this reader."""
    for found in await packs_for(reader):
        if found.id == pack:
            return found
    raise NotFound


async def pack_with_activity(reader: Reader, activity: UUID) -> ShelvedPack:
    """The pack that an activity stands in. Raises `NotFound`."""
    for shelf in await shelves_for(reader):
        if found := shelf.find(activity):
            return found
    raise NotFound


async def document_for(reader: Reader, pack: ShelvedPack) -> PackDocument:
    """The whole pack in this reader's language."""
    return msgspec.json.decode(await content_of(pack.edition_for(reader.wanted).file_id), type=PackDocument)


async def pack_view(reader: Reader, pack: ShelvedPack) -> PackView:
    document = await document_for(reader, pack)
    return PackView(
        id=pack.id,
        slug=document.slug,
        title=document.title,
        summary=document.summary,
        locale=document.locale,
        source_locale=pack.source_locale,
        licence=document.licence,
        authors=document.authors,
        version=pack.version,
        files=[edition.file for edition in pack.editions.values()],
        lineage=document.lineage,
    )


async def file_for(reader: Reader, pack: UUID, number: int, locale: str) -> tuple[UUID, str]:
    """(id, sha256) of the file of one version in one language. Raises `NotFound`."""
    await pack_for(reader, pack)
    if not 1 <= number <= NUMBER_MAX or not is_tag(locale):
        raise NotFound
    rows = await PackFile.select(PackFile.id, PackFile.sha256).where(
        PackFile.version.pack == pack,
        PackFile.version.number == number,
        PackFile.version.state == "published",
        PackFile.locale == locale,
    )
    if not rows:
        raise NotFound
    return rows[0]["id"], rows[0]["sha256"]


async def is_public(pack: UUID) -> bool:
    """Whether everybody may read the pack, and any cache keep it."""
    return any(found.id == pack for found in (await shelf_of()).packs)
