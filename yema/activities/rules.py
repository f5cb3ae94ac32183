"""Pure rules of the workshop: what is wrong with an activity, and whether a translation is still that of its source."""

import hashlib
import unicodedata
from typing import Literal

from msgspec import UNSET

from yema.activities.source import ActivityDraft, BlockDraft, Translation

SINGLE_KINDS = ("title", "summary")
"""Each activity has exactly one block of these, which its card shows."""
SHOWN_KINDS = ("picture", "sound")
"""Blocks that are nothing without their media; their text says the same to who cannot see or hear it."""

TranslationState = Literal["fresh", "stale", "missing"]


def source_hash(text: str) -> str:
    """What a translation is compared by: SHA-256 of the text in NFC, with runs of white space as one blank."""
    return hashlib.sha256(" ".join(unicodedata.normalize("NFC", text).split()).encode()).hexdigest()


def state_of(block: BlockDraft, translation: Translation | None) -> TranslationState:
    """Whether a block is translated, and from its text of today: what differs in white space only is the same text."""
    if translation is None:
        return "missing"
    return "fresh" if source_hash(translation.source) == source_hash(block.text) else "stale"


def faults_of(activity: ActivityDraft) -> list[str]:
    """What is wrong with an activity beyond the shape of its fields; sentences for its author."""
    faults = []
    keys = [block.key for block in activity.blocks]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        faults.append(f"block keys stand twice: {', '.join(twice)}")
    kinds: list[str] = [block.kind for block in activity.blocks]
    faults += [f"there must be exactly one block of kind {kind}" for kind in SINGLE_KINDS if kinds.count(kind) != 1]
    for name, low, high in (
        ("group_size", activity.group_size.min, activity.group_size.max),
        ("minutes", activity.minutes.min, activity.minutes.max),
    ):
        if low > high:
            faults.append(f"{name}: min is more than max")
    for block in activity.blocks:
        if (block.kind == "material") != (block.per is not UNSET):
            faults.append(f"block {block.key}: a material, and nothing else, has quantity and per")
        if block.minutes is not UNSET and block.kind != "step":
            faults.append(f"block {block.key}: only a step has minutes")
        if block.kind in SHOWN_KINDS and block.media is UNSET:
            faults.append(f"block {block.key}: a {block.kind} names its media")
        if block.media is not UNSET and block.kind not in (*SHOWN_KINDS, "handout"):
            faults.append(f"block {block.key}: only a picture, a sound or a handout has media")
    return faults
