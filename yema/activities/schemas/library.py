"""What the library shows to its readers."""

from uuid import UUID

from msgspec import UNSET, UnsetType

from yema.activities.pack.vocabulary import BlockKind, Competence, Energy, MediumKind, Method, Per, Phase, Setting
from yema.shapes import View


class RenditionView(View):
    """One size of a picture, or the whole of a paper or sound, at an address that asks who may read the pack."""

    name: str
    content_type: str
    bytes: int
    sha256: str
    url: str
    width: int | UnsetType = UNSET
    height: int | UnsetType = UNSET


class MediumView(View):
    """A picture, paper or sound; `placeholder` is a BlurHash to show while a picture loads. Seconds are those of a sound."""

    kind: MediumKind
    renditions: list[RenditionView]
    placeholder: str | UnsetType = UNSET
    seconds: float | UnsetType = UNSET


class AncestorView(View):
    """A pack that this one was adapted from, as it was then."""

    pack: UUID
    version: int
    title: str
    authors: list[str]
    licence: str


class BlockView(View):
    """One thing to read. `locale` is the language that this text is really in; `html` only where it was asked for."""

    id: UUID
    kind: BlockKind
    text: str
    locale: str
    minutes: int | UnsetType = UNSET
    quantity: float | UnsetType = UNSET
    per: Per | UnsetType = UNSET
    media: MediumView | UnsetType = UNSET
    html: str | UnsetType = UNSET


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
    origin: UUID | UnsetType = UNSET


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
    lineage: list[AncestorView] | UnsetType = UNSET


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
    """A pack with its latest published version. `lineage` are the packs that it was adapted from, the first one first."""

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
    lineage: list[AncestorView] | UnsetType = UNSET
