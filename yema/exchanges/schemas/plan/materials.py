"""What is needed, on the wire."""

from datetime import date
from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, UnsetType

from yema.activities.pack.vocabulary import Per
from yema.shapes import Draft, Line, Tag, View

Quantity = Annotated[float, Meta(ge=0, le=100_000)]


class Need(Draft):
    """Something to buy or pack: so much for each participant, for each small group, or in total. `locale` is the language of its name."""

    name: Line
    quantity: Quantity = 1
    per: Per = "total"
    unit: Line | UnsetType = UNSET
    locale: Tag | UnsetType = UNSET


class MaterialView(View):
    """A thing, and how much of it: `needed_at_once` is the most that slots of one time need together, `sum` is for all of them.

    Of what is used again (a ball), take along what is needed at once; of what is used up (paper), the sum. `locale` is the language of its
    name; `slots` are those that need it, in the order of time.
    """

    name: str
    needed_at_once: float
    sum: float
    slots: list[UUID]
    unit: str | UnsetType = UNSET
    locale: str | UnsetType = UNSET


class DayMaterialsView(View):
    """What is needed on a day, in the exchange's zone."""

    date: date
    items: list[MaterialView]


class MaterialsView(View):
    """What must be bought and packed, by name: in total, and for each day."""

    items: list[MaterialView]
    days: list[DayMaterialsView]
