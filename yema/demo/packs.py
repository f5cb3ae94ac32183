"""The packs of the demo: the host writes them, everybody reads them, and each says what `fixtures/packs` says."""

from pathlib import Path
from uuid import UUID

from yema.activities.actions.publish import publish_pack
from yema.activities.actions.store import store_pack
from yema.activities.errors import NotKept
from yema.activities.pack.source import PackSource
from yema.activities.packfile import read_pack
from yema.activities.queries.frozen import frozen_source
from yema.activities.tables import Activity, Pack
from yema.shipped import shipped


async def publish_packs(host: UUID) -> dict[str, UUID]:
    """Store and publish all packs; their activities by slug."""
    activities: dict[str, UUID] = {}
    for folder in _folders():
        pack = await store_pack(read_pack(folder), organisation=host, public=True)
        await publish_pack(pack)
        rows = await Activity.select(Activity.slug, Activity.id).where(Activity.pack == pack)
        activities |= {row["slug"]: row["id"] for row in rows}
    return activities


async def renew_packs(host: UUID, *, moves: bool) -> None:
    """Make the packs of an earlier demo what they are today; exchanges keep the versions that they planned with.

    Where the demo `moves` to another day, it also forgets what somebody published who looked around in it.
    """
    for folder in _folders():
        source = read_pack(folder)
        rows = await Pack.select(Pack.organisation, Pack.public, Pack.latest).where(Pack.id == source.head.id)
        owned = bool(rows) and (rows[0]["organisation"], rows[0]["public"]) == (host, True)
        shown = await _shown(source.head.id, rows[0]["latest"]) if rows else None
        if owned and (shown == source or (shown and not moves)):
            continue
        await store_pack(source, organisation=host, public=True)
        if shown != source:
            await publish_pack(source.head.id)


async def _shown(pack: UUID, latest: int | None) -> PackSource | None:
    """The version on the shelf; None where there is none, or one from before sources were kept."""
    if latest is None:
        return None
    try:
        return await frozen_source(pack, latest)
    except NotKept:
        return None


def _folders() -> list[Path]:
    return sorted((shipped("fixtures") / "packs").iterdir())
