"""Narrowing cards."""

from uuid import UUID

from msgspec import UNSET, Struct, UnsetType

from yema.activities.folding import fold
from yema.activities.schemas import CardView, Competence, Energy, Method, Setting


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
