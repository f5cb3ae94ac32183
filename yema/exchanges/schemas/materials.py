"""What is needed, on the wire."""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType

from yema.activities.pack.vocabulary import Per
from yema.shapes import Draft, Line, Tag

Quantity = Annotated[float, Meta(ge=0, le=100_000)]


class Need(Draft):
    """Something to buy or pack: so much for each participant, for each small group, or in total. `locale` is the language of its name."""

    name: Line
    quantity: Quantity = 1
    per: Per = "total"
    unit: Line | UnsetType = UNSET
    locale: Tag | UnsetType = UNSET
