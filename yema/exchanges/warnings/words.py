"""What was found, in sentences for somebody who stands in the rain: which slot, where, when on the wall."""

from collections.abc import Callable

from yema.exchanges.warnings.speech import Speech
from yema.exchanges.warnings.timetable import HOUR, MINUTE, Finding
from yema.i18n import gettext, ngettext


def in_words(found: Finding, speech: Speech) -> str:
    """The sentences for a finding, in the reader's language."""
    return _SENTENCES[found.code](found, speech)


def _venue_taken(found: Finding, speech: Speech) -> str:
    rooms = {stretch.slot.room for stretch in found.slots}
    room = found.slots[0].slot.room if len(rooms) == 1 else None
    place, slots = speech.place(found.slots[0], room), speech.titles(found.slots)
    return gettext(
        speech.wanted,
        "%(place)s is taken twice: %(slots)s. %(when)s.",
        place=place,
        slots=slots,
        when=_when(found, speech),
    )


def _over_capacity(found: Finding, speech: Speech) -> str:
    one = found.slots[0]
    return ngettext(
        speech.wanted,
        "%(slot)s: %(n)d person too many for %(place)s. %(when)s.",
        "%(slot)s: %(n)d people too many for %(place)s. %(when)s.",
        found.by or 0,
        slot=speech.title(one),
        place=speech.place(one, one.slot.room),
        when=_when(found, speech),
    )


def _in_two_places(found: Finding, speech: Speech) -> str:
    return gettext(
        speech.wanted,
        "%(who)s: in two places at once, %(slots)s. %(when)s.",
        who=speech.who(found.people),
        slots=speech.titles(found.slots),
        when=_when(found, speech),
    )


def _in_charge_twice(found: Finding, speech: Speech) -> str:
    return gettext(
        speech.wanted,
        "%(who)s: responsible for two things at once, %(slots)s. %(when)s.",
        who=speech.who(found.people),
        slots=speech.titles(found.slots),
        when=_when(found, speech),
    )


def _double_booked(found: Finding, speech: Speech) -> str:
    return gettext(
        speech.wanted,
        "%(who)s: two things at once, %(slots)s. %(when)s.",
        who=speech.groups(found.groups),
        slots=speech.titles(found.slots),
        when=_when(found, speech),
    )


def _outside(found: Finding, speech: Speech) -> str:
    slot = speech.title(found.slots[0])
    return gettext(
        speech.wanted, "%(slot)s is outside the days of the exchange. %(when)s.", slot=slot, when=_when(found, speech)
    )


def _too_little_time(found: Finding, speech: Speech) -> str:
    next_ = next(stretch for stretch in found.slots if stretch.start == found.end)
    return ngettext(
        speech.wanted,
        "The way from %(here)s to %(there)s takes %(n)d minute more than there is before %(slot)s. %(when)s.",
        "The way from %(here)s to %(there)s takes %(n)d minutes more than there is before %(slot)s. %(when)s.",
        found.by or 0,
        here=speech.place(found.slots[0]),
        there=speech.place(next_),
        slot=speech.title(next_),
        when=speech.when(found.end, next_.slot.zone),
    )


def _no_pause(found: Finding, speech: Speech) -> str:
    who, when = speech.who(found.people), speech.hours(found.start, found.end, found.slots[0].slot.zone)
    if len(found.slots) == 1:
        slot = speech.title(found.slots[0])
        return gettext(speech.wanted, "%(who)s: no pause in %(slot)s. %(when)s.", who=who, slot=slot, when=when)
    first, last = speech.title(found.slots[0]), speech.title(found.slots[-1])
    return gettext(
        speech.wanted,
        "%(who)s: no pause from %(first)s to %(last)s. %(when)s.",
        who=who,
        first=first,
        last=last,
        when=when,
    )


def _short_night(found: Finding, speech: Speech) -> str:
    one, other = found.slots[0], found.slots[-1]
    night = found.end - found.start
    return gettext(
        speech.wanted,
        "%(who)s: a night of only %(hours)s h, from %(slot)s to %(next)s. %(when)s.",
        who=speech.who(found.people),
        hours=f"{night // HOUR}:{night % HOUR // MINUTE:02}",
        slot=speech.title(one),
        next=speech.title(other),
        when=speech.hours(found.start, found.end, other.slot.zone),
    )


def _nobody(found: Finding, speech: Speech) -> str:
    slot = speech.title(found.slots[0])
    return gettext(speech.wanted, "Nobody is responsible for %(slot)s. %(when)s.", slot=slot, when=_when(found, speech))


def _too_long(found: Finding, speech: Speech) -> str:
    return ngettext(
        speech.wanted,
        "%(slot)s: the activity needs at least %(n)d minute more. %(when)s.",
        "%(slot)s: the activity needs at least %(n)d minutes more. %(when)s.",
        found.by or 0,
        slot=speech.title(found.slots[0]),
        when=_when(found, speech),
    )


def _too_small(found: Finding, speech: Speech) -> str:
    return ngettext(
        speech.wanted,
        "%(slot)s: %(n)d participant too few for the activity. %(when)s.",
        "%(slot)s: %(n)d participants too few for the activity. %(when)s.",
        found.by or 0,
        slot=speech.title(found.slots[0]),
        when=_when(found, speech),
    )


def _too_large(found: Finding, speech: Speech) -> str:
    return ngettext(
        speech.wanted,
        "%(slot)s: %(n)d participant too many for the activity. %(when)s.",
        "%(slot)s: %(n)d participants too many for the activity. %(when)s.",
        found.by or 0,
        slot=speech.title(found.slots[0]),
        when=_when(found, speech),
    )


def _alone(found: Finding, speech: Speech) -> str:
    slot, when = speech.title(found.slots[0]), _when(found, speech)
    if not found.groups:
        return gettext(speech.wanted, "%(slot)s: no adult is with the minors. %(when)s.", slot=slot, when=when)
    return gettext(
        speech.wanted,
        "%(slot)s: no adult of the group is with the minors of %(groups)s. %(when)s.",
        slot=slot,
        groups=speech.groups(found.groups),
        when=when,
    )


def _no_language(found: Finding, speech: Speech) -> str:
    slot = speech.title(found.slots[0])
    return gettext(
        speech.wanted,
        "%(slot)s: there is no language that all of them speak. %(when)s.",
        slot=slot,
        when=_when(found, speech),
    )


def _when(found: Finding, speech: Speech) -> str:
    return speech.when(found.start, found.slots[0].slot.zone)


_SENTENCES: dict[str, Callable[[Finding, Speech], str]] = {
    "venue_taken": _venue_taken,
    "over_capacity": _over_capacity,
    "person_in_two_places": _in_two_places,
    "person_in_charge_twice": _in_charge_twice,
    "group_double_booked": _double_booked,
    "outside_exchange": _outside,
    "too_little_time": _too_little_time,
    "no_pause": _no_pause,
    "short_night": _short_night,
    "nobody_responsible": _nobody,
    "activity_too_long": _too_long,
    "group_too_small": _too_small,
    "group_too_large": _too_large,
    "minors_without_adult": _alone,
    "no_common_language": _no_language,
}
