"""A whole pack as its authors have it: what the workshop holds, a pack file carries, and a version freezes.

Everything else is made from it: the files that phones get, PO files for translators, and the list of what changed between two of them.
"""

from collections.abc import Iterator
from typing import Annotated, Literal, NamedTuple
from uuid import UUID, uuid5

import msgspec
import zstandard
from msgspec import UNSET, Meta, Struct, UnsetType

from yema.activities.pack.licences import Licence
from yema.activities.pack.vocabulary import BlockKind, Competence, Energy, MediumKind, Method, Per, Phase, Setting, Slug
from yema.shapes import END, NO_NUL, Draft, Line, Paragraph, Tag

ACTIVITIES_MAX = 2000
BLOCKS_MAX = 200
PACK_KEYS = ("title", "summary")
"""The blocks of a pack itself."""


def plain(text: str) -> str:
    """The text without white space around it and with LF for line breaks: all texts of packs are, and PO files lose nothing of them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def block_id(owner: UUID, key: str) -> UUID:
    """The id of a block: UUIDv5 of its activity (or pack) and key, the same in every file and database."""
    return uuid5(owner, key)


Minutes = Annotated[int, Meta(ge=0, le=1440)]
People = Annotated[int, Meta(ge=1, le=1000)]
Age = Annotated[int, Meta(ge=0, le=99)]
Complexity = Annotated[int, Meta(ge=1, le=4)]
NOT_BLANK = "^\\s*[^\\s\\x00][^\\x00]*$"
Title = Annotated[str, Meta(min_length=1, max_length=200, pattern=NOT_BLANK)]
Text = Annotated[str, Meta(min_length=1, max_length=10_000, pattern=NOT_BLANK)]
MediaName = Annotated[
    str, Meta(max_length=120, pattern=f"^[a-z0-9]+([-_][a-z0-9]+)*\\.(jpg|png|webp|pdf|m4a|mp3){END}")
]
"""The name of a file in a pack's `media/`."""
MEDIUM_KINDS: dict[str, MediumKind] = {
    "jpg": "picture",
    "png": "picture",
    "webp": "picture",
    "pdf": "paper",
    "m4a": "sound",
    "mp3": "sound",
}
"""What a file in `media/` is, by the end of its name. All are made anew, so their format may be another one."""


class GroupSize(Draft):
    min: People
    max: People


class MinutesRange(Draft):
    min: Minutes
    max: Minutes
    preparation: Minutes = 0


class BlockDraft(Draft):
    """A block in its source language; `key` is unique in its activity and never changes.

    With `media` it shows that picture, paper or sound, and its text says the same to who cannot see or hear it.
    """

    key: Slug
    kind: BlockKind
    text: Text
    minutes: Minutes | UnsetType = UNSET
    quantity: Annotated[float, Meta(gt=0, le=10_000)] | UnsetType = UNSET
    per: Per | UnsetType = UNSET
    media: MediaName | UnsetType = UNSET

    def __post_init__(self) -> None:
        self.text = plain(self.text)


class ActivityDraft(Draft):
    """An activity in its source language. `origin` is the activity that it was adapted from."""

    id: UUID
    slug: Slug
    method: Method
    phase: Phase
    group_size: GroupSize
    minutes: MinutesRange
    age_from: Age
    settings: Annotated[list[Setting], Meta(min_length=1, max_length=3)]
    energy: Energy
    complexity: Complexity
    blocks: Annotated[list[BlockDraft], Meta(min_length=2, max_length=BLOCKS_MAX)]
    tags: Annotated[list[Slug], Meta(max_length=30)] = []
    competences: Annotated[list[Competence], Meta(max_length=8)] = []
    source: Annotated[str, Meta(max_length=1000, pattern=NO_NUL)] = ""
    origin: UUID | UnsetType = UNSET


class PackTexts(Draft):
    title: Title
    summary: Text

    def __post_init__(self) -> None:
        self.title, self.summary = plain(self.title), plain(self.summary)


class Ancestor(Draft):
    """A pack that this one was adapted from, as it was then."""

    pack: UUID
    version: Annotated[int, Meta(ge=1, le=2**31 - 1)]
    title: Line
    authors: Annotated[list[Line], Meta(min_length=1, max_length=50)]
    licence: Licence


class PackDraft(Draft):
    """The head of a pack: `pack.yaml`. `lineage` begins with the first pack of all."""

    format: Literal[1]
    id: UUID
    slug: Slug
    source_locale: Tag
    licence: Licence
    authors: Annotated[list[Line], Meta(min_length=1, max_length=50)]
    texts: PackTexts
    activities: Annotated[list[Slug], Meta(max_length=ACTIVITIES_MAX)]
    lineage: Annotated[list[Ancestor], Meta(max_length=20)] = []


class Translation(Draft):
    """A text and the source text it was made from."""

    text: Text
    source: Paragraph

    def __post_init__(self) -> None:
        self.text, self.source = plain(self.text), plain(self.source)


class Rendition(Struct, frozen=True):
    """One size of a picture, or the whole of a paper or sound; `sha256` is its address."""

    name: str
    content_type: str
    bytes: int
    sha256: str
    width: int | None = None
    height: int | None = None


class Medium(Struct, frozen=True):
    """A picture, paper or sound of a pack, as the media room keeps it. `placeholder` is a BlurHash."""

    id: UUID
    kind: MediumKind
    content_type: str
    sha256: str
    renditions: list[Rendition]
    placeholder: str | None = None
    seconds: float | None = None


class SourceText(NamedTuple):
    """One text in the source language and where it stands. `activity` is None for the pack's own title and summary."""

    id: UUID
    activity: ActivityDraft | None
    block: BlockDraft


class PackSource(Struct):
    """A whole pack. `translations`: locale -> block id -> text; `media`: name -> what it is."""

    head: PackDraft
    activities: list[ActivityDraft]
    translations: dict[str, dict[UUID, Translation]]
    media: dict[str, Medium] = {}

    def texts(self) -> Iterator[SourceText]:
        """Every text in reading order, the pack's own first."""
        for key in PACK_KEYS:
            block = BlockDraft(key=key, kind=key, text=getattr(self.head.texts, key))  # type: ignore[arg-type]
            yield SourceText(block_id(self.head.id, key), None, block)
        for activity in self.activities:
            for block in activity.blocks:
                yield SourceText(block_id(activity.id, block.key), activity, block)

    @property
    def locales(self) -> list[str]:
        """The source language, then those that it was translated into."""
        return [self.head.source_locale, *sorted(locale for locale, texts in self.translations.items() if texts)]


_ENCODER = msgspec.msgpack.Encoder()
_DECODER = msgspec.msgpack.Decoder(PackSource)


def frozen(source: PackSource) -> bytes:
    """The whole pack as bytes, for a version or an import that waits."""
    return zstandard.compress(_ENCODER.encode(source), 6)


def thawed(content: bytes) -> PackSource:
    """The pack in those bytes."""
    return _DECODER.decode(zstandard.decompress(content))
