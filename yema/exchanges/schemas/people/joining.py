"""Codes, and who comes in by them, on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from yema.accounts.schemas import Born, TokensView
from yema.exchanges.schemas.common import Role
from yema.exchanges.schemas.setup.exchange import MembershipView
from yema.shapes import Code, Draft, Line, Tag, View

Uses = Annotated[int, Meta(ge=1, le=500)]


class JoinCodeDraft(Draft):
    """Whom a code lets in. One that admits at once needs no approval, so it is better short-lived."""

    group: UUID | UnsetType = UNSET
    role: Role = "participant"
    admits: bool = False
    uses_max: Uses = 30
    hours: Annotated[int, Meta(ge=1, le=24 * 90)] = 24 * 7


class JoinCodeView(View):
    """A join code. `code`, `secret`, `link` and `qr` (the link as an SVG) are shown once, when it is made.

    The link ends in `#` and the secret, so that no server's log gets to see it. `invited` is the name of the one person for whom it was
    made, for those who act for their group; it is used when `uses` is 1.
    """

    id: UUID
    role: Role
    admits: bool
    uses: int
    uses_max: int
    expires_at: datetime
    group: UUID | UnsetType = UNSET
    code: str | UnsetType = UNSET
    secret: str | UnsetType = UNSET
    link: str | UnsetType = UNSET
    qr: str | UnsetType = UNSET
    invited: str | UnsetType = UNSET


class JoinDraft(Draft):
    """Join by the typed code or by the secret, which stands behind `#` in a link or its QR.

    Whoever is signed in already joins as themselves.
    """

    display_name: Line
    locale: Tag
    code: Code | UnsetType = UNSET
    secret: Code | UnsetType = UNSET
    born: Born | UnsetType = UNSET


class JoinedView(View):
    """Who joined, what they are now, and how they stay signed in. The recovery code is shown this once."""

    person: UUID
    membership: MembershipView
    tokens: TokensView | UnsetType = UNSET
    recovery_code: str | UnsetType = UNSET
