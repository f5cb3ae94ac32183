"""What those who write packs send, and what they see of a pack in the making."""

from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from yema.activities.pack.licences import Licence
from yema.activities.pack.source import (
    ACTIVITIES_MAX,
    BLOCKS_MAX,
    Age,
    BlockDraft,
    Complexity,
    GroupSize,
    MinutesRange,
    PackTexts,
)
from yema.activities.pack.vocabulary import (
    BlockKind,
    Competence,
    Energy,
    Method,
    Per,
    Phase,
    Setting,
    Slug,
    TranslationState,
)
from yema.activities.schemas.library import AncestorView, MediumView
from yema.shapes import NO_NUL, Draft, Line, Tag, View

Authors = Annotated[list[Line], Meta(min_length=1, max_length=50)]
Settings = Annotated[list[Setting], Meta(min_length=1, max_length=3)]
Tags = Annotated[list[Slug], Meta(max_length=30)]
Competences = Annotated[list[Competence], Meta(max_length=8)]
Source = Annotated[str, Meta(max_length=1000, pattern=NO_NUL)]


class NewPackDraft(Draft):
    """A pack that is to be written. `source_locale` is the language of its texts, and stays."""

    organisation: UUID
    slug: Slug
    source_locale: Tag
    licence: Licence
    authors: Authors
    texts: PackTexts
    public: bool = False


class PackChange(Draft):
    """What is to be different. `activities`: all of them, in their new order. A `minor` change of the texts keeps translations fresh."""

    slug: Slug | UnsetType = UNSET
    licence: Licence | UnsetType = UNSET
    authors: Authors | UnsetType = UNSET
    texts: PackTexts | UnsetType = UNSET
    public: bool | UnsetType = UNSET
    activities: Annotated[list[UUID], Meta(max_length=ACTIVITIES_MAX)] | UnsetType = UNSET
    minor: bool = False


class NewBlockDraft(BlockDraft, kw_only=True):
    """A block; one that is new may leave its `key` to the server."""

    key: Slug | UnsetType = UNSET  # type: ignore[assignment]


Blocks = Annotated[list[NewBlockDraft], Meta(min_length=2, max_length=BLOCKS_MAX)]


class NewActivityDraft(Draft):
    """An activity in the language of its pack; it becomes the last one there."""

    pack: UUID
    slug: Slug
    method: Method
    phase: Phase
    group_size: GroupSize
    minutes: MinutesRange
    age_from: Age
    settings: Settings
    energy: Energy
    complexity: Complexity
    blocks: Blocks
    tags: Tags = []
    competences: Competences = []
    source: Source = ""
    origin: UUID | UnsetType = UNSET


class ActivityChange(Draft):
    """What is to be different; `origin` null: it was adapted from nothing.

    `blocks`: all of them, in their order, those that stay with their key. A `minor` change of texts keeps translations fresh.
    """

    slug: Slug | UnsetType = UNSET
    method: Method | UnsetType = UNSET
    phase: Phase | UnsetType = UNSET
    group_size: GroupSize | UnsetType = UNSET
    minutes: MinutesRange | UnsetType = UNSET
    age_from: Age | UnsetType = UNSET
    settings: Settings | UnsetType = UNSET
    energy: Energy | UnsetType = UNSET
    complexity: Complexity | UnsetType = UNSET
    blocks: Blocks | UnsetType = UNSET
    tags: Tags | UnsetType = UNSET
    competences: Competences | UnsetType = UNSET
    source: Source | UnsetType = UNSET
    origin: UUID | None | UnsetType = UNSET
    minor: bool = False


class PackTextsView(View):
    """The pack's own words in its source language."""

    title: str
    summary: str


class ActivityRowView(View):
    """An activity of a pack in the making, with its title in the source language."""

    id: UUID
    slug: str
    title: str
    version: int


class NamedMediumView(MediumView, kw_only=True):
    """A picture, paper or sound under the name by which blocks show it."""

    name: str


class WorkshopPackView(View):
    """A pack in the making. `published` is the number of the version on the shelf."""

    id: UUID
    organisation: UUID
    slug: str
    texts: PackTextsView
    source_locale: str
    licence: str
    authors: list[str]
    public: bool
    version: int
    published: int | UnsetType = UNSET


class WorkshopView(WorkshopPackView, kw_only=True):
    """The same with all that is in it. `locales`: those in which it has any text."""

    lineage: list[AncestorView]
    locales: list[str]
    activities: list[ActivityRowView]
    media: list[NamedMediumView]


class WorkshopBlockView(View):
    """A block in the making. `text` is absent where it is missing in this language; `source_text` is that of the pack's own language,
    where this is another one."""

    id: UUID
    key: str
    kind: BlockKind
    state: TranslationState
    source_text: str | UnsetType = UNSET
    text: str | UnsetType = UNSET
    minutes: int | UnsetType = UNSET
    quantity: float | UnsetType = UNSET
    per: Per | UnsetType = UNSET
    media: str | UnsetType = UNSET


class RangeView(View):
    """Inclusive bounds."""

    min: int
    max: int


class MinutesView(RangeView):
    """How long it takes, and to prepare it."""

    preparation: int


class WorkshopActivityView(View):
    """An activity in the making, its texts in one language and how they stand. Minutes and group sizes are inclusive bounds."""

    id: UUID
    pack: UUID
    slug: str
    locale: str
    source_locale: str
    version: int
    method: Method
    phase: Phase
    group_size: RangeView
    minutes: MinutesView
    age_from: int
    settings: list[Setting]
    energy: Energy
    complexity: int
    tags: list[str]
    competences: list[Competence]
    source: str
    blocks: list[WorkshopBlockView]
    origin: UUID | UnsetType = UNSET
