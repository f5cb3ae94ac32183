"""What must be bought and packed for a plan: the needs of its activities and of its slots, summed up. Pure.

We do not know what is used up and what is used again, so there are two numbers, `sum` and `needed_at_once`; whoever shops knows.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from math import ceil
from typing import NamedTuple

from yema.exchanges.plan import SlotBody
from yema.exchanges.rules import on_wall
from yema.exchanges.schemas.plan.materials import DayMaterialsView, MaterialsView, MaterialView, Need
from yema.exchanges.whole import WholeExchange

_NONE = Decimal()


class Key(NamedTuple):
    """What makes two needs the same thing: name and unit, folded by case and blanks."""

    name: str
    unit: str


class _Wanted(NamedTuple):
    """So much of something for one slot: what is `shared` out to people or groups, or what is there `once`."""

    slot: SlotBody
    need: Need
    shared: Decimal
    once: Decimal


def materials_for(exchange: WholeExchange) -> MaterialsView:
    """The things that the slots need which are not cancelled, by name; a day is that on which the slot starts, in the exchange's zone.

    So much for each participant counts the participants concerned, or all who were chosen where only leaders were; for each small
    group, the groups that the slot is for (those of the exchange where it is for all, and one where people were chosen: then each
    parallel slot is a small group); in total, once for the slot. What is shared out is rounded up to whole things at the end, in total and
    for each day, so that the days together may be more than the total.
    """
    things: dict[Key, list[_Wanted]] = defaultdict(list)
    days: dict[date, dict[Key, list[_Wanted]]] = defaultdict(lambda: defaultdict(list))
    standing = (slot for slot in exchange.slots if slot.state != "cancelled")
    for slot in sorted(standing, key=lambda slot: (slot.starts_at, slot.id)):
        day = on_wall(slot.starts_at, exchange.zone).date()
        for key, wanted in _wanted_for(exchange, slot):
            things[key].append(wanted)
            days[day][key].append(wanted)
    return MaterialsView(
        items=_lines(things), days=[DayMaterialsView(date=day, items=_lines(days[day])) for day in sorted(days)]
    )


def key_of(thing: Need | MaterialView) -> Key:
    """Under which line it stands."""
    return Key(_folded(thing.name), _folded(thing.unit or ""))


def _wanted_for(exchange: WholeExchange, slot: SlotBody) -> Iterable[tuple[Key, _Wanted]]:
    facts = exchange.activities.get(slot.activity) if slot.activity else None
    needs = [*(facts.needs if facts else ()), *slot.materials]
    if not needs:
        return
    times = {"participant": _participants(exchange, slot), "group": _groups(exchange, slot), "total": 1}
    for need in needs:
        # As written: 0.1 for each of 30 is 3, which binary fractions would round up to 4.
        amount = Decimal(str(need.quantity)) * times[need.per]
        both = (_NONE, amount) if need.per == "total" else (amount, _NONE)
        yield key_of(need), _Wanted(slot, need, *both)


def _participants(exchange: WholeExchange, slot: SlotBody) -> int:
    concerned = exchange.concerned(slot)
    number = sum(one.role == "participant" for one in concerned)
    return number or (len(concerned) if slot.audience == "people" else 0)


def _groups(exchange: WholeExchange, slot: SlotBody) -> int:
    if slot.audience == "groups":
        return len(slot.groups)
    return max(1, len(exchange.parties)) if slot.audience == "all" else 1


def _lines(things: dict[Key, list[_Wanted]]) -> list[MaterialView]:
    return [_line(things[key]) for key in sorted(things)]


def _line(wanted: list[_Wanted]) -> MaterialView:
    first = wanted[0].need
    return MaterialView(
        name=" ".join(first.name.split()),
        unit=first.unit,
        locale=first.locale,
        needed_at_once=_most_at_once(wanted),
        sum=_whole(sum((one.shared for one in wanted), _NONE), sum((one.once for one in wanted), _NONE)),
        slots=list(dict.fromkeys(one.slot.id for one in wanted)),
    )


def _most_at_once(wanted: list[_Wanted]) -> float:
    """The greatest sum of slots that go on at one moment; what ends when another begins is free again."""
    changes: dict[datetime, list[tuple[Decimal, Decimal]]] = defaultdict(list)
    for one in wanted:
        changes[one.slot.starts_at].append((one.shared, one.once))
        changes[one.slot.ends_at].append((-one.shared, -one.once))
    most, shared, once = 0.0, _NONE, _NONE
    for moment in sorted(changes):
        for more_shared, more_once in changes[moment]:
            shared, once = shared + more_shared, once + more_once
        most = max(most, _whole(shared, once))
    return most


def _whole(shared: Decimal, once: Decimal) -> float:
    return float(ceil(shared) + once)


def _folded(words: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())
