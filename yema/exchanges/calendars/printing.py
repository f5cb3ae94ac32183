"""The programme on paper: an HTML page that needs nothing else, in the reader's language and direction.

Everything that somebody wrote is escaped, and stands in a `bdi`, so that a Polish title does not tear an Arabic line apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from html import escape

from babel.dates import format_date, format_time, get_timezone_name
from msgspec import Struct

from yema.errors import N_
from yema.exchanges.calendars.event import Event
from yema.exchanges.rules import on_wall
from yema.i18n import catalogue_for, gettext
from yema.i18n.clock import locale_for

CANCELLED = N_("Cancelled")
MOVED = N_("Moved")
RESPONSIBLE = N_("Responsible")
FOR_WHOM = N_("For whom")
CHOSEN = N_("Chosen people")
NOTHING = N_("Nothing is planned.")
NOT_TOLD = N_("Plan of the leaders. Not everybody has been told yet.")
RELEASE = N_("Release %(number)s")

STYLE = """
@page { size: A4; margin: 14mm }
* { box-sizing: border-box }
body { font: 11pt/1.4 system-ui, "Noto Sans", "Noto Sans Arabic", sans-serif; color: #000; background: #fff;
  max-width: 182mm; margin: 0 auto; padding: 4mm }
h1 { font-size: 19pt; line-height: 1.2; margin: 0 0 1mm }
h2 { font-size: 14pt; margin: 0 0 2mm; padding-bottom: 1mm; border-bottom: 1.5pt solid #000 }
p { margin: 0 }
header { margin-bottom: 6mm }
.day + .day { break-before: page; margin-top: 8mm }
table { width: 100%; border-collapse: collapse }
tr { break-inside: avoid; border-bottom: .5pt solid #777 }
th, td { text-align: start; vertical-align: top; padding: 1.6mm 0 }
th { width: 44mm; padding-inline-end: 4mm; font-weight: 600; font-variant-numeric: tabular-nums }
.zone, .kind, .about { font-size: 9.5pt; font-weight: 400 }
.zone { display: block }
.title { font-weight: 600 }
.kind { border: .5pt solid #000; border-radius: 2mm; padding: 0 1.5mm; margin-inline-start: 2mm; white-space: nowrap }
.state { font-weight: 700; margin-inline-start: 2mm }
.off .title, .off time { text-decoration: line-through }
@media print { body { padding: 0; max-width: none } .day + .day { margin-top: 0 } }
"""


class Entry(Struct, frozen=True):
    """One line of the page. `groups` are names of those it is for; empty for everybody."""

    event: Event
    moved: bool = False
    groups: Sequence[str] = ()
    chosen: bool = False
    responsible: Sequence[str] = ()


class Sheet(Struct, frozen=True):
    """What is printed. Without a `release` it is the plan; `zone` decides which day something is on."""

    title: str
    starts_on: date
    ends_on: date
    zone: str
    release: int | None
    entries: Sequence[Entry]


class _Words:
    """The reader's language: of words, of dates, and which way it runs."""

    def __init__(self, wanted: tuple[str, ...]) -> None:
        self.wanted = wanted
        self.language = catalogue_for(wanted)
        self.locale = locale_for(wanted)
        self.direction = self.locale.text_direction

    def say(self, message: str, **values: object) -> str:
        return escape(gettext(self.wanted, message, **values))

    def day(self, day: date) -> str:
        return escape(format_date(day, "full", locale=self.locale))

    def listed(self, names: Iterable[str]) -> str:
        return ("، " if self.language == "ar" else ", ").join(_own(name) for name in names)


def page_of(sheet: Sheet, wanted: tuple[str, ...], only: date | None = None) -> str:
    """The page of the whole programme or of `only` one day, by days."""
    words = _Words(wanted)
    days: dict[date, list[Entry]] = defaultdict(list)
    for entry in sheet.entries:
        day = on_wall(entry.event.starts_at, sheet.zone).date()
        if only in (None, day):
            days[day].append(entry)
    body = "".join(_day(words, sheet.zone, day, days[day]) for day in sorted(days))
    return (
        f'<!doctype html>\n<html lang="{words.language}" dir="{words.direction}">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(sheet.title)}</title><style>{STYLE}</style></head>\n<body>\n{_header(words, sheet)}"
        f"<main>\n{body or f'<p>{words.say(NOTHING)}</p>'}</main>\n</body>\n</html>\n"
    )


def _header(words: _Words, sheet: Sheet) -> str:
    dates = f"<bdi>{words.day(sheet.starts_on)}</bdi> – <bdi>{words.day(sheet.ends_on)}</bdi>"
    state = words.say(NOT_TOLD) if sheet.release is None else words.say(RELEASE, number=sheet.release)
    return f"<header><h1>{_own(sheet.title)}</h1><p>{dates}</p><p>{state}</p></header>\n"


def _day(words: _Words, zone: str, day: date, entries: list[Entry]) -> str:
    rows = "".join(_row(words, zone, entry) for entry in entries)
    return f'<section class="day"><h2>{words.day(day)}</h2>\n<table>\n{rows}</table></section>\n'


def _row(words: _Words, zone: str, entry: Entry) -> str:
    event = entry.event
    off = ' class="off"' if event.cancelled else ""
    title = f'<bdi class="title" lang="{escape(event.locale)}">{escape(event.title)}</bdi>'
    kind = "" if event.title == event.kind_name else f' <bdi class="kind">{escape(event.kind_name)}</bdi>'
    said = CANCELLED if event.cancelled else MOVED if entry.moved else ""
    state = f' <bdi class="state">{words.say(said)}</bdi>' if said else ""
    about = "".join(f'<p class="about">{line}</p>' for line in _about(words, entry))
    return f"<tr{off}><th>{_times(words, zone, event)}</th><td>{title}{kind}{state}{about}</td></tr>\n"


def _about(words: _Words, entry: Entry) -> list[str]:
    event = entry.event
    lines = []
    if place := [part for part in (event.venue, event.room) if part]:
        lines.append(words.listed(place))
    if entry.groups:
        lines.append(f"<bdi>{words.say(FOR_WHOM)}</bdi>: {words.listed(entry.groups)}")
    elif entry.chosen:
        lines.append(f"<bdi>{words.say(FOR_WHOM)}</bdi>: <bdi>{words.say(CHOSEN)}</bdi>")
    if entry.responsible:
        lines.append(f"<bdi>{words.say(RESPONSIBLE)}</bdi>: {words.listed(entry.responsible)}")
    return lines


def _times(words: _Words, zone: str, event: Event) -> str:
    starts_at, ends_at = on_wall(event.starts_at, event.zone), on_wall(event.ends_at, event.zone)
    end = _clock(words, ends_at)
    if ends_at.date() != starts_at.date():
        end += f" <bdi>({escape(format_date(ends_at.date(), 'EEE', locale=words.locale))})</bdi>"
    other = ""
    if event.zone != zone and ends_at.utcoffset() != on_wall(event.ends_at, zone).utcoffset():
        name = get_timezone_name(starts_at, locale=words.locale)
        other = f'<span class="zone">{escape(name)}</span>'
    return f"{_clock(words, starts_at)} – {end}{other}"


def _clock(words: _Words, time: datetime) -> str:
    shown = escape(format_time(time.time(), "short", locale=words.locale))
    return f'<time datetime="{time.isoformat(timespec="minutes")}"><bdi>{shown}</bdi></time>'


def _own(text: str) -> str:
    return f"<bdi>{escape(text)}</bdi>"
