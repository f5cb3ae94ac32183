"""What is said of versions and adaptations: publishing, withdrawing, what changed, and who adapted what."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from yema.activities.pack.differences import Change
from yema.activities.pack.vocabulary import BlockKind, Slug
from yema.activities.schemas.library import AncestorView
from yema.shapes import NO_NUL, Draft, Line, Tag, View

NUMBER_MAX = 2**31 - 1
"""The highest number that a version can have in its column."""

Number = Annotated[int, Meta(ge=1, le=NUMBER_MAX)]
Note = Annotated[str, Meta(max_length=2_000, pattern=NO_NUL)]


class PublicationDraft(Draft):
    """Publish what the workshop holds, in these languages (without any, in all that the pack has). `note` says what is new."""

    locales: Annotated[list[Tag], Meta(max_length=100)] | UnsetType = UNSET
    note: Note = ""


class WithdrawalDraft(Draft):
    """Why a version is withdrawn; shown to those who planned with it."""

    reason: Note = ""


class ForkDraft(Draft):
    """Make a pack of one's own for an organisation, from a published version (the latest where none is named).

    `authors` are added behind those of the original.
    """

    organisation: UUID
    slug: Slug | UnsetType = UNSET
    version: Number | UnsetType = UNSET
    authors: Annotated[list[Line], Meta(max_length=20)] = []


class FieldChangeView(View):
    """A field before and after: its values as texts, one for a number or a word, none where there was nothing."""

    field: str
    before: list[str]
    after: list[str]


class BlockChangeView(View):
    """A block. Its texts are in the language that the pack is written in; `moved` can also stand beside `changed`."""

    id: UUID
    key: str
    kind: BlockKind
    change: Change
    moved: bool
    before: str | UnsetType = UNSET
    after: str | UnsetType = UNSET
    fields: list[FieldChangeView] | UnsetType = UNSET


class ActivityChangeView(View):
    """An activity, with its title (of before, where it was removed) in the reader's language."""

    id: UUID
    title: str
    title_locale: str
    change: Change
    moved: bool
    fields: list[FieldChangeView] | UnsetType = UNSET
    blocks: list[BlockChangeView] | UnsetType = UNSET


class LocaleChangeView(View):
    """A language, and how many texts are new, gone or others in it."""

    locale: str
    change: Literal["new", "removed", "changed"]
    texts: int


class DifferencesView(View):
    """What changed in a pack; `fields` and `blocks` are its own, empty lists where nothing did."""

    fields: list[FieldChangeView]
    blocks: list[BlockChangeView]
    activities: list[ActivityChangeView]
    locales: list[LocaleChangeView]


class PackVersionView(View):
    """A version and its languages. What was withdrawn is shown to who writes the pack, with the `reason`."""

    number: int
    published_at: datetime
    state: Literal["published", "withdrawn"]
    locales: list[str]
    note: str | UnsetType = UNSET
    reason: str | UnsetType = UNSET


class PublishedView(PackVersionView):
    """A version that was just published, and what it changed; the first one changed nothing."""

    changes: DifferencesView | UnsetType = UNSET


class VersionChangesView(View):
    """What a version changed `since` another one."""

    number: int
    since: int
    changes: DifferencesView


class ForkView(View):
    """An adaptation. `version` is on its shelf, absent before it was first published; `lineage` begins with the first pack of all."""

    id: UUID
    slug: str
    title: str
    locale: str
    licence: str
    authors: list[str]
    lineage: list[AncestorView]
    organisation: UUID | UnsetType = UNSET
    version: int | UnsetType = UNSET


class ForkChangesView(View):
    """What an adaptation changed: `origin` is the version that it was made from; `version` is absent where it is the workshop's state."""

    origin: AncestorView
    changes: DifferencesView
    version: int | UnsetType = UNSET
