"""Warnings about a plan, on the wire."""

from datetime import date
from typing import Literal
from uuid import UUID

from msgspec import UNSET, UnsetType

from yema.shapes import View

WarningCode = Literal[
    "venue_taken",
    "over_capacity",
    "person_in_two_places",
    "person_in_charge_twice",
    "group_double_booked",
    "outside_exchange",
    "too_little_time",
    "no_pause",
    "short_night",
    "nobody_responsible",
    "activity_too_long",
    "group_too_small",
    "group_too_large",
    "minors_without_adult",
    "no_common_language",
]


class WarningView(View):
    """Something in the plan that leaders should look at; it forbids nothing. `detail` says it in the reader's language.

    `slots` are in the order of time, and `day` is the one on which the first of them starts, in the exchange's zone. `people` are those
    whom it concerns, where it is about people; `groups` are those that it concerns as a whole. `by` is how much is missing or too
    much: people for `over_capacity`, `group_too_small` and `group_too_large`, minutes for `too_little_time`, `no_pause`, `short_night`
    and `activity_too_long`.
    """

    code: WarningCode
    detail: str
    slots: list[UUID]
    people: list[UUID]
    day: date
    groups: list[UUID] | UnsetType = UNSET
    venue: UUID | UnsetType = UNSET
    by: int | UnsetType = UNSET


class WarningsView(View):
    """The warnings about a plan, in the order of time; the first thousand, and at least so many `more` that are left out."""

    items: list[WarningView]
    more: int | UnsetType = UNSET
