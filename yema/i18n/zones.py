"""Time zones by their names in the IANA database."""

from functools import cache, lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

_UTC = ZoneInfo("UTC")


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones() - {"localtime", "Factory"})


def is_zone(name: str) -> bool:
    """Whether it is in the database; what else the operating system keeps there (`right/…`) is not."""
    return name in _names()


@lru_cache(1024)
def zone_named(name: str) -> ZoneInfo | None:
    """The zone of that name, None where this machine has never heard of it."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def zone_or_utc(name: str) -> ZoneInfo:
    """The zone of that name; UTC where this machine has never heard of it, so that nobody is left untold."""
    return zone_named(name) or _UTC
