"""What phones pull of the library: where the file of each pack is, in their language."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from yema.accounts.signed_in import SignedIn
from yema.activities.reading.shelf import ShelvedPack, shelf_of
from yema.activities.schemas.library import SyncedPackView
from yema.changes import Pulled, SpaceKey


async def _packs(person: SignedIn, space: SpaceKey, ids: Sequence[UUID]) -> dict[UUID, Any]:
    shelf = await shelf_of(space.owner)
    return {pack.id: _view(pack, person) for pack in shelf.packs if pack.id in ids}


def _view(pack: ShelvedPack, person: SignedIn) -> SyncedPackView:
    file = pack.edition_for(person.wanted).file
    return SyncedPackView(
        pack=pack.id, version=pack.version, locale=file.locale, url=file.url, bytes=file.bytes, sha256=file.sha256
    )


pulled = [Pulled("pack", _packs, worded=True)]
