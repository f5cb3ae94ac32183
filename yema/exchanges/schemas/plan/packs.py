"""The packs that an exchange plans with, on the wire."""

from uuid import UUID

from msgspec import UNSET, UnsetType

from yema.activities.schemas.versions import DifferencesView, Number
from yema.shapes import Draft, View


class PlannedPackView(View):
    """The immutable file of a pack that the exchange plans with, in the version that it keeps. `newer` is one that leaders may take."""

    pack: UUID
    version: int
    locale: str
    url: str
    bytes: int
    sha256: str
    newer: int | UnsetType = UNSET


class ExchangePackView(View):
    """A pack that the exchange plans with, for its leaders. `version` is the one that it keeps; `latest` another one that they may take,
    and `changes` what that one changed (absent where a version is too old to be compared).
    """

    pack: UUID
    title: str
    locale: str
    version: int
    withdrawn: bool
    reason: str | UnsetType = UNSET
    latest: int | UnsetType = UNSET
    changes: DifferencesView | UnsetType = UNSET


class VersionChoice(Draft):
    """The version to plan with from now on."""

    version: Number
