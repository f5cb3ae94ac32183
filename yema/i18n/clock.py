"""Days and times in words, as the reader's language writes them, on the clock of a place."""

from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time

from yema.i18n.catalog import catalogue_for, gettext
from yema.i18n.fallback import parents
from yema.ids import now

_NAMED_DAYS = timedelta(days=6)
"""So far ahead the name of a day is enough."""


@lru_cache(1024)
def locale_for(wanted: tuple[str, ...]) -> Locale:
    """How this reader writes dates: as at home (`en-GB`), but never in another language than the words beside them."""
    language = catalogue_for(wanted)
    own = next((tag for tag in wanted if language in parents(tag)), language)
    # English without a country is not that of the United States here: at an exchange one reads 21 November, 15:00.
    return Locale.parse("en-150" if own == "en" else own, sep="-")


def on_day(wanted: tuple[str, ...], at: datetime, zone: str, seen_at: datetime | None = None) -> str:
    """`Wednesday, 15:30`, by the clock of the zone; with the date where the day's name could mean two, seen from now or `seen_at`."""
    wall, today = at.astimezone(ZoneInfo(zone)), (seen_at or now()).astimezone(ZoneInfo(zone)).date()
    locale = locale_for(wanted)
    named = timedelta() <= wall.date() - today <= _NAMED_DAYS
    time = format_time(wall.time(), "short", locale=locale)
    return gettext(wanted, "%(day)s, %(time)s", day=_day(wall.date(), locale, named), time=time)


@lru_cache(1024)
def _day(day: date, locale: Locale, named: bool) -> str:
    return format_date(day, "EEEE", locale=locale) if named else format_skeleton("MMMEd", day, locale=locale)
