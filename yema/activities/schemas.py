"""What the library shows, and what a pack folder holds."""

from datetime import datetime
from typing import Annotated, Literal, NamedTuple
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from yema.shapes import END, NO_NUL, Draft, Line, Paragraph, Tag, View

Method = Literal[
    "icebreaker",
    "energiser",
    "name_game",
    "team_building",
    "intercultural_learning",
    "simulation",
    "discussion",
    "creative",
    "outdoor",
    "evaluation",
    "debriefing",
]
Phase = Literal["planning", "preparation", "implementation", "evaluation"]
Setting = Literal["indoor", "outdoor", "online"]
Energy = Literal["calm", "medium", "lively"]
Competence = Literal[
    "literacy", "multilingual", "stem", "digital", "personal", "citizenship", "entrepreneurship", "cultural"
]
"""The key competences for lifelong learning, Council recommendation 2018/C 189/01."""
BlockKind = Literal[
    "title",
    "summary",
    "aim",
    "objective",
    "material",
    "preparation",
    "step",
    "question",
    "text",
    "safety",
    "tip",
    "variation",
    "accessibility",
    "follow_up",
    "handout",
]
Per = Literal["participant", "group", "total"]

Slug = Annotated[str, Meta(pattern=f"^[a-z0-9]+(-[a-z0-9]+)*{END}", max_length=80)]
Minutes = Annotated[int, Meta(ge=0, le=1440)]
People = Annotated[int, Meta(ge=1, le=1000)]
Age = Annotated[int, Meta(ge=0, le=99)]
Complexity = Annotated[int, Meta(ge=1, le=4)]


class BlockView(View):
    """One thing to read. `locale` is the language that this text is really in."""

    id: UUID
    kind: BlockKind
    text: str
    locale: str
    minutes: int | UnsetType = UNSET
    quantity: float | UnsetType = UNSET
    per: Per | UnsetType = UNSET


class CardView(View):
    """What a list shows of an activity. Minutes and group sizes are inclusive bounds."""

    id: UUID
    pack: UUID
    title: str
    summary: str
    locale: str
    method: Method
    minutes_min: int
    minutes_max: int
    group_size_min: int
    group_size_max: int
    age_from: int
    setting: list[Setting]
    energy: Energy
    complexity: int
    tags: list[str]
    competences: list[Competence]


class ActivityView(CardView):
    """An activity in full."""

    slug: str
    version: int
    phase: Phase
    minutes_preparation: int
    licence: str
    authors: list[str]
    blocks: list[BlockView]
    source: str | UnsetType = UNSET


class PackDocument(View):
    """A pack file: one published version in one language, the whole of it."""

    wire: int
    id: UUID
    slug: str
    version: int
    locale: str
    title: str
    summary: str
    licence: str
    authors: list[str]
    activities: list[ActivityView]


class PackFileView(View):
    """Where the immutable file of one language is."""

    locale: str
    url: str
    bytes: int
    sha256: str


class SyncedPackView(View):
    """The immutable file that a phone has to have of a pack."""

    pack: UUID
    version: int
    locale: str
    url: str
    bytes: int
    sha256: str


class PackView(View):
    """A pack with its latest published version."""

    id: UUID
    slug: str
    title: str
    summary: str
    locale: str
    source_locale: str
    licence: str
    authors: list[str]
    version: int
    files: list[PackFileView]


class VersionView(View):
    """One published version."""

    number: int
    published_at: datetime


# What a pack folder holds: `pack.yaml`, `activities/*.yaml`, `po/*.po`.


class GroupSize(Draft):
    min: People
    max: People


class MinutesRange(Draft):
    min: Minutes
    max: Minutes
    preparation: Minutes = 0


class BlockDraft(Draft):
    """A block in its source language; `id` is unique in its activity and never changes."""

    id: Slug
    kind: BlockKind
    text: Annotated[Paragraph, Meta(min_length=1)]
    minutes: Minutes | UnsetType = UNSET
    quantity: Annotated[float, Meta(gt=0, le=10_000)] | UnsetType = UNSET
    per: Per | UnsetType = UNSET


class ActivityDraft(Draft):
    """An activity in its source language."""

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
    blocks: Annotated[list[BlockDraft], Meta(min_length=2, max_length=200)]
    tags: Annotated[list[Slug], Meta(max_length=30)] = []
    competences: Annotated[list[Competence], Meta(max_length=8)] = []
    source: Annotated[str, Meta(max_length=1000, pattern=NO_NUL)] = ""


class PackTexts(Draft):
    title: Line
    summary: Paragraph


class PackDraft(Draft):
    """The head of a pack: `pack.yaml`."""

    format: Literal[1]
    id: UUID
    slug: Slug
    source_locale: Tag
    licence: Annotated[str, Meta(max_length=40, pattern=NO_NUL)]
    authors: Annotated[list[Line], Meta(min_length=1, max_length=50)]
    texts: PackTexts
    activities: Annotated[list[Slug], Meta(min_length=1, max_length=2000)]


class Translation(Draft):
    """A text and the source text it was made from."""

    text: Paragraph
    source: Paragraph


class PackSource(NamedTuple):
    """A whole pack as a trainer writes it. `translations`: locale -> `activity/block` (or `pack/title`) -> text."""

    head: PackDraft
    activities: list[ActivityDraft]
    translations: dict[str, dict[str, Translation]]
