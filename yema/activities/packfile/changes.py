"""What an import changes, or would change, in the workshop."""

from collections import Counter
from typing import Literal
from uuid import UUID

from msgspec import UNSET, UnsetType

from yema.activities.pack.source import ActivityDraft, PackSource
from yema.shapes import View


class ImportedActivity(View):
    """An activity that is new, different in its own fields, blocks or source texts, or no longer there."""

    id: UUID
    slug: str
    change: Literal["new", "changed", "removed"]


class ImportView(View):
    """What an import changes. `texts`: how many texts are new, different or gone in each language where there are any.

    `version` is the number under which it was published, where it was.
    """

    pack: UUID
    slug: str
    new: bool
    activities: list[ImportedActivity]
    locales: list[str]
    texts: dict[str, int]
    version: int | UnsetType = UNSET


def changes_between(before: PackSource | None, source: PackSource) -> ImportView:
    """From what is in the workshop, if anything, to what a file holds."""
    return ImportView(
        pack=source.head.id,
        slug=source.head.slug,
        new=before is None,
        activities=_activities(before.activities if before else [], source.activities),
        locales=source.locales,
        texts=_texts(before, source),
    )


def _activities(before: list[ActivityDraft], after: list[ActivityDraft]) -> list[ImportedActivity]:
    there = {activity.id: activity for activity in before}
    found = []
    for activity in after:
        was = there.pop(activity.id, None)
        if was != activity:
            found.append(ImportedActivity(id=activity.id, slug=activity.slug, change="changed" if was else "new"))
    return found + [ImportedActivity(id=gone.id, slug=gone.slug, change="removed") for gone in there.values()]


def _texts(before: PackSource | None, source: PackSource) -> dict[str, int]:
    was, now = (_all_texts(one) if one else {} for one in (before, source))
    different = Counter(
        locale for locale, block in was.keys() | now.keys() if was.get((locale, block)) != now.get((locale, block))
    )
    return dict(sorted(different.items()))


def _all_texts(source: PackSource) -> dict[tuple[str, UUID], str]:
    own = {(source.head.source_locale, text.id): text.block.text for text in source.texts()}
    translated = {
        (locale, block): found.text for locale, texts in source.translations.items() for block, found in texts.items()
    }
    return own | translated
