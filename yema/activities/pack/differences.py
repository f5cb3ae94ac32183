"""What is different between two states of a pack: activities, their fields and blocks, and the languages.

Activities belong together by their ids, or for an adaptation by the `origin` of one and the id of the other; blocks by their keys. What was
`moved` is the fewest that one has to move to get from one order to the other.
"""

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeVar
from uuid import UUID

from msgspec import UNSET, UnsetType

from yema.activities.pack.source import PACK_KEYS, ActivityDraft, BlockDraft, PackSource, block_id

Change = Literal["new", "removed", "changed", "moved"]
Texts = Mapping[tuple[Hashable, str], str]
"""(activity or None for the pack itself, block key) -> text, in one language."""

T = TypeVar("T")

_HEAD_FIELDS = ("slug", "source_locale", "licence", "authors")
_ACTIVITY_FIELDS: dict[str, Callable[[ActivityDraft], Any]] = {
    "slug": lambda a: a.slug,
    "method": lambda a: a.method,
    "phase": lambda a: a.phase,
    "group_size_min": lambda a: a.group_size.min,
    "group_size_max": lambda a: a.group_size.max,
    "minutes_min": lambda a: a.minutes.min,
    "minutes_max": lambda a: a.minutes.max,
    "minutes_preparation": lambda a: a.minutes.preparation,
    "age_from": lambda a: a.age_from,
    "setting": lambda a: a.settings,
    "energy": lambda a: a.energy,
    "complexity": lambda a: a.complexity,
    "tags": lambda a: a.tags,
    "competences": lambda a: a.competences,
    "source": lambda a: a.source or UNSET,
}


class FieldChange(NamedTuple):
    """One field: all its values before and after as texts, one for a number or word, none where there was nothing."""

    field: str
    before: list[str]
    after: list[str]


class BlockChange(NamedTuple):
    """One block. Texts are in the source language, absent where there is no such block; `moved` also beside `changed`."""

    id: UUID
    key: str
    kind: str
    change: Change
    moved: bool
    before: str | None
    after: str | None
    fields: list[FieldChange]


class ActivityChange(NamedTuple):
    """One activity; for one that was removed the id that it had. `moved` also beside `changed`."""

    id: UUID
    change: Change
    moved: bool
    fields: list[FieldChange]
    blocks: list[BlockChange]


class LocaleChange(NamedTuple):
    """A language, and how many texts are new, gone or others in it."""

    locale: str
    change: Literal["new", "removed", "changed"]
    texts: int


class Differences(NamedTuple):
    """All that is different; empty lists where nothing is. `fields` and `blocks` are the pack's own."""

    fields: list[FieldChange]
    blocks: list[BlockChange]
    activities: list[ActivityChange]
    locales: list[LocaleChange]


def differences(before: PackSource, after: PackSource, *, adapted: bool = False) -> Differences:
    """What changed from one to the other; `adapted` where the second one was made from the first, as a pack of its own."""
    old = {activity.id: activity for activity in before.activities}
    names = _names(after, old if adapted else {})
    new = {names[activity.id]: activity for activity in after.activities}
    return Differences(
        fields=_fields(_head(before), _head(after)),
        blocks=list(_blocks(after.head.id, _own_blocks(before), _own_blocks(after), before, after)),
        activities=list(_activities(old, new, before, after)),
        locales=_locales(before, after, names),
    )


def _names(after: PackSource, origins: Mapping[UUID, ActivityDraft]) -> dict[UUID, UUID]:
    """Under which id each activity is compared: its own, or that of the one it was made from, which only one can be."""
    names: dict[UUID, UUID] = {}
    taken: set[UUID] = set()
    for activity in after.activities:
        origin = activity.origin
        name = origin if origin is not UNSET and origin in origins and origin not in taken else activity.id
        taken.add(name)
        names[activity.id] = name
    return names


def _activities(
    old: Mapping[UUID, ActivityDraft], new: Mapping[UUID, ActivityDraft], before: PackSource, after: PackSource
) -> Iterator[ActivityChange]:
    moved = _moved(list(old), list(new))
    for name, activity in new.items():
        was = old.get(name)
        if was is None:
            yield ActivityChange(activity.id, "new", False, [], [])
            continue
        fields = _fields(_facts(was), _facts(activity))
        blocks = list(_blocks(activity.id, was.blocks, activity.blocks, before, after))
        if fields or blocks or name in moved:
            change: Change = "changed" if fields or blocks else "moved"
            yield ActivityChange(activity.id, change, name in moved, fields, blocks)
    for name, activity in old.items():
        if name not in new:
            yield ActivityChange(activity.id, "removed", False, [], [])


