"""What was found in somebody else's file: what can become a slot, and notes of what was not understood."""

from datetime import date, datetime

from msgspec import Struct

from yema.errors import N_
from yema.exchanges.errors import TooManyEvents
from yema.exchanges.rules import on_wall
from yema.exchanges.schemas.common import SlotKind

EVENTS_MAX = 1000
"""Events, and slots that they make; the longest exchange with the fullest days has half of that."""
NOTES_MAX = 500
TITLE_MAX = 200

NOTES: dict[str, str] = {
    "all_day": N_("It says no hours, so it was left out."),
    "cancelled": N_("It was cancelled, so it was left out."),
    "twice": N_("The same entry stands in the file before, so it was left out."),
    "time": N_("Its time cannot be read, so it was left out."),
    "length": N_("It has no length or is longer than three days, so it was left out."),
    "never": N_("It does not happen on a day of the exchange, so it was left out."),
    "unreadable": N_("This cannot be read, so it was left out."),
    "not_an_event": N_("This is no event, so it was left out."),
    "no_end": N_("It says no end. It was given an hour."),
    "outside": N_("It is outside the days of the exchange. It was taken all the same."),
    "zone": N_("Its time zone is not known. Its times were read in the zone of the exchange."),
    "repeats": N_("It repeats in a way that is not understood here. It was taken once."),
    "repeats_left_out": N_("It repeats in a way that is not understood here, so it was left out."),
    "too_often": N_("It repeats more often than 60 times. The first 60 were taken."),
    "title": N_("Its title is too long. It was shortened."),
    "people": N_("The people in it were not taken over."),
    "text": N_("Its description, links and attachments were not taken over."),
    "alarm": N_("Its reminder was not taken over."),
    "taken": N_("It could not be put on the plan, so it was left out."),
    "more": N_("There was more that is not listed here."),
}
"""What was not understood, by its stable name, in words."""


class Days(Struct, frozen=True):
    """The days of an exchange, and its zone."""

    first: date
    last: date
    zone: str

    def include(self, starts_at: datetime) -> bool:
        """Whether that instant lies on one of them."""
        return self.first <= on_wall(starts_at, self.zone).date() <= self.last


class Found(Struct, frozen=True):
    """Something that can become a slot. `key` is the same whenever the same is read again; `at` is where it stands.

    Times are instants (UTC); `place` is the name of a place, in whatever way the file puts it.
    """

    key: str
    at: int
    title: str
    kind: SlotKind
    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str = ""
    locale: str | None = None


class Note(Struct, frozen=True):
    """Something that was not understood: one of `NOTES`, where it stands, and in an event of which title."""

    what: str
    at: int
    title: str = ""


class Reading:
    """What was read so far. `at` counts lines, or entries where a file is not read by lines."""

    def __init__(self) -> None:
        self.found: list[Found] = []
        self.notes: list[Note] = []
        self._keys: set[str] = set()
        self._events = 0

    def note(self, what: str, at: int, title: str = "") -> None:
        """Remember that this was not understood. After many, one last note says that there was more."""
        if len(self.notes) < NOTES_MAX:
            self.notes.append(Note(what, at, title[:TITLE_MAX]))
        elif len(self.notes) == NOTES_MAX:
            self.notes.append(Note("more", at))

    def begin_event(self) -> None:
        """One more event of the file, whatever becomes of it. Raises `TooManyEvents`."""
        self._events += 1
        if self._events > EVENTS_MAX:
            raise TooManyEvents(limit=EVENTS_MAX)

    def add(self, found: Found) -> None:
        """Keep this. Raises `TooManyEvents`."""
        if found.key in self._keys:
            self.note("twice", found.at, found.title)
            return
        if len(self.found) >= EVENTS_MAX:
            raise TooManyEvents(limit=EVENTS_MAX)
        self._keys.add(found.key)
        self.found.append(found)

    def title_of(self, text: str, at: int) -> str:
        """A title that a slot can have; "" for none."""
        title = text.strip()
        if len(title) > TITLE_MAX:
            self.note("title", at, title)
            title = f"{title[: TITLE_MAX - 1].rstrip()}…"
        return title
