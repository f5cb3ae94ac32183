"""Which media of a pack somebody may see."""

from uuid import UUID

from yema.accounts.signed_in import Reader, SignedIn
from yema.activities.queries.reading import pack_for
from yema.activities.queries.writing import pack_written_by
from yema.database import Statement, fetch
from yema.errors import NotFound

_RENDITION = Statement(
    "SELECT v.content_type, p.published FROM pack_media p JOIN media_variant v ON v.media = p.media"
    " WHERE p.pack = {} AND v.sha256 = {}"
)


async def rendition_for(reader: Reader, pack: UUID, sha256: str) -> str:
    """The content type of a rendition: readers of the pack see what was published, its writers all. Raises `NotFound`."""
    rows = await fetch(_RENDITION, pack, sha256)
    if not rows:
        raise NotFound
    if not (any(published for _, published in rows) and await _reads(reader, pack)):
        if not isinstance(reader, SignedIn):
            raise NotFound
        await pack_written_by(reader, pack)
    return str(rows[0][0])


async def _reads(reader: Reader, pack: UUID) -> bool:
    try:
        await pack_for(reader, pack)
    except NotFound:
        return False
    return True
