"""What is said about runs: a leader tells how one went, a trainer reads all of them together, and without names."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from yema.shapes import NO_NUL, Draft, Tag, View

Words = Annotated[str, Meta(max_length=2_000, pattern=NO_NUL)]


class RunDraft(Draft):
    """How it went. `minutes` were really taken; `change` is what to change next time, in the language `locale`, else one's own."""

    minutes: Annotated[int, Meta(ge=1, le=3 * 24 * 60)]
    group_size: Annotated[int, Meta(ge=1, le=1_000)]
    change: Words = ""
    locale: Tag | UnsetType = UNSET


class RunView(View):
    """What I told about a slot. `pack_version` is the version of the pack that was used; `version` counts my changes."""

    slot: UUID
    activity: UUID
    minutes: int
    group_size: int
    change: str
    locale: str
    version: int
    pack_version: int | UnsetType = UNSET


class RunNumbers(View):
    """What was planned, and what was told; without a report there is only the plan."""

    planned_min: int
    planned_max: int
    median: float | UnsetType = UNSET
    least: int | UnsetType = UNSET
    most: int | UnsetType = UNSET


class ToldRunView(View):
    """One report, as trainers read it. `version` is the pack's; `told_on` the Monday of the week in which it was first told."""

    minutes: int
    group_size: int
    change: str
    locale: str
    told_on: date
    version: int | UnsetType = UNSET


class RunsView(View):
    """All runs of an activity in numbers, and a page of the reports."""

    count: int
    minutes: RunNumbers
    group_size: RunNumbers
    items: list[ToldRunView]
    next_cursor: str | UnsetType = UNSET


class ActivityRunsView(View):
    """The runs of one activity of a pack, in numbers."""

    activity: UUID
    slug: str
    count: int
    minutes: RunNumbers
    group_size: RunNumbers
