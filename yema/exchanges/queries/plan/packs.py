"""The packs that an exchange plans with, each in the version that it keeps: read by its members, whoever may read the pack elsewhere."""

from typing import NamedTuple
from uuid import UUID

from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.activities.errors import NotKept
from yema.activities.queries.frozen import FrozenFile, FrozenPack, frozen_head, frozen_pack
from yema.activities.queries.media import rendition_in
from yema.activities.queries.versions import version_differences
from yema.activities.schemas.library import ActivityView
from yema.database import Row, Statement, as_id, fetch
from yema.errors import NotFound
from yema.exchanges.queries.memberships import Membership
from yema.exchanges.schemas.plan.packs import ExchangePackView, PlannedPackView

_NUMBERS = Statement("SELECT pack, number FROM exchange_pack WHERE exchange = {} ORDER BY pack")
_PINS = Statement(
    "SELECT x.pack, x.number, v.state, v.reason, p.public, p.latest, p.organisation = e.organisation"
    " FROM exchange_pack x JOIN exchange e ON e.id = x.exchange JOIN pack p ON p.id = x.pack"
    " JOIN pack_version v ON v.pack = x.pack AND v.number = x.number WHERE x.exchange = {} ORDER BY x.pack"
)


class Pin(NamedTuple):
    """A version that an exchange keeps. `latest` is another one on the shelf, if the exchange may plan with it."""

    pack: UUID
    number: int
    withdrawn: bool
    reason: str
    public: bool
    latest: int | None

    @property
    def newer(self) -> int | None:
        return self.latest if self.latest is not None and self.latest > self.number else None


async def pins_of(exchange: UUID) -> list[Pin]:
    """What an exchange plans with."""
    return [_pin(row) for row in await fetch(_PINS, exchange)]


async def pin_of(exchange: UUID, pack: UUID) -> Pin:
    """Raises `NotFound` for a pack that the exchange does not plan with."""
    for pin in await pins_of(exchange):
        if pin.pack == pack:
            return pin
    raise NotFound


async def planned_titles(exchange: UUID) -> dict[UUID, dict[str, str]]:
    """The titles of all activities in the versions that the exchange keeps, in the languages that they really have."""
    titles: dict[UUID, dict[str, str]] = {}
    for pack, number in await fetch(_NUMBERS, exchange):
        titles |= (await frozen_pack(as_id(pack), number)).titles
    return titles


async def planned_file(membership: Membership, pack: UUID, locale: str, sha256: str) -> FrozenFile:
    """A file of the version that the exchange keeps. Raises `NotFound`."""
    for found, number in await fetch(_NUMBERS, membership.exchange):
        if as_id(found) == pack:
            file = (await frozen_pack(pack, number)).files.get(locale)
            if file and file.sha256 == sha256:
                return file
    raise NotFound


async def planned_rendition(membership: Membership, pack: UUID, sha256: str) -> str:
    """The content type of a rendition that the version shows which the exchange keeps. Raises `NotFound`."""
    for found, number in await fetch(_NUMBERS, membership.exchange):
        if as_id(found) == pack:
            frozen = await frozen_pack(pack, number)
            return await rendition_in(frozen.files[frozen.source_locale], sha256)  # all languages show the same
    raise NotFound


async def file_with_activity(membership: Membership, activity: UUID, wanted: tuple[str, ...]) -> FrozenFile:
    """The file, in the best language, in which the exchange has an activity. Raises `NotFound`."""
    for pack, number in await fetch(_NUMBERS, membership.exchange):
        frozen = await frozen_pack(as_id(pack), number)
        if activity in frozen.titles:
            return frozen.file_for(wanted)
    raise NotFound


def through_exchange(exchange: UUID, view: ActivityView) -> ActivityView:
    """The activity with its media behind the door of the exchange: the library's is closed where a pack is private or withdrawn."""
    for block in view.blocks:
        for one in block.media.renditions if block.media else ():
            one.url = f"/api/v1/exchanges/{exchange}/packs/{view.pack}/media/{one.sha256}"
    return view


async def planned_packs(membership: Membership, person: SignedIn) -> list[PlannedPackView]:
    """Where the files are that a member's phone has to have, in their language."""
    return [
        _phones_view(membership.exchange, pin, (await frozen_pack(pin.pack, pin.number)).file_for(person.wanted))
        for pin in await pins_of(membership.exchange)
    ]


async def packs_of(membership: Membership, person: SignedIn) -> list[ExchangePackView]:
    """What the exchange plans with and which other versions there are, for its leaders."""
    return [await pack_view(pin, person) for pin in await pins_of(membership.exchange)]


async def pack_view(pin: Pin, person: SignedIn) -> ExchangePackView:
    """One pack for leaders, with what the version on the shelf has changed."""
    frozen: FrozenPack = await frozen_pack(pin.pack, pin.number)
    head = await frozen_head(frozen.file_for(person.wanted))
    try:
        changes = await version_differences(person, pin.pack, pin.number, pin.latest) if pin.latest else UNSET
    except NotKept:
        changes = UNSET
    return ExchangePackView(
        pack=pin.pack,
        title=head.title,
        locale=head.locale,
        version=pin.number,
        withdrawn=pin.withdrawn,
        reason=pin.reason or UNSET,
        latest=pin.latest or UNSET,
        changes=changes,
    )


def _phones_view(exchange: UUID, pin: Pin, file: FrozenFile) -> PlannedPackView:
    # Where everybody reads it, all phones share one address, and the caches on their way one copy.
    shared = pin.public and not pin.withdrawn
    place = f"packs/{pin.pack}/versions/{pin.number}" if shared else f"exchanges/{exchange}/packs/{pin.pack}"
    return PlannedPackView(
        pack=pin.pack,
        version=pin.number,
        locale=file.locale,
        url=f"/api/v1/{place}/{file.locale}/{file.sha256}",
        bytes=file.bytes,
        sha256=file.sha256,
        newer=pin.newer or UNSET,
    )


def _pin(row: Row) -> Pin:
    pack, number, state, reason, public, latest, own = row
    takes = latest is not None and latest != number and (public or own)
    return Pin(as_id(pack), number, state == "withdrawn", reason, bool(public), latest if takes else None)
