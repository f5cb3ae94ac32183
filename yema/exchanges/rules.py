"""Pure rules of exchanges: roles, and time on the wall of a zone."""

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from yema.changes import SpaceKey
from yema.errors import N_, FieldError, Invalid
from yema.exchanges.errors import EndsBeforeItStarts, UnknownZone
from yema.i18n.zones import is_zone, zone_named

LEADING = ("leader", "facilitator", "coordinator")
"""The roles that see and edit the plan."""
SLOT_MAX = timedelta(days=3)
FIRST, LAST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Between these every zone can show every time, in whole minutes of offset."""


def may_plan(role: str) -> bool:
    """Whether this role edits the plan."""
    return role in LEADING


def circles(exchange: UUID, role: str, group: UUID | None) -> list[SpaceKey]:
    """The spaces of an exchange that an active member sees by role and group."""
    found = [SpaceKey("exchange", exchange)]
    if may_plan(role):
        found.append(SpaceKey("exchange_leaders", exchange))
    if role == "coordinator":
        found.append(SpaceKey("exchange_coordinators", exchange))
    if group:
        found.append(SpaceKey("group", group))
        if role == "leader":
            found.append(SpaceKey("group_leaders", group))
    return found


def zone_of(name: str) -> ZoneInfo:
    """The IANA zone of that name. Raises `UnknownZone`."""
    zone = zone_named(name)
    if zone is None:
        raise UnknownZone
    return zone


def known_zone(name: str) -> str:
    """The name, if it is that of a zone. Raises `UnknownZone`."""
    if not is_zone(name):
        raise UnknownZone
    return name


def at_wall(day: date, clock: time, zone: str) -> datetime:
    """The instant (UTC) at which the clock on the wall shows this, in that zone.

    A time that comes twice (clocks go back) is the first of them; one that is skipped (clocks go forward) is as far after the jump as it
    was meant to be after it (PEP 495, fold=0).
    """
    return datetime.combine(day, clock, zone_of(zone)).astimezone(UTC)


def on_wall(instant: datetime, zone: str) -> datetime:
    """The instant as that zone's clock shows it, with the offset of that moment."""
    return instant.astimezone(zone_of(zone))


def moved_end(starts_at: datetime, ends_at: datetime, new_start: datetime, zone: str) -> datetime:
    """Where the end goes when only the start is moved: the clock on the wall keeps its distance.

    A night from 22:00 to 06:00 stays one from 22:00 to 06:00 when it is moved into a night in which the clocks change, though it
    then lasts seven hours or nine. What has no length left on the wall keeps its length in time.
    """
    distance = _naive(ends_at, zone) - _naive(starts_at, zone)
    meant = (_naive(new_start, zone) + distance).replace(tzinfo=zone_of(zone))
    # In an hour that comes twice, the first showing may lie before the start and the second one after it.
    for fold in (0, 1):
        end = meant.replace(fold=fold).astimezone(UTC)
        if end > new_start:
            return end
    return new_start + (ends_at - starts_at)


def check_instant(instant: datetime, field: str) -> None:
    """Raises `Invalid` for a time that not every clock and database can hold."""
    if not FIRST <= instant < LAST:
        raise Invalid(FieldError(f"/{field}", "invalid", N_("This value is not allowed here.")))


def check_span(starts_at: datetime, ends_at: datetime) -> None:
    """Raises `EndsBeforeItStarts`, and `Invalid` where `check_instant` does."""
    check_instant(starts_at, "starts_at")
    check_instant(ends_at, "ends_at")
    if not timedelta() < ends_at - starts_at <= SLOT_MAX:
        raise EndsBeforeItStarts


def _naive(instant: datetime, zone: str) -> datetime:
    return on_wall(instant, zone).replace(tzinfo=None)
