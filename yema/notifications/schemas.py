"""The inbox, the choices, and how far an announcement came, on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from yema.changes.notified import Cadence
from yema.shapes import END, Code, Draft, View

MinutesBefore = Literal[0, 5, 10, 15, 20, 30, 45, 60, 90, 120]
"""0: not at all."""
Clock = Annotated[str, Meta(max_length=5, pattern=f"^([01][0-9]|2[0-3]):[0-5][0-9]{END}")]
"""On the wall: `22:00`."""
KINDS_MAX = 50


class NotificationView(View):
    """A line of the inbox, in the reader's language. `about` are the ids and numbers, as text, by which the app opens it.

    `told_at` is when it was last told: while it is not seen, what is new about the same thing takes its place.
    """

    id: UUID
    kind: str
    title: str
    body: str
    made_at: datetime
    told_at: datetime
    urgent: bool
    about: dict[str, str]
    exchange: UUID | UnsetType = UNSET
    seen_at: datetime | UnsetType = UNSET


class SeenDraft(Draft):
    """Up to which instant all was seen (by `told_at`); now, unless it says otherwise."""

    until: datetime | UnsetType = UNSET


class OneSeenDraft(Draft):
    """As what I have seen it (`told_at`): what was told of it later stays unseen. All of it, unless it says otherwise."""

    told_at: datetime | UnsetType = UNSET


class ShownDraft(Draft):
    """On which of my devices it was shown; all, unless it says which."""

    device: UUID | UnsetType = UNSET


class PreferenceView(View):
    """A kind of notification that concerns me, and how often I want to hear of it. One that is `certain` always comes at once by push.

    `choices` are those for push; by e-mail every kind can come in any of them.
    """

    kind: str
    title: str
    push: Cadence
    email: Cadence
    certain: bool
    choices: list[Cadence]


class PreferencesView(View):
    """How I want to be told. The phone is quiet from `quiet_from` until `quiet_until`, on the clock of the place."""

    minutes_before: MinutesBefore
    quiet_from: str
    quiet_until: str
    kinds: list[PreferenceView]


class PreferenceDraft(Draft):
    """How often I want to hear of a kind; absent stays."""

    kind: Code
    push: Cadence | UnsetType = UNSET
    email: Cadence | UnsetType = UNSET


class PreferencesDraft(Draft):
    """What changes; absent stays. `minutes_before` a slot begins; 0 is not at all."""

    minutes_before: MinutesBefore | UnsetType = UNSET
    quiet_from: Clock | UnsetType = UNSET
    quiet_until: Clock | UnsetType = UNSET
    kinds: Annotated[list[PreferenceDraft], Meta(max_length=KINDS_MAX)] = []


class WebPushKeyView(View):
    """What a browser subscribes with (`applicationServerKey`): a point of P-256 in base64url. Who has another one subscribes anew."""

    key: str


class AcknowledgingView(View):
    """How far an announcement came with one person: on its way (`sent_at`), on a screen, read.

    `reach` is by what it comes to them; those with `inbox` see it when they open the app, and not before.
    """

    person: UUID
    display_name: str
    reach: Literal["push", "email", "inbox"]
    group: UUID | UnsetType = UNSET
    sent_at: datetime | UnsetType = UNSET
    shown_at: datetime | UnsetType = UNSET
    seen_at: datetime | UnsetType = UNSET


class AcknowledgementView(View):
    """How far an announcement came: counts of people, a sentence in the reader's language, and everybody, those who have not seen it first.

    What was seen counts as shown, and what was shown as sent.
    """

    recipients: int
    sent: int
    shown: int
    seen: int
    summary: str
    people: list[AcknowledgingView]
