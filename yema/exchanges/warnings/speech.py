"""Names, places and times as a reader reads them: pieces of which sentences are made."""

from datetime import UTC, date, datetime
from functools import lru_cache
from uuid import UUID

from babel.dates import format_skeleton
from babel.lists import format_list

from yema.exchanges.kinds import kind_name
from yema.exchanges.rules import on_wall
from yema.exchanges.warnings.timetable import Stretch, Timetable
from yema.i18n import catalogue_for, choose, gettext, is_right_to_left, ngettext

NAMED_MAX = 3
"""Of more people than these the number is said, and no names; of more slots, the first ones and how many there are besides."""


class Speech:
    """How things of one exchange are called for one reader. Times are those on the wall of the slot's zone."""

    def __init__(self, table: Timetable, wanted: tuple[str, ...]) -> None:
        self.wanted = wanted
        self._table = table
        self._tag = catalogue_for(wanted)
        self._isolated = is_right_to_left(self._tag)
        self._titles: dict[int, str] = {}
        self._whole: dict[int, tuple[int, int]] = {}

    def title(self, stretch: Stretch) -> str:
        """The slot's title between quotation marks; without one, what kind of slot it is."""
        if stretch.number not in self._titles:
            titles = stretch.slot.titles
            words = titles.get(choose(self.wanted, frozenset(titles), next(iter(titles), "")))
            words = words or kind_name(self.wanted, stretch.slot.kind)
            self._titles[stretch.number] = gettext(self.wanted, "“%(title)s”", title=self._apart(words))
        return self._titles[stretch.number]

    def titles(self, stretches: list[Stretch]) -> str:
        if len(stretches) <= NAMED_MAX + 1:
            return self._listed([self.title(stretch) for stretch in stretches])
        more = ngettext(self.wanted, "%(n)d more", "%(n)d more", len(stretches) - NAMED_MAX)
        return self._listed([*(self.title(stretch) for stretch in stretches[:NAMED_MAX]), more])

    def place(self, stretch: Stretch, room: UUID | None = None) -> str:
        """The name of the slot's venue, and of a room of it."""
        venue = self._table.exchange.places.get(stretch.slot.venue) if stretch.slot.venue else None
        if venue is None:
            return ""
        if room is None or room not in venue.rooms:
            return self._apart(venue.name)
        return self._apart(f"{venue.name}, {venue.rooms[room][0]}")

    def when(self, start: int, zone: str) -> str:
        """`Wed, Jul 14, 10:30`."""
        at = _wall(start, zone)
        return gettext(self.wanted, "%(day)s, %(time)s", day=_day(at.date(), self._tag), time=_clock(at))

    def hours(self, start: int, end: int, zone: str) -> str:
        """`Wed, Jul 14, 10:30–12:00`."""
        begin = _wall(start, zone)
        times, day = f"{_clock(begin)}–{_clock(_wall(end, zone))}", _day(begin.date(), self._tag)
        return gettext(self.wanted, "%(day)s, %(time)s", day=day, time=self._apart(times))

    def who(self, people: int) -> str:
        """Everybody, or groups by name where they are concerned as a whole, or people by name where they are few, or how many."""
        if people == self._table.everybody:
            return gettext(self.wanted, "Everybody")
        groups, rest = self.whole_groups(people)
        if groups and not rest:
            return self.groups(groups)
        chosen = self._table.people_in(people)
        if len(chosen) <= NAMED_MAX:
            return self._listed([self._apart(self._table.exchange.people[one].name) for one in chosen])
        return ngettext(self.wanted, "%(n)d person", "%(n)d people", len(chosen))

    def groups(self, groups: int) -> str:
        """The groups by name, or everybody."""
        if groups & self._table.all_bit:
            return gettext(self.wanted, "Everybody")
        parties = self._table.exchange.parties
        return self._listed(sorted(self._apart(parties[one].name) for one in self._table.groups_in(groups)))

    def whole_groups(self, people: int) -> tuple[int, int]:
        """The groups all of whose people these are, and the people beside them (bits)."""
        if people not in self._whole:
            groups, rest = 0, people
            for group, bit in self._table.group_bit.items():
                members = self._table.members.get(group, 0)
                if members and people & members == members:
                    groups, rest = groups | bit, rest & ~members
            self._whole[people] = groups, rest
        return self._whole[people]

    def _listed(self, names: list[str]) -> str:
        return names[0] if len(names) == 1 else format_list(names, locale=self._tag)

    def _apart(self, name: str) -> str:
        # A Polish title in an Arabic sentence must not turn its surroundings round (UAX 9, isolates).
        return f"\u2068{name}\u2069" if self._isolated else name


@lru_cache(4096)
def _day(day: date, tag: str) -> str:
    return format_skeleton("MMMEd", day, locale=tag)


def _clock(at: datetime) -> str:
    return f"{at.hour:02}:{at.minute:02}"  # strftime takes ten times as long


def _wall(seconds: int, zone: str) -> datetime:
    return on_wall(datetime.fromtimestamp(seconds, UTC), zone)
