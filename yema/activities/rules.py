"""Pure rules of the workshop: what is wrong with an activity, and whether a translation is still that of its source."""

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from uuid import UUID

from msgspec import UNSET

from yema.activities.errors import AuthorsKept, LicenceKept
from yema.activities.pack.licences import Licence
from yema.activities.pack.source import ActivityDraft, Ancestor, BlockDraft, PackSource, Translation
from yema.activities.pack.vocabulary import MediumKind, TranslationState
from yema.errors import N_, FieldError

SINGLE_KINDS = ("title", "summary")
"""Each activity has exactly one block of these, which its card shows."""
SHOWN_KINDS = ("picture", "sound")
"""Blocks that are nothing without their media; their text says the same to who cannot see or hear it."""

MEDIA_OF: dict[str, MediumKind] = {"picture": "picture", "sound": "sound", "handout": "paper"}
"""Blocks that may name media, and of which kind these are."""
TITLE_MAX = 200


def source_hash(text: str) -> str:
    """What a translation is compared by: SHA-256 of the text in NFC, with runs of white space as one blank."""
    return hashlib.sha256(" ".join(unicodedata.normalize("NFC", text).split()).encode()).hexdigest()


def state_of(block: BlockDraft, translation: Translation | None) -> TranslationState:
    """Whether a block is translated, and from its text of today: what differs in white space only is the same text."""
    if translation is None:
        return "missing"
    return "fresh" if source_hash(translation.source) == source_hash(block.text) else "stale"


def without_alternative(source: PackSource, locale: str) -> list[UUID]:
    """The pictures and sounds that say nothing in that language to who cannot see or hear them: the ids of their blocks."""
    texts = source.translations.get(locale, {})
    found = []
    for text in source.texts():
        if text.block.kind not in SHOWN_KINDS:
            continue
        said = (
            text.block.text if locale == source.head.source_locale else texts[text.id].text if text.id in texts else ""
        )
        if not said.strip():
            found.append(text.id)
    return found


def faults_of(activity: ActivityDraft) -> list[str]:
    """What is wrong with an activity beyond the shape of its fields; sentences for its author, in English."""
    return [_sentence(activity, fault) for fault in field_faults(activity)]


def field_faults(activity: ActivityDraft) -> list[FieldError]:
    """The same, each with a JSON pointer into the activity, a stable code and words for translation."""
    return [*_key_faults(activity), *_single_faults(activity), *_range_faults(activity), *_block_faults(activity)]


def _sentence(activity: ActivityDraft, fault: FieldError) -> str:
    words = fault.words % fault.values
    words = f"{words[0].lower()}{words[1:-1]}"
    field, *place = fault.pointer.removeprefix("/").split("/")
    if field != "blocks":
        return f"{field}: {words}"
    if not place or place[-1] == "key":
        return words
    return f"block {activity.blocks[int(place[0])].key}: {words}"


def _key_faults(activity: ActivityDraft) -> Iterator[FieldError]:
    seen = set()
    for place, block in enumerate(activity.blocks):
        if block.key in seen:
            words = N_("Block keys stand twice: %(key)s.")
            yield FieldError(f"/blocks/{place}/key", "key_twice", words, key=block.key)
        seen.add(block.key)


def _single_faults(activity: ActivityDraft) -> Iterator[FieldError]:
    kinds: list[str] = [block.kind for block in activity.blocks]
    for kind in SINGLE_KINDS:
        if kinds.count(kind) != 1:
            words = N_("There must be exactly one block of kind %(kind)s.")
            yield FieldError("/blocks", f"one_{kind}", words, kind=kind)


def _range_faults(activity: ActivityDraft) -> Iterator[FieldError]:
    for name, low, high in (
        ("group_size", activity.group_size.min, activity.group_size.max),
        ("minutes", activity.minutes.min, activity.minutes.max),
    ):
        if low > high:
            yield FieldError(f"/{name}", "min_over_max", N_("Min is more than max."))


def _block_faults(activity: ActivityDraft) -> Iterator[FieldError]:
    for place, block in enumerate(activity.blocks):
        at = f"/blocks/{place}"
        if block.kind == "title" and len(block.text) > TITLE_MAX:
            words = N_("A title has at most %(limit)d characters.")
            yield FieldError(f"{at}/text", "too_long", words, limit=TITLE_MAX)
        if not (block.kind == "material") == (block.per is not UNSET) == (block.quantity is not UNSET):
            words = N_("A material, and nothing else, has quantity and per.")
            yield FieldError(f"{at}/per", "material_only", words)
        if block.minutes is not UNSET and block.kind != "step":
            yield FieldError(f"{at}/minutes", "step_only", N_("Only a step has minutes."))
        if block.kind in SHOWN_KINDS and block.media is UNSET:
            words = N_("A picture or sound has to name its media.")
            yield FieldError(f"{at}/media", "media_needed", words)
        if block.media is not UNSET and block.kind not in MEDIA_OF:
            words = N_("Only a picture, a sound or a handout has media.")
            yield FieldError(f"{at}/media", "no_media_here", words)


def check_lineage(lineage: Sequence[Ancestor], licence: Licence, authors: Sequence[str]) -> None:
    """An adaptation keeps the licence, and the authors of all that it was made from before its own.

    Raises `LicenceKept`, `AuthorsKept`.
    """
    if not lineage:
        return
    if licence != lineage[-1].licence:
        raise LicenceKept
    theirs = list(dict.fromkeys(author for ancestor in lineage for author in ancestor.authors))
    if list(authors[: len(theirs)]) != theirs:
        raise AuthorsKept