def _blocks(
    owner: UUID, old: Sequence[BlockDraft], new: Sequence[BlockDraft], before: PackSource, after: PackSource
) -> Iterator[BlockChange]:
    was = {block.key: block for block in old}
    now = {block.key: block for block in new}
    moved = _moved(list(was), list(now))
    for key, block in now.items():
        then = was.get(key)
        if then is None:
            yield BlockChange(block_id(owner, key), key, block.kind, "new", False, None, block.text, [])
            continue
        fields = _fields(_block_facts(then, before), _block_facts(block, after))
        same = then.text == block.text and not fields
        if not same or key in moved:
            change: Change = "moved" if same else "changed"
            yield BlockChange(
                block_id(owner, key), key, block.kind, change, key in moved, then.text, block.text, fields
            )
    for key, block in was.items():
        if key not in now:
            yield BlockChange(block_id(owner, key), key, block.kind, "removed", False, block.text, None, [])


def _locales(before: PackSource, after: PackSource, names: Mapping[UUID, UUID]) -> list[LocaleChange]:
    found = []
    same = {activity.id: activity.id for activity in before.activities}
    for locale in sorted({*before.locales, *after.locales}):
        was, now = _texts(before, locale, same), _texts(after, locale, names)
        texts = sum(was.get(place) != now.get(place) for place in was.keys() | now.keys())
        if locale not in before.locales:
            found.append(LocaleChange(locale, "new", texts))
        elif locale not in after.locales:
            found.append(LocaleChange(locale, "removed", texts))
        elif texts:
            found.append(LocaleChange(locale, "changed", texts))
    return found


def _texts(source: PackSource, locale: str, names: Mapping[UUID, UUID]) -> Texts:
    """All texts that the pack really has in one language."""
    translated = source.translations.get(locale, {})
    found: dict[tuple[Hashable, str], str] = {}
    for text in source.texts():
        place = (names[text.activity.id] if text.activity else None, text.block.key)
        if locale == source.head.source_locale:
            found[place] = text.block.text
        elif text.id in translated:
            found[place] = translated[text.id].text
    return found


def _own_blocks(source: PackSource) -> list[BlockDraft]:
    return [text.block for text in source.texts() if text.activity is None and text.block.key in PACK_KEYS]


def _head(source: PackSource) -> dict[str, Any]:
    return {field: getattr(source.head, field) for field in _HEAD_FIELDS}


def _facts(activity: ActivityDraft) -> dict[str, Any]:
    return {field: read(activity) for field, read in _ACTIVITY_FIELDS.items()}


def _block_facts(block: BlockDraft, source: PackSource) -> dict[str, Any]:
    """Media are their name and their content: another picture may have the same name."""
    media: list[str] | UnsetType = UNSET
    if block.media is not UNSET:
        known = source.media.get(block.media)
        media = [block.media, *([known.sha256] if known else [])]
    return {
        "kind": block.kind,
        "minutes": block.minutes,
        "quantity": block.quantity,
        "per": block.per,
        "media": media,
    }


def _fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[FieldChange]:
    return [
        FieldChange(field, _words(before[field]), _words(after[field]))
        for field in before
        if before[field] != after[field]
    ]


def _words(value: Any) -> list[str]:
    if value is UNSET:
        return []
    if isinstance(value, list):
        return [str(one) for one in value]
    return [f"{value:g}" if isinstance(value, float) else str(value)]


def _moved(before: Sequence[T], after: Sequence[T]) -> set[T]:
    """Of those that stand in both, the fewest that one has to move: all but a longest run that is in order already."""
    places = {name: place for place, name in enumerate(before)}
    both = [name for name in after if name in places]
    stay = _longest_ascending([places[name] for name in both])
    return {name for name in both if places[name] not in stay}


def _longest_ascending(numbers: Iterable[int]) -> set[int]:
    """The numbers of a longest ascending subsequence (patience sorting, n log n)."""
    tails: list[int] = []
    behind: dict[int, int | None] = {}
    for number in numbers:
        pile = bisect_left(tails, number)
        behind[number] = tails[pile - 1] if pile else None
        tails[pile : pile + 1] = [number]
    found: set[int] = set()
    last = tails[-1] if tails else None
    while last is not None:
        found.add(last)
        last = behind[last]
    return found
