"""Pure rules of the library: block ids, hashes of source texts, and matching cards."""

import hashlib
import unicodedata
from uuid import UUID, uuid5

from msgspec import UNSET, Struct, UnsetType

from yema.activities.schemas import ActivityDraft, CardView, Competence, Energy, Method, Setting

_LETTERS = str.maketrans({"ł": "l", "đ": "d", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i", "ـ": None})
SINGLE_KINDS = ("title", "summary")
"""Each activity has exactly one block of these, which its card shows."""


def block_id(activity: UUID, key: str) -> UUID:
    """The id of a block: UUIDv5 of its activity and key, the same in every file and database."""
    return uuid5(activity, key)


def source_hash(text: str) -> str:
    """What a translation is compared with: SHA-256 of the text in NFC, with runs of white space as one blank."""
    return hashlib.sha256(" ".join(unicodedata.normalize("NFC", text).split()).encode()).hexdigest()


def fold(text: str) -> str:
    """The text without case, accents, vowel marks and letter strokes, for finding `Łódź` by `lodz`."""
    # Some compatibility characters are made of capitals (℡), so the case goes after them.
    lower = unicodedata.normalize("NFKD", text).casefold().translate(_LETTERS)
    return "".join(c for c in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(c))


def faults_of(activity: ActivityDraft) -> list[str]:
    """What is wrong with an activity beyond the shape of its fields; sentences for its author."""
    faults = []
    keys = [block.id for block in activity.blocks]
    if twice := sorted({key for key in keys if keys.count(key) > 1}):
        faults.append(f"block ids stand twice: {', '.join(twice)}")
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
            faults.append(f"block {block.id}: a material, and nothing else, has quantity and per")
        if block.minutes is not UNSET and block.kind != "step":
            faults.append(f"block {block.id}: only a step has minutes")
    return faults


class CardFilter(Struct, frozen=True):
    """What a reader looks for; an absent field does not narrow anything."""

    q: str | UnsetType = UNSET
    method: Method | UnsetType = UNSET
    competence: Competence | UnsetType = UNSET
    setting: Setting | UnsetType = UNSET
    energy: Energy | UnsetType = UNSET
    minutes_max: int | UnsetType = UNSET
    group_size: int | UnsetType = UNSET
    age: int | UnsetType = UNSET
    tag: str | UnsetType = UNSET
    pack: UUID | UnsetType = UNSET

    def matches(self, card: CardView, folded: str) -> bool:
        """Whether the card fits. `minutes_max`: it can be done in that time; `group_size` lies within; `age` is old enough.

        `folded` is the card's title and summary, folded.
        """
        return (
            self._same("method", card.method)
            and self._same("energy", card.energy)
            and self._same("pack", card.pack)
            and (self.competence is UNSET or self.competence in card.competences)
            and (self.setting is UNSET or self.setting in card.setting)
            and (self.tag is UNSET or self.tag in card.tags)
            and self._fits(card)
            and (self.q is UNSET or all(word in folded for word in fold(self.q).split()))
        )

    def _same(self, field: str, value: object) -> bool:
        wanted = getattr(self, field)
        return wanted is UNSET or wanted == value

    def _fits(self, card: CardView) -> bool:
        return (
            (self.minutes_max is UNSET or card.minutes_min <= self.minutes_max)
            and (self.group_size is UNSET or card.group_size_min <= self.group_size <= card.group_size_max)
            and (self.age is UNSET or card.age_from <= self.age)
        )
