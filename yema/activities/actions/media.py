"""The pictures, papers and sounds of packs: handing them in under a name, letting a name go, and forgetting what no pack needs.

A version keeps its media for ever. So a name that gets another medium, or is let go, leaves the old one behind in a row that is named
after the medium itself, and has no ending: blocks cannot name it. What was never published goes from there with the next sweep.
"""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from msgspec import UNSET

from yema.activities.errors import MediaInUse
from yema.activities.pack.source import MEDIUM_KINDS, BlockDraft, Medium
from yema.activities.queries.source import medium_of
from yema.activities.queries.writing import OwnPack
from yema.activities.rules import MEDIA_OF
from yema.activities.tables import PackBlock, PackImport, PackMedia
from yema.changes import transaction
from yema.database import Statement, execute, fetch
from yema.errors import N_, FieldError, Invalid, NotFound
from yema.ids import now, uuid7
from yema.media import forget, keep, media_made_before

UNNAMED_KEPT = timedelta(days=1)

# First of all, as everybody does who changes the pack; others may still refer to the row.
_PACK = "SELECT id FROM pack WHERE id = {}"
_HOLD = Statement(_PACK, postgres=f"{_PACK} FOR NO KEY UPDATE")
_NAMED = Statement("SELECT name FROM pack_media WHERE pack = {} AND name = {}", locks=True)
_FORGET_NAMES = Statement(
    "DELETE FROM pack_media WHERE NOT published AND name NOT LIKE '%.%'"
    " AND media IN (SELECT id FROM media WHERE made_at < {}) RETURNING id"
)


async def keep_medium(pack: OwnPack, name: str, content: bytes, declared: str | None) -> Medium:
    """Keep what was handed in, under this name, whatever had it before.

    Raises what `yema.media.keep` raises, and `Invalid` where the name's ending is that of something else.
    """
    medium = medium_of(await keep(content, declared=declared))
    if MEDIUM_KINDS[name.rpartition(".")[2]] != medium.kind:
        raise Invalid(FieldError("/name", "wrong_ending", N_("The file is not what the ending of its name says.")))
    async with transaction():
        await fetch(_HOLD, pack.id)
        await name_media(pack.id, {name: medium.id})
    return medium


async def name_media(pack: UUID, names: Mapping[str, UUID]) -> None:
    """Give these names to these media. Stands in a transaction of the caller, who holds the pack."""
    if not names:
        return
    rows = await PackMedia.select(PackMedia.name, PackMedia.media).where(
        PackMedia.pack == pack, PackMedia.name.is_in(list(names))
    )
    await put_aside(pack, [row["name"] for row in rows if row["media"] != names[row["name"]]])
    there = {row["name"] for row in rows if row["media"] == names[row["name"]]}
    new = [
        PackMedia(id=uuid7(), pack=pack, name=name, media=media) for name, media in names.items() if name not in there
    ]
    if new:
        await PackMedia.insert(*new)


async def put_aside(pack: UUID, names: Sequence[str]) -> None:
    """Let names go; what stood under them stays for the versions that show it."""
    for name in sorted(names):  # as `check_media` takes them, so that nobody waits in a circle
        mine = (PackMedia.pack == pack) & (PackMedia.name == name)
        [row] = await PackMedia.select(PackMedia.media, PackMedia.published).where(mine)
        aside = (PackMedia.pack == pack) & (PackMedia.name == str(row["media"]))
        if not await PackMedia.exists().where(aside):
            await PackMedia.update({PackMedia.name: str(row["media"])}).where(mine)
            continue
        if row["published"]:
            await PackMedia.update({PackMedia.published: True}).where(aside)
        await PackMedia.delete().where(mine)


async def let_medium_go(pack: OwnPack, name: str) -> None:
    """Let a name go that no block shows. Raises `NotFound`, or `MediaInUse` with the blocks."""
    async with transaction():
        await fetch(_HOLD, pack.id)
        if "." not in name or "\0" in name or not await fetch(_NAMED, pack.id, name):
            raise NotFound
        blocks = await PackBlock.select(PackBlock.id).where(PackBlock.pack == pack.id, PackBlock.media == name)
        if blocks:
            words = N_("This block shows it.")
            raise MediaInUse(*(FieldError(f"/blocks/{block['id']}", "media_in_use", words) for block in blocks))
        await put_aside(pack.id, [name])


async def check_media(pack: UUID, blocks: Sequence[BlockDraft]) -> None:
    """Every name is one of the pack's, of a medium that fits its block; it stays until the transaction ends. Raises `Invalid`."""
    faults = []
    held: dict[str, bool] = {}
    for name in sorted({block.media for block in blocks if block.media is not UNSET}):
        held[name] = bool(await fetch(_NAMED, pack, name))
    for place, block in enumerate(blocks):
        if block.media is UNSET:
            continue
        at = f"/blocks/{place}/media"
        if not held[block.media]:
            faults.append(FieldError(at, "media_unknown", N_("The pack has no file of this name.")))
        elif MEDIUM_KINDS[block.media.rpartition(".")[2]] != MEDIA_OF[block.kind]:
            faults.append(FieldError(at, "media_unfit", N_("A block of this kind cannot show this file.")))
    if faults:
        raise Invalid(*faults)


async def sweep_pack_media() -> None:
    """Forget media that no pack names and nobody has handed in for a day."""
    if await PackImport.exists():  # it names media that are not in its pack yet
        return
    before = now() - UNNAMED_KEPT
    async with transaction():
        await execute(_FORGET_NAMES, before)
    old = await media_made_before(before)
    used = {row["media"] for row in await PackMedia.select(PackMedia.media)}
    await forget([medium for medium in old if medium not in used], made_before=before)
