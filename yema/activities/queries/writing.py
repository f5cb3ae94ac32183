"""What a person finds in the workshop: the packs of the organisations that they write for. To others it does not exist."""

from typing import NamedTuple
from uuid import UUID

from yema.accounts.queries import organisations_of
from yema.accounts.signed_in import SignedIn
from yema.activities.tables import Activity, Pack
from yema.errors import NotFound

WRITERS = ("trainer", "coordinator", "admin")
"""Who writes packs for an organisation."""


class OwnPack(NamedTuple):
    """A pack that somebody may write in."""

    id: UUID
    organisation: UUID
    public: bool
    source_locale: str
    version: int


async def organisations_written_for(person: SignedIn) -> list[UUID]:
    """The organisations for which this person writes."""
    return await organisations_of(person, *WRITERS)


async def pack_written_by(person: SignedIn, pack: UUID) -> OwnPack:
    """A pack that this person may write in. Raises `NotFound`."""
    rows = await Pack.select(Pack.organisation, Pack.public, Pack.source_locale, Pack.version).where(Pack.id == pack)
    if not rows or rows[0]["organisation"] not in await organisations_written_for(person):
        raise NotFound
    return OwnPack(pack, **rows[0])


async def pack_with_own_activity(person: SignedIn, activity: UUID, *, removed: bool = False) -> OwnPack:
    """The pack of an activity that this person may write; also of one that was `removed` from the workshop. Raises `NotFound`."""
    rows = await Activity.select(Activity.pack, Activity.position).where(Activity.id == activity)
    if not rows or (rows[0]["position"] < 0 and not removed):
        raise NotFound
    return await pack_written_by(person, rows[0]["pack"])
