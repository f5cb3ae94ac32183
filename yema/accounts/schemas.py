"""What accounts take and show."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from yema.shapes import END, Code, Draft, Email, Line, Tag, View

Born = Annotated[str, Meta(pattern="^(19|20)[0-9]{2}-(0[1-9]|1[0-2])" + END)]
"""Year and month of birth: `2009-05`."""
Oid = Annotated[str, Meta(max_length=9, pattern="^E[0-9]{8}" + END)]
"""An organisation's number in the programme."""
CountryCode = Annotated[str, Meta(max_length=2, pattern="^[A-Z]{2}" + END)]
"""ISO 3166-1 alpha-2."""
StaffRole = Literal["trainer", "coordinator", "admin"]
RotationId = Annotated[str, Meta(min_length=8, max_length=64, pattern="^[A-Za-z0-9_-]+$")]


class EmailDraft(Draft):
    """Who wants a code by e-mail."""

    email: Email


class ChallengeView(View):
    """Keep `challenge`: the code from the mail works only together with it."""

    challenge: str
    expires_in: int


class ConfirmDraft(Draft):
    """The challenge and the eight digits from the mail."""

    challenge: Code
    code: Annotated[str, Meta(pattern="^[0-9 ]{8,9}$")]


class RefreshDraft(Draft):
    """The refresh token, and an id that the phone makes for this rotation and repeats when the answer was lost."""

    refresh_token: Code
    rotation_id: RotationId


class TokensView(View):
    """`expires_in` are the seconds of the access token. Store the refresh token before using either."""

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: Literal["Bearer"]


class CodeDraft(Draft):
    """A sign-in code: of a second phone, a leader's re-link, or the recovery code."""

    code: Code


class SignInCodeView(View):
    """A code for the other phone, to type or to show as a QR."""

    code: str
    expires_in: int


class CodeTokensView(View):
    """The tokens, and after a recovery code the next one: the old one is used up."""

    tokens: TokensView
    recovery_code: str | UnsetType = UNSET


class SignInView(View):
    """One phone on which this person is signed in."""

    id: UUID
    via: str
    made_at: datetime
    last_used_at: datetime
    current: bool


class NoticeView(View):
    """Something that happened to the account: `relinked`, `operator_token`, `diary_opened`."""

    id: UUID
    kind: str
    at: datetime
    by: UUID | UnsetType = UNSET


class SignInsView(View):
    """All phones, and what the person should know about their account."""

    items: list[SignInView]
    notices: list[NoticeView]


Zone = Annotated[str, Meta(min_length=1, max_length=60, pattern=f"^[A-Za-z0-9_+/-]+{END}")]
"""A name in the IANA time zone database."""
Platform = Literal["android", "ios", "web"]
PushChannel = Literal["fcm", "webpush"]
PushToken = Annotated[str, Meta(min_length=1, max_length=4_096, pattern=f"^[!-~]+{END}")]
BrowserKey = Annotated[str, Meta(min_length=1, max_length=100, pattern=f"^[A-Za-z0-9_=-]+{END}")]


class BrowserKeys(Draft):
    """The keys of a browser's push subscription (base64url): a point of P-256, uncompressed, and 16 secret bytes."""

    p256dh: BrowserKey
    auth: BrowserKey


class DeviceDraft(Draft):
    """Where pushes go. `token` is what FCM gave the app, or for `webpush` the endpoint's URL, of at most 2,000 characters, with `keys`.

    `token_kind` is `token` unless FCM gave an installation's id (`fid`). `locale` is the language of the messages, `zone` that of the
    clock on the device.
    """

    platform: Platform
    channel: PushChannel
    token: PushToken
    locale: Tag
    zone: Zone
    token_kind: Literal["token", "fid"] | UnsetType = UNSET
    keys: BrowserKeys | UnsetType = UNSET


class DeviceView(View):
    """A device that gets pushes; never its address. `current`: of the sign-in that asks.

    `gone_at`: since then the push service does not know it, and nothing is sent until the app registers it again.
    """

    id: UUID
    platform: Platform
    channel: PushChannel
    locale: str
    zone: str
    made_at: datetime
    registered_at: datetime
    current: bool
    gone_at: datetime | UnsetType = UNSET


class PersonDraft(Draft):
    """What a person may change about themselves."""

    display_name: Line | UnsetType = UNSET
    locale: Tag | UnsetType = UNSET


class StaffView(View):
    """An organisation that I work for."""

    organisation: UUID
    name: str
    role: StaffRole


class OrganisationView(View):
    """An organisation that I work for, in these roles; `country_name` is in the reader's language."""

    id: UUID
    name: str
    country: str
    country_name: str
    roles: list[StaffRole]
    oid: str | UnsetType = UNSET


class OrganisationChange(Draft):
    """What changes; absent stays. `oid: null` clears it."""

    name: Line | UnsetType = UNSET
    country: CountryCode | UnsetType = UNSET
    oid: Oid | None | UnsetType = UNSET


class StaffMemberView(View):
    """Somebody's role in an organisation, under an id of its own. Who has an e-mail address is known by that, others by their name."""

    id: UUID
    role: StaffRole
    email: str | UnsetType = UNSET
    display_name: str | UnsetType = UNSET


class StaffDraft(Draft):
    """Who is to work for it. Name and language are for somebody who has not been here before (without, the language of who adds them)."""

    email: Email
    display_name: Line
    role: StaffRole
    locale: Tag | UnsetType = UNSET
