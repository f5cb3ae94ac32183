"""The rules of the call years, read from `years/*.toml`, which lie beside this file wherever it is installed."""

from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import msgspec
from msgspec import Struct


class Bounds(Struct, frozen=True, forbid_unknown_fields=True):
    """A least and a greatest value; both are allowed themselves."""

    section: str
    min: int | float | None = None
    max: int | float | None = None


class Guardians(Struct, frozen=True, forbid_unknown_fields=True):
    """Who is younger than this needs a guardian's written authorisation."""

    section: str
    under: int


class TravelDays(Struct, frozen=True, forbid_unknown_fields=True):
    """How many travel days of a person are funded at most, there and back together."""

    section: str
    max: int
    max_green: int


class TravelBand(Struct, frozen=True, forbid_unknown_fields=True):
    """Distances in kilometres, both ends included; the last band has no end."""

    from_km: int
    to_km: int | None = None

    @property
    def code(self) -> str:
        """`500-1999`, or `8000+`."""
        return f"{self.from_km}+" if self.to_km is None else f"{self.from_km}-{self.to_km}"


class Travel(Struct, frozen=True, forbid_unknown_fields=True):
    """The bands of distance."""

    section: str
    bands: list[TravelBand]


class Green(Struct, frozen=True, forbid_unknown_fields=True):
    """The modes with low emissions, and how far one gets in an hour at most by each mode."""

    section: str
    modes: frozenset[str]
    kmh_max: dict[str, int]


class CallRules(Struct, frozen=True, forbid_unknown_fields=True):
    """What holds for the projects of some call years."""

    years: list[int]
    guide: str
    participants_age: Bounds
    leaders_age: Bounds
    participants: Bounds
    groups: Bounds
    countries: Bounds
    group_participants: Bounds
    group_leaders: Bounds
    days: Bounds
    guardians: Guardians
    travel_days: TravelDays
    travel: Travel
    green: Green


class Call(Struct, frozen=True):
    """The rules for an exchange: those of the year `rules_of`, which is another than the one asked for where that has none of its own."""

    rules_of: int
    rules: CallRules

    def source(self, section: str) -> str:
        """Where a rule stands; the name of a document, so in the document's language."""
        return f"{self.rules.guide % {'year': self.rules_of}}. {section}"


def call_of(year: int) -> Call:
    """The rules of a call year; without rules of its own those of the latest year before it, and before the first year the first's."""
    known = _years()
    rules_of = max((one for one in known if one <= year), default=min(known))
    return Call(rules_of, known[rules_of])


def latest_bands() -> Sequence[TravelBand]:
    """The bands of the latest call year."""
    known = _years()
    return known[max(known)].travel.bands


@cache
def _years() -> dict[int, CallRules]:
    found: dict[int, CallRules] = {}
    for file in files(__package__).joinpath("years").iterdir():
        if file.name.endswith(".toml"):
            rules = msgspec.toml.decode(file.read_bytes(), type=CallRules)
            found |= dict.fromkeys(rules.years, rules)
    return found
