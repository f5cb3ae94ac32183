"""Requests for help, on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from yema.shapes import NO_NUL, Draft, View

Need = Annotated[str, Meta(min_length=1, max_length=1000, pattern=NO_NUL)]


class HelpDraft(Draft):
    """I need help; what it is about, if one wants to say."""

    text: Need | UnsetType = UNSET


class HelpView(View):
    """Somebody needs help. `group` is the one that they are in now.

    `taken_by` is on their way since `taken_at`; after `closed_at` nobody needs to come any more. `text` is there for the person
    themself, the leaders of their group and coordinators, and only if they wrote one; of one that is closed, of the leaders only for who
    has taken it.
    """

    id: UUID
    exchange: UUID
    person: UUID
    display_name: str
    made_at: datetime
    group: UUID | UnsetType = UNSET
    text: str | UnsetType = UNSET
    taken_by: UUID | UnsetType = UNSET
    taken_by_name: str | UnsetType = UNSET
    taken_at: datetime | UnsetType = UNSET
    closed_at: datetime | UnsetType = UNSET
