"""Warnings about a plan: what leaders should look at before it rains. They never forbid anything. Pure.

Nouns: a *timetable* (the plan as the rules look at it), a *finding* (what a rule found), a *warning* (a finding in words).
"""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from msgspec import UNSET

from yema.exchanges.schemas.overview.warnings import WarningsView, WarningView
from yema.exchanges.warnings.at_once import clashes
from yema.exchanges.warnings.days import long_stretches, outside, short_nights
from yema.exchanges.warnings.sessions import alone, speechless, told_to, too_full, unattended, unfitting
from yema.exchanges.warnings.speech import Speech
from yema.exchanges.warnings.timetable import Finding, Timetable
from yema.exchanges.warnings.ways import hurries, minutes_between
from yema.exchanges.warnings.words import in_words
from yema.exchanges.whole import WholeExchange

__all__ = ["minutes_between", "warnings_of"]


WARNINGS_MAX = 1_000
"""A plan with more of them is put right from its first day on."""


def warnings_of(
    exchange: WholeExchange, wanted: tuple[str, ...], acts_for: Callable[[UUID | None], bool] = lambda _: True
) -> WarningsView:
    """The first thousand warnings, by the start of their first slot, then by code, then by ids; in the reader's language.

    Who is under age is told only for groups for which the reader acts (`acts_for`); that minors are alone, to all who lead, unless they
    are so few that it would be a person's age.
    """
    table = Timetable(exchange)
    speech = Speech(table, wanted)
    known = sum(bit for one, bit in table.bit_of.items() if acts_for(exchange.people[one].group))
    found = sorted([*_findings(table), *told_to(acts_for, alone(table), table)], key=_order)
    return WarningsView(
        items=[_warning(finding, table, speech, known) for finding in found[:WARNINGS_MAX]],
        more=max(0, len(found) - WARNINGS_MAX) or UNSET,
    )


def _findings(table: Timetable) -> list[Finding]:
    lives = table.lives()
    return [
        *clashes(table),
        *outside(table),
        *hurries(table),
        *long_stretches(lives),
        *short_nights(lives),
        *too_full(table),
        *unattended(table),
        *unfitting(table),
        *speechless(table),
    ]


def _order(found: Finding) -> tuple[int, str, list[int], int, int]:
    numbers = [stretch.number for stretch in found.slots]
    return found.slots[0].start, found.code, numbers, found.start, found.people


def _warning(found: Finding, table: Timetable, speech: Speech, known: int) -> WarningView:
    people, groups = found.people, found.groups
    if found.code == "minors_without_adult":
        people &= known
    elif not groups:
        groups, _ = speech.whole_groups(people)
    return WarningView(
        code=found.code,  # type: ignore[arg-type]  # one of them
        detail=in_words(found, speech),
        slots=[stretch.slot.id for stretch in found.slots],
        day=date.fromordinal(found.slots[0].day),
        people=table.people_in(people),
        groups=table.groups_in(groups) or UNSET,
        venue=UNSET if found.venue is None else found.venue,
        by=UNSET if found.by is None else found.by,
    )
