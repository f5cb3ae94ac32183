"""An announcement as a value: its words in many languages, and where it is seen. Pure."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from msgspec import UNSET, Struct

from yema.accounts.signed_in import SignedIn
from yema.changes import SpaceKey
from yema.exchanges.schemas.plan.plan import Audience
from yema.exchanges.schemas.told.announcements import AnnouncementView
from yema.i18n import choose


class Words(Struct, frozen=True):
    """Title and text in one language."""

    title: str
    text: str


class Announced(Struct, frozen=True):
    """An announcement. `chosen` are ids of groups or people, as its audience says."""

    id: UUID
    exchange: UUID
    by: UUID
    texts: dict[str, Words]
    urgent: bool
    audience: str
    chosen: list[UUID]
    made_at: datetime
    version: int
    reminded_at: datetime | None = None

    def view(self, reader: SignedIn, *, leads: bool) -> AnnouncementView:
        """The announcement in the reader's language. Which other people it is told to by name, only those who lead read."""
        locale = choose(reader.wanted, frozenset(self.texts), next(iter(self.texts)))
        words = self.texts[locale]
        return AnnouncementView(
            id=self.id,
            exchange=self.exchange,
            title=words.title,
            text=words.text,
            locale=locale,
            locales=sorted(self.texts),
            urgent=self.urgent,
            audience=Audience(
                kind=self.audience,  # type: ignore[arg-type]  # the table holds one of them
                groups=self.chosen if self.audience == "groups" else UNSET,
                people=[one for one in self.chosen if leads or one == reader.id]
                if self.audience == "people"
                else UNSET,
            ),
            by=self.by,
            made_at=self.made_at,
            version=self.version,
        )

    def spaces(self) -> list[SpaceKey]:
        """Where those see it to whom it is told; leaders see it in their own space as well."""
        return spaces_of(self.exchange, self.audience, self.chosen)

    def concerns(self, person: UUID, group: UUID | None) -> bool:
        """Whether it is told to this member."""
        if self.audience == "all":
            return True
        return (person if self.audience == "people" else group) in self.chosen

    def recipients(self, members: Iterable[tuple[UUID, UUID | None]]) -> set[UUID]:
        """To which of these members, each a person with their group, it is told; who has written it is none of them."""
        chosen, named = {*self.chosen}, self.audience == "people"
        told = {one for one, group in members if self.audience == "all" or (one if named else group) in chosen}
        return told - {self.by}


def spaces_of(exchange: UUID, audience: str, chosen: Iterable[UUID]) -> list[SpaceKey]:
    """The spaces of an audience."""
    if audience == "all":
        return [SpaceKey("exchange", exchange)]
    return [SpaceKey("group" if audience == "groups" else "person", one) for one in chosen]
