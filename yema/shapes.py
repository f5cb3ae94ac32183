"""What goes over the wire: `…Draft` in, `…View` out, and the types of their fields.

Every text of a draft has a longest length and no NUL (Postgres cannot store it), every number a bound within int64, every time a year that
the clocks of all zones can show.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

T = TypeVar("T")

WIRE = 1
"""The number of the wire format; it stands in every ETag, so that a new format is never mistaken for the old."""

NO_NUL = "^[^\\x00]*$"
END = "$(?!\\n)"
"""The end of a pattern; Python's `$` alone also stands before a last line break."""

YEARS = range(1900, 3000)

Line = Annotated[str, Meta(min_length=1, max_length=200, pattern=NO_NUL)]
"""A title or a name."""
Paragraph = Annotated[str, Meta(max_length=10_000, pattern=NO_NUL)]
"""A longer text that is not a diary."""
Code = Annotated[str, Meta(min_length=1, max_length=200, pattern=f"^[A-Za-z0-9_ .:+/=-]+{END}")]
"""A token, a join code, an id made by a machine."""
Email = Annotated[str, Meta(max_length=254, pattern=f"^[^@\\s\\x00]+@[^@\\s\\x00]+{END}")]
Tag = Annotated[str, Meta(min_length=2, max_length=20, pattern=f"^[A-Za-z0-9-]+{END}")]
"""A language tag (BCP 47)."""
Count = Annotated[int, Meta(ge=0, le=1_000_000)]
Version = Annotated[int, Meta(ge=0, le=2**53)]
"""How often a thing was changed; 0 before the first time."""


class Draft(Struct, kw_only=True, forbid_unknown_fields=True):
    """What somebody sends. Unknown fields are refused, so that a typing error is not a silent loss."""

    def __post_init__(self) -> None:
        # Near the years 1 and 9999 an instant has no place on the clock of some zone, and nobody could read it again.
        for field in self.__struct_fields__:
            value = getattr(self, field)
            if isinstance(value, datetime) and value.year not in YEARS:
                raise ValueError(f"Year out of range in `{field}`")


class View(Struct, kw_only=True, omit_defaults=True):
    """What somebody sees. A field without a value is absent, not null."""


def given(draft: Draft) -> Mapping[str, Any]:
    """The fields that a draft really has; for changes, where absent means unchanged."""
    return {f: value for f in draft.__struct_fields__ if (value := getattr(draft, f)) is not UNSET}


def present(value: T | None) -> T | UnsetType:
    """The value, or nothing at all where it is None."""
    return UNSET if value is None else value
