"""Narrowing cards, and counting what a further choice would leave.

Of a row of activities each value of a facet is a *mask*: a whole number whose bit n says whether the nth activity has it. So a filter is an
AND of a few numbers, and a count is the number of its bits, however long the row.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from yema.activities.pack.vocabulary import Competence, Energy, Method, Setting
from yema.activities.schemas.library import CardView
from yema.shapes import View

COUNTED = ("method", "competence", "setting", "energy", "tag", "pack")

Masks = dict[str, int]


class CardFilter(Struct, frozen=True):
    """What a reader looks for; an absent field does not narrow anything.

    `minutes_max`: it can be done in that time; `group_size` lies within its bounds; `age` is old enough.
    """

    q: str | UnsetType = UNSET
    method: Method | UnsetType = UNSET
    competence: Competence | UnsetType = UNSET
    setting: Setting | UnsetType = UNSET
    energy: Energy | UnsetType = UNSET
    minutes_max: int | UnsetType = UNSET
    group_size: int | UnsetType = UNSET
    age: int | UnsetType = UNSET
    tag: str | UnsetType = UNSET
    pack: UUID | UnsetType = UNSET


class FacetsView(View):
    """For each value how many cards there would be if it were chosen, with every other filter as it is; those without any are absent."""

    method: dict[str, int]
    competence: dict[str, int]
    setting: dict[str, int]
    energy: dict[str, int]
    tag: dict[str, int]
    pack: dict[str, int]


class CardsView(View):
    """Some cards, and where to go on; without `next_cursor` this was all. `facets` stand on the first page."""

    items: list[CardView]
    next_cursor: str | UnsetType = UNSET
    facets: FacetsView | UnsetType = UNSET


class Facts(Struct, frozen=True):
    """What of a card can be asked for, the same in all languages."""

    id: UUID
    pack: UUID
    method: str
    minutes_min: int
    group_size_min: int
    group_size_max: int
    age_from: int
    setting: list[str]
    energy: str
    tags: list[str]
    competences: list[str]

    def values(self) -> dict[str, Sequence[str]]:
        return {
            "method": [self.method],
            "competence": self.competences,
            "setting": self.setting,
            "energy": [self.energy],
            "tag": self.tags,
            "pack": [str(self.pack)],
        }


class Scale:
    """A number of each activity: `up_to(n)` is the mask of those with n or less."""

    __slots__ = ("_numbers", "_sums", "masks")

    def __init__(self, masks: Mapping[int, int]) -> None:
        self.masks = masks
        self._numbers = sorted(masks)
        self._sums = [0]
        for number in self._numbers:
            self._sums.append(self._sums[-1] | masks[number])

    def up_to(self, number: int) -> int:
        return self._sums[bisect_right(self._numbers, number)]


class Facets:
    """A row of activities, in masks: `of` has those of each facet's values, `scales` those of numbers."""

    SCALES = ("minutes_min", "group_size_min", "group_size_max", "age_from")

    __slots__ = ("count", "of", "scales")

    def __init__(self, count: int, of: Mapping[str, Masks], scales: Mapping[str, Mapping[int, int]]) -> None:
        self.count = count
        self.of = of
        self.scales = {name: Scale(scales.get(name, {})) for name in self.SCALES}

    @classmethod
    def of_all(cls, row: Sequence[Facts]) -> "Facets":
        """The facets of these activities, in their order."""
        of: dict[str, dict[str, int]] = {name: defaultdict(int) for name in COUNTED}
        scales: dict[str, dict[int, int]] = {name: defaultdict(int) for name in cls.SCALES}
        for place, facts in enumerate(row):
            bit = 1 << place
            for name, values in facts.values().items():
                for value in values:
                    of[name][value] |= bit
            for name, masks in scales.items():
                masks[getattr(facts, name)] |= bit
        return cls(len(row), {name: dict(masks) for name, masks in of.items()}, scales)

    @classmethod
    def joined(cls, parts: Iterable["Facets"]) -> "Facets":
        """The facets of several rows, one after the other."""
        of: dict[str, dict[str, int]] = {name: defaultdict(int) for name in COUNTED}
        scales: dict[str, dict[int, int]] = {name: defaultdict(int) for name in cls.SCALES}
        start = 0
        for part in parts:
            for name, masks in part.of.items():
                for value, mask in masks.items():
                    of[name][value] |= mask << start
            for name, scale in part.scales.items():
                for number, mask in scale.masks.items():
                    scales[name][number] |= mask << start
            start += part.count
        return cls(start, {name: dict(masks) for name, masks in of.items()}, scales)

    @property
    def everything(self) -> int:
        return (1 << self.count) - 1

    def fitting(self, wanted: CardFilter, *, but: str = "") -> int:
        """The mask of what fits all filters except words, and except the facet `but`."""
        mask = self.everything
        for name in COUNTED:
            value = getattr(wanted, name)
            if value is not UNSET and name != but:
                mask &= self.of[name].get(str(value), 0)
        if wanted.minutes_max is not UNSET:
            mask &= self.scales["minutes_min"].up_to(wanted.minutes_max)
        if wanted.age is not UNSET:
            mask &= self.scales["age_from"].up_to(wanted.age)
        if wanted.group_size is not UNSET:
            mask &= self.scales["group_size_min"].up_to(wanted.group_size)
            mask &= ~self.scales["group_size_max"].up_to(wanted.group_size - 1)
        return mask

    def counts(self, wanted: CardFilter, found: int) -> dict[str, dict[str, int]]:
        """How many of those that words have `found` there would be for each value of each facet, chosen instead of its own."""
        all_filters = self.fitting(wanted) & found
        counts = {}
        for name, masks in self.of.items():
            narrowed = getattr(wanted, name) is not UNSET
            base = self.fitting(wanted, but=name) & found if narrowed else all_filters
            counts[name] = {value: n for value, mask in masks.items() if (n := (mask & base).bit_count())}
        return counts


def added(counts: Sequence[dict[str, dict[str, int]]]) -> FacetsView:
    """The counts of several rows together."""
    if len(counts) == 1:
        return FacetsView(**counts[0])
    sums: dict[str, dict[str, int]] = {name: defaultdict(int) for name in COUNTED}
    for one in counts:
        for name, values in one.items():
            for value, count in values.items():
                sums[name][value] += count
    return FacetsView(**{name: dict(values) for name, values in sums.items()})
