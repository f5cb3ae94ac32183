"""Packs made for finding things in them, straight from what the workshop would hold."""

from collections.abc import Sequence
from itertools import count
from typing import Any
from uuid import UUID

from yema.activities.actions.publish import publish_pack
from yema.activities.actions.store import store_pack
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
from yema.ids import uuid7

KINDS = ("title", "summary", "step")
_numbers = count(1)


def activity(*texts: str, **fields: Any) -> ActivityDraft:
    """An activity with these texts: title, summary, step; what is not given is a dot. Its id is higher than those made before."""
    given = {kind: text for kind, text in zip(KINDS, texts, strict=False) if text}
    number = UUID(int=(0x0199A3C0 << 96) + next(_numbers))
    return ActivityDraft(
        **{
            "id": number,
            "slug": f"a-{number.hex}",
            "method": "energiser",
            "phase": "implementation",
            "group_size": GroupSize(min=4, max=30),
            "minutes": MinutesRange(min=5, max=10),
            "age_from": 12,
            "settings": ["indoor"],
            "energy": "lively",
            "complexity": 1,
            "blocks": [BlockDraft(key=kind, kind=kind, text=given.get(kind, ".")) for kind in KINDS],  # type: ignore[arg-type]
            **fields,
        }
    )


def pack(activities: Sequence[ActivityDraft], **head: Any) -> PackSource:
    """A pack of these activities, in English if nothing else is said."""
    number = head.pop("id", uuid7())
    fields = {
        "format": 1,
        "id": number,
        "slug": f"p-{number.hex}",
        "source_locale": "en",
        "licence": "CC-BY-4.0",
        "authors": ["Somebody"],
        "texts": PackTexts(title="Pack", summary="A pack."),
        "activities": [one.slug for one in activities],
        **head,
    }
    return PackSource(head=PackDraft(**fields), activities=[*activities], translations={})


def translate(source: PackSource, locale: str, one: ActivityDraft, *texts: str) -> None:
    """Give an activity of the pack these texts in another language: title, summary, step."""
    for kind, text in zip(KINDS, texts, strict=False):
        block = next(block for block in one.blocks if block.key == kind)
        texts_there = source.translations.setdefault(locale, {})
        texts_there[block_id(one.id, kind)] = Translation(text=text, source=block.text)


async def publish(source: PackSource, *, organisation: UUID | None = None, public: bool = True) -> UUID:
    """Store the pack and publish it; its id."""
    stored = await store_pack(source, organisation=organisation, public=public)
    await publish_pack(stored)
    return stored
