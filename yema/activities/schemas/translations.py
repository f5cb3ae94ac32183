"""What translators see of a pack, and what they send."""

from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from yema.activities.pack.source import BLOCKS_MAX
from yema.activities.pack.vocabulary import BlockKind, Per
from yema.shapes import Draft, Paragraph, View


class ProgressView(View):
    """How far a pack is in one language: its texts by state. `published` is whether the version on the shelf has this language.

    `name` is that of the language, in the reader's own.
    """

    locale: str
    name: str
    fresh: int
    stale: int
    missing: int
    total: int
    published: bool


class ProgressListView(View):
    """All languages of a pack, the one that it is written in first."""

    source_locale: str
    items: list[ProgressView]


class PieceView(View):
    """Words that stayed, are new, or are gone."""

    op: Literal["same", "added", "removed"]
    text: str


class TextView(View):
    """A text to translate. A stale one says what it was made from, and what is different in the source since then."""

    block: UUID
    key: str
    kind: BlockKind
    source: str
    state: Literal["fresh", "stale", "missing"]
    text: str | UnsetType = UNSET
    source_before: str | UnsetType = UNSET
    difference: list[PieceView] | UnsetType = UNSET
    minutes: int | UnsetType = UNSET
    quantity: float | UnsetType = UNSET
    per: Per | UnsetType = UNSET


class TextsView(View):
    """The texts of an activity, or of the pack itself, in one language. `version` counts the changes of these texts and of their source."""

    id: UUID
    pack: UUID
    locale: str
    source_locale: str
    version: int
    texts: list[TextView]


class TextsDraft(Draft):
    """Texts by the ids of their blocks; an empty one takes the translation away. `confirmed` are blocks whose translation still holds.

    In the pack's own language they are the source; with `minor`, what was translated from it stays fresh.
    """

    texts: Annotated[dict[UUID, Paragraph], Meta(max_length=BLOCKS_MAX)] = {}
    confirmed: Annotated[list[UUID], Meta(max_length=BLOCKS_MAX)] = []
    minor: bool = False


class PoNoteView(View):
    """What became of an entry of a PO file. `line` counts from 1, `context` is its `msgctxt`; `code` is stable."""

    line: int
    code: str
    detail: str
    context: str | UnsetType = UNSET


class PoImportView(View):
    """What a PO file brought, or would bring (`preview`): how many texts were taken, and how many of these replaced another one.

    `not_taken` names every entry that was left, `stale` those that were taken though they were made from another text than today's.
    """

    preview: bool
    taken: int
    replaced: int
    not_taken: list[PoNoteView]
    stale: list[PoNoteView]
    progress: ProgressView
