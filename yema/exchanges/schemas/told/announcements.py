"""Announcements, and who has seen them, on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from yema.exchanges.schemas.plan.plan import Audience, AudienceDraft
from yema.shapes import NO_NUL, Draft, Line, Tag, View

Words = Annotated[str, Meta(min_length=1, max_length=4_000, pattern=NO_NUL)]


class AnnouncementTextDraft(Draft):
    """An announcement in one language."""

    title: Line
    text: Words


class AnnouncementDraft(AnnouncementTextDraft):
    """What leaders tell, for all unless it says otherwise. Without `locale`, title and text are in the writer's own language."""

    locale: Tag | UnsetType = UNSET
    urgent: bool = False
    audience: AudienceDraft | UnsetType = UNSET


class AnnouncementView(View):
    """Something that leaders told; `locale` is the language that it is really in.

    `recipients` and `seen` count people, and only leaders read them; `seen_at` is when the reader said that they had seen it.
    """

    id: UUID
    exchange: UUID
    title: str
    text: str
    locale: str
    locales: list[str]
    urgent: bool
    audience: Audience
    by: UUID
    made_at: datetime
    version: int
    recipients: int | UnsetType = UNSET
    seen: int | UnsetType = UNSET
    reminded_at: datetime | UnsetType = UNSET
    seen_at: datetime | UnsetType = UNSET


class RecipientView(View):
    """Somebody to whom an announcement is told; `seen_at` is absent where they have not seen it."""

    person: UUID
    display_name: str
    group: UUID | UnsetType = UNSET
    seen_at: datetime | UnsetType = UNSET


class RemindedView(View):
    """How many people have not seen it and are reminded now."""

    people: int


class SeenView(View):
    """That, and when, the person saw an announcement, under its id."""

    id: UUID
    at: datetime
