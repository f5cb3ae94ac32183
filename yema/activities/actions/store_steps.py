"""The steps of carrying a pack into the workshop: each is what one transaction holds, and none where nothing differs."""

from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from typing import NamedTuple, TypeVar
from uuid import UUID

from yema.activities.actions.rows.activities import write_activity
from yema.activities.actions.rows.texts import Row, next_translation, save_texts
from yema.activities.pack.source import ActivityDraft, PackSource, Translation, block_id
from yema.activities.tables import PackBlockText
from yema.database import Statement, as_id, execute, fetch

T = TypeVar("T")
Step = Callable[[], Awaitable[None]]
"""To be done inside a transaction."""
Texts = Mapping[UUID, Translation]

PLACED_AT_ONCE = 50

_PLACES = Statement("SELECT id, position, slug FROM activity WHERE pack = {} AND position >= 0")
_PLACE = Statement("UPDATE activity SET position = {} WHERE id = {}")
_PARK = Statement("UPDATE activity SET slug = {} WHERE id = {}")


class Place(NamedTuple):
    """Where an activity stands in the workshop, and under which name."""

    position: int
    slug: str


async def places_of(pack: UUID) -> dict[UUID, Place]:
    """All activities that stand in the workshop of a pack."""
    return {as_id(row[0]): Place(row[1], row[2]) for row in await fetch(_PLACES, pack)}


def park_slugs(source: PackSource, places: Mapping[UUID, Place]) -> Iterator[Step]:
    """Free the slugs that pass from one activity to another: two may swap theirs, and at no moment may two have the same.

    Until it gets its new one, an activity is called by its id.
    """
    wanted = {activity.slug: activity.id for activity in source.activities}
    parked = [one for one, place in places.items() if wanted.get(place.slug, one) != one]
    yield from _in_batches(parked, lambda one: execute(_PARK, str(one), one))


def carry_activity(
    before: PackSource | None, source: PackSource, position: int, was: ActivityDraft | None
) -> Step | None:
    """Make one activity what the source says; None where it is that already, wherever it may stand."""
    activity = source.activities[position]
    texts = _different(before, source, activity)
    if was == activity and not texts:
        return None

    async def step() -> None:
        if was != activity:
            await write_activity(source.head, position, activity)
        await _write_texts(before, source, activity, texts)

    return step


def place_activities(
    source: PackSource, there: Mapping[UUID, ActivityDraft], places: Mapping[UUID, Place]
) -> Iterator[Step]:
    """Put those that did not change into their order."""
    moved = [
        (position, activity.id)
        for position, activity in enumerate(source.activities)
        if there.get(activity.id) == activity and places[activity.id].position != position
    ]
    yield from _in_batches(moved, lambda one: execute(_PLACE, *one))


def _in_batches(items: list[T], write: Callable[[T], Awaitable[object]]) -> Iterator[Step]:
    async def step(some: list[T]) -> None:
        for item in some:
            await write(item)

    for start in range(0, len(items), PLACED_AT_ONCE):
        yield partial(step, items[start : start + PLACED_AT_ONCE])


def _different(before: PackSource | None, source: PackSource, activity: ActivityDraft) -> dict[str, Texts]:
    """The translations of an activity, in the languages in which they are not as they were. None in a language that went."""
    ids = [block_id(activity.id, block.key) for block in activity.blocks]
    found: dict[str, Texts] = {}
    for locale in source.translations.keys() | (before.translations.keys() if before else set()):
        there, here = (_some(one, locale, ids) for one in (before, source))
        if there != here:
            found[locale] = here
    return found


def _some(source: PackSource | None, locale: str, ids: list[UUID]) -> Texts:
    texts = source.translations.get(locale, {}) if source else {}
    return {block: texts[block] for block in ids if block in texts}


async def _write_texts(
    before: PackSource | None, source: PackSource, activity: ActivityDraft, different: Mapping[str, Texts]
) -> None:
    ids = [block_id(activity.id, block.key) for block in activity.blocks]
    changed: list[Row] = []
    for locale, here in different.items():
        there = _some(before, locale, ids)
        changed += [(block, locale, text) for block, text in here.items() if there.get(block) != text]
        if gone := [*(there.keys() - here.keys())]:
            await PackBlockText.delete().where(PackBlockText.locale == locale, PackBlockText.block.is_in(gone))
        await next_translation(source.head.id, activity.id, locale)
    await save_texts(changed)
