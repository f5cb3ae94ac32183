"""What a version is for its readers: the whole pack in one language, the cards of its activities, and the words by which they are found."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.activities.pack.source import ActivityDraft, BlockDraft, Medium, PackSource, Translation, block_id
from yema.activities.schemas.library import (
    ActivityView,
    AncestorView,
    BlockView,
    CardView,
    MediumView,
    PackDocument,
    RenditionView,
)
from yema.shapes import WIRE, present

_CARD_FIELDS = CardView.__struct_fields__


class Edition(NamedTuple):
    """A version in one language, as it is kept."""

    locale: str
    document: bytes
    cards: bytes


def encoded(document: PackDocument) -> Edition:
    """The document as the bytes that every phone gets, and its cards."""
    cards = [CardView(**{f: getattr(activity, f) for f in _CARD_FIELDS}) for activity in document.activities]
    return Edition(document.locale, msgspec.json.encode(document), msgspec.json.encode(cards))


def document_of(source: PackSource, locale: str, number: int) -> PackDocument:
    """The pack in one language; a text that is missing there stands in the source language, and says so."""
    head = source.head
    texts = source.translations.get(locale, {})
    title, summary = (
        found.text if (found := texts.get(block_id(head.id, key))) else getattr(head.texts, key)
        for key in ("title", "summary")
    )
    return PackDocument(
        wire=WIRE,
        id=head.id,
        slug=head.slug,
        version=number,
        locale=locale,
        title=title,
        summary=summary,
        licence=head.licence,
        authors=head.authors,
        activities=[activity_view(source, activity, locale, number) for activity in source.activities],
        lineage=[AncestorView(**msgspec.structs.asdict(ancestor)) for ancestor in head.lineage] or UNSET,
    )


def activity_view(source: PackSource, activity: ActivityDraft, locale: str, number: int) -> ActivityView:
    """One activity of the pack in one language."""
    blocks = list(_blocks(source, activity, locale))
    by_kind = {block.kind: block for block in reversed(blocks)}
    return ActivityView(
        id=activity.id,
        pack=source.head.id,
        title=by_kind["title"].text,
        summary=by_kind["summary"].text,
        locale=by_kind["title"].locale,
        method=activity.method,
        minutes_min=activity.minutes.min,
        minutes_max=activity.minutes.max,
        minutes_preparation=activity.minutes.preparation,
        group_size_min=activity.group_size.min,
        group_size_max=activity.group_size.max,
        age_from=activity.age_from,
        setting=activity.settings,
        energy=activity.energy,
        complexity=activity.complexity,
        tags=activity.tags,
        competences=activity.competences,
        slug=activity.slug,
        version=number,
        phase=activity.phase,
        licence=source.head.licence,
        authors=source.head.authors,
        blocks=blocks,
        source=activity.source or UNSET,
        origin=activity.origin,
    )


def _blocks(source: PackSource, activity: ActivityDraft, locale: str) -> Iterator[BlockView]:
    texts: Mapping[UUID, Translation] = source.translations.get(locale, {})
    for block in activity.blocks:
        which = block_id(activity.id, block.key)
        text = texts.get(which)
        yield BlockView(
            id=which,
            kind=block.kind,
            text=text.text if text else block.text,
            locale=locale if text else source.head.source_locale,
            minutes=block.minutes,
            quantity=block.quantity,
            per=block.per,
            media=_media(source, block),
        )


def _media(source: PackSource, block: BlockDraft) -> MediumView | msgspec.UnsetType:
    if block.media is UNSET or (found := source.media.get(block.media)) is None:
        return UNSET
    return medium_view(source.head.id, found)


def medium_view(pack: UUID, medium: Medium) -> MediumView:
    """What a reader of that pack sees of a medium: where each of its sizes is."""
    return MediumView(
        kind=medium.kind,
        placeholder=present(medium.placeholder),
        seconds=present(medium.seconds),
        renditions=[
            RenditionView(
                name=one.name,
                content_type=one.content_type,
                bytes=one.bytes,
                sha256=one.sha256,
                url=f"/api/v1/packs/{pack}/media/{one.sha256}",
                width=present(one.width),
                height=present(one.height),
            )
            for one in medium.renditions
        ],
    )
