"""Mixed groups, on the wire."""

from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from yema.shapes import Draft, View

PEOPLE_MAX = 200


class MixDraft(Draft):
    """How to mix: groups of at most `size`, or so many `groups`, one of the two; sizes differ by one at most.

    Without `people`, all participants. The same seed gives the same mix, as long as the people are the same.
    """

    rounds: Annotated[int, Meta(ge=1, le=30)] = 1
    seed: Annotated[int, Meta(ge=0, le=2**53)] = 0
    size: Annotated[int, Meta(ge=2, le=50)] | UnsetType = UNSET
    groups: Annotated[int, Meta(ge=1, le=50)] | UnsetType = UNSET
    people: Annotated[list[UUID], Meta(min_length=1, max_length=PEOPLE_MAX)] | UnsetType = UNSET


class MeetingsView(View):
    """How many pairs of people meet so often."""

    times: int
    pairs: int


class MixQualityView(View):
    """How good the mix is. `repeats` counts meetings of two people after their first; fewer than `repeats_least` is impossible.

    `same_country` and `same_gender` count pairs of one country or gender in one group, beyond an even spread over the groups; 0 is the
    best, and cannot always be reached for everything at once. `no_common_language` counts groups that share none.
    """

    repeats: int
    repeats_least: int
    same_country: int
    same_gender: int
    no_common_language: int


class MixView(View):
    """For each round, its groups of people's ids. Nothing of it is stored."""

    seed: int
    rounds: list[list[list[UUID]]]
    meetings: list[MeetingsView]
    quality: MixQualityView
