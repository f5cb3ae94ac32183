"""Packs as values, for the rules that need no database."""

from collections.abc import Sequence
from uuid import UUID, uuid5

from yema.activities.pack.source import (
    ActivityDraft,
    BlockDraft,
    GroupSize,
    MinutesRange,
    PackDraft,
    PackSource,
    PackTexts,
    Translation,
    block_id,
)

PACK = UUID("01900000-0000-7000-8000-0000000000aa")


def activity(slug: str, *keys: str, title: str = "", **fields: object) -> ActivityDraft:
    """An activity with a title, a summary, and a step for each key; a key can carry its text as `key=text`."""
    blocks = [BlockDraft(key="title", kind="title", text=title or slug)]
    blocks.append(BlockDraft(key="summary", kind="summary", text="Short."))
    for key in keys:
        name, _, text = key.partition("=")
        blocks.append(BlockDraft(key=name, kind="step", text=text or name))
    facts: dict[str, object] = {
        "id": uuid5(PACK, slug),
        "slug": slug,
        "method": "energiser",
        "phase": "implementation",
        "group_size": GroupSize(min=4, max=30),
        "minutes": MinutesRange(min=5, max=10),
        "age_from": 12,
        "settings": ["indoor"],
        "energy": "lively",
        "complexity": 1,
        "blocks": blocks,
    }
    return ActivityDraft(**{**facts, **fields})  # type: ignore[arg-type]


def pack(activities: Sequence[ActivityDraft], *, title: str = "Small", **translations: dict[str, str]) -> PackSource:
    """A pack; `pl={"lake title": "Jezioro"}` translates a block, named by its activity's slug and its key."""
    head = PackDraft(
        format=1,
        id=PACK,
        slug="small",
        source_locale="en",
        licence="CC-BY-4.0",
        authors=["Somebody"],
        texts=PackTexts(title=title, summary="A small pack."),
        activities=[one.slug for one in activities],
    )
    ids = {one.slug: one.id for one in activities}
    found = {
        locale: {
            block_id(ids[slug], key): Translation(text=text, source="")
            for (slug, key), text in ((tuple(place.split()), text) for place, text in texts.items())
        }
        for locale, texts in translations.items()
    }
    return PackSource(head=head, activities=list(activities), translations=found)
