"""What journals take and show."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, Struct, UnsetType

from yema.activities.pack.vocabulary import Competence
from yema.exchanges.schemas.common import Instant
from yema.shapes import Draft, Tag, View

SharedWith = Literal["leader", "coordinators", "group"]
Mood = Annotated[int, Meta(ge=1, le=5)]
Competences = Annotated[list[Competence], Meta(max_length=8)]
TEXT_BYTES_MAX = 64 * 1024
Words = Annotated[str, Meta(min_length=1, max_length=1024 * 1024, pattern="^[^\\x00]*$")]
"""As long as a body may be: what is longer than `TEXT_BYTES_MAX` is counted in bytes, and has an error of its own."""


class EntryDraft(Draft):
    """A page of the diary. `written_at` is the phone's clock and orders nothing; `mood` goes from 1 (low) to 5 (high)."""

    exchange: UUID
    text: Words
    locale: Tag
    written_at: Instant | UnsetType = UNSET
    slot: UUID | UnsetType = UNSET
    prompt: UUID | UnsetType = UNSET
    mood: Mood | UnsetType = UNSET
    competences: Competences | UnsetType = UNSET


class EntryContent(Struct, frozen=True, omit_defaults=True):
    """What is sealed of a revision: all of it, so that whoever it was shared with sees nothing of a later one."""

    text: str
    locale: str
    written_at: datetime
    slot: UUID | UnsetType = UNSET
    prompt: UUID | UnsetType = UNSET
    mood: int | UnsetType = UNSET
    competences: list[Competence] | UnsetType = UNSET


class EntryView(View):
    """A page of my diary. `shared_version` is what those see with whom it is shared."""

    id: UUID
    exchange: UUID
    text: str
    locale: str
    written_at: datetime
    version: int
    slot: UUID | UnsetType = UNSET
    prompt: UUID | UnsetType = UNSET
    mood: int | UnsetType = UNSET
    competences: list[Competence] | UnsetType = UNSET
    shared_with: SharedWith | UnsetType = UNSET
    shared_version: int | UnsetType = UNSET


class RevisionView(View):
    """One version of a page of mine. `made_at` is when the server got it, `written_at` what the phone's clock said."""

    version: int
    made_at: datetime
    text: str
    locale: str
    written_at: datetime
    slot: UUID | UnsetType = UNSET
    prompt: UUID | UnsetType = UNSET
    mood: int | UnsetType = UNSET
    competences: list[Competence] | UnsetType = UNSET


class SharingDraft(Draft):
    """With whom: the leaders of my own group, the coordinators, or everybody in my group."""

    shared_with: SharedWith


class ReflectionView(View):
    """What somebody shared with me, as it was when they shared it."""

    id: UUID
    exchange: UUID
    person: UUID
    display_name: str
    text: str
    locale: str
    written_at: datetime
    shared_with: SharedWith
    shared_at: datetime
    version: int
    slot: UUID | UnsetType = UNSET
    prompt: UUID | UnsetType = UNSET
    mood: int | UnsetType = UNSET
    competences: list[Competence] | UnsetType = UNSET


class FeedbackDraft(Draft):
    """An answer."""

    text: Annotated[str, Meta(min_length=1, max_length=10_000, pattern="^[^\\x00]*$")]


class FeedbackView(View):
    """An answer to a reflection, and from whom."""

    id: UUID
    reflection: UUID
    by: UUID
    display_name: str
    text: str
    made_at: datetime


class PromptView(View):
    """A question for the evening; `locale` is the language it is really in."""

    id: UUID
    text: str
    locale: str
