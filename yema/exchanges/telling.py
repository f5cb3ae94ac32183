"""What is told of a change: field by field, in the reader's language. Pure."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from uuid import UUID

from msgspec import UNSET, Struct

from yema.accounts.signed_in import Reader
from yema.exchanges.plan import SlotBody, Told, is_moved
from yema.exchanges.schemas.plan.history import FieldChange, What
from yema.exchanges.schemas.plan.plan import Detail, Difference, ReleaseView, Word
from yema.i18n import choose
from yema.shapes import present

_FIELDS = (
    *(
        "kind",
        "starts_at",
        "ends_at",
        "zone",
        "venue",
        "room",
        "activity",
        "audience",
        "responsible",
        "state",
        "series",
    ),
    "materials",
)
"""Those of `SlotView` that tell something, but the title."""


class ToldSlot(Struct, frozen=True):
    """A slot that was told, under which word, and as what: what is kept of it with a release."""

    slot: UUID
    word: Word
    after: SlotBody


class Telling(Struct, frozen=True, omit_defaults=True):
    """The difference that a release told, as it is kept: ids by their word, and the slots themselves. Older releases have the ids only."""

    new: list[UUID]
    moved: list[UUID]
    changed: list[UUID]
    cancelled: list[UUID]
    details: list[ToldSlot] | None = None

    @classmethod
    def of(cls, told: list[Told]) -> "Telling":
        ids: dict[Word, list[UUID]] = {"new": [], "moved": [], "changed": [], "cancelled": []}
        for one in told:
            ids[one.word].append(one.body.id)
        return cls(**ids, details=[ToldSlot(one.body.id, one.word, one.body) for one in told])

    def view(self, before: Mapping[UUID, SlotBody | None], reader: Reader) -> Difference:
        """What it told, for somebody to read; `before` is what it replaced."""
        details = None if self.details is None else [_detail(one, before.get(one.slot), reader) for one in self.details]
        return Difference(
            new=self.new, moved=self.moved, changed=self.changed, cancelled=self.cancelled, details=present(details)
        )


class Released(Struct, frozen=True):
    """A release, as it is kept. `before` is empty for one of an older server."""

    id: UUID
    number: int
    made_at: datetime
    by: UUID
    difference: Telling
    before: dict[UUID, SlotBody | None] = {}
    undoes: int | None = None

    def view(self, reader: Reader) -> ReleaseView:
        return ReleaseView(
            number=self.number,
            made_at=self.made_at,
            by=self.by,
            difference=self.difference.view(self.before, reader),
            undoes=present(self.undoes),
        )


def _detail(told: ToldSlot, before: SlotBody | None, reader: Reader) -> Detail:
    """Of a new slot no fields: everybody reads the slot itself, and the first release has hundreds of them."""
    titles = told.after.titles
    locale = choose(reader.wanted, frozenset(titles), next(iter(titles), ""))
    fields = [] if told.word == "new" else fields_between(before, told.after, reader)
    title = titles.get(locale, UNSET)
    return Detail(slot=told.slot, word=told.word, title=title, title_locale=locale or UNSET, fields=fields)


def what_changed(before: SlotBody | None, after: SlotBody) -> What:
    """What was done to a slot of the plan, in one word."""
    if before is None:
        return "scheduled"
    if after.state == "cancelled" != before.state:
        return "cancelled"
    return "moved" if is_moved(before, after) else "changed"


def fields_between(before: SlotBody | None, after: SlotBody, reader: Reader) -> list[FieldChange]:
    """What is different, as this reader sees it. That a slot was moved is no field, but that it was cancelled is one."""
    old, new = before.view(reader) if before else None, after.view(reader)
    found = list(_titles_between(before.titles if before else {}, after.titles, reader))
    for field in _FIELDS:
        was, now = getattr(old, field, UNSET), getattr(new, field)
        if was == now or (old is None and not now) or (field == "state" and "cancelled" not in (was, now)):
            continue
        found.append(FieldChange(field=field, before=was, after=now))
    return found


def _titles_between(before: Mapping[str, str], after: Mapping[str, str], reader: Reader) -> Iterator[FieldChange]:
    locales = {**before, **after}
    own = choose(reader.wanted, frozenset(locales), next(iter(locales), ""))
    for locale in sorted(locales, key=lambda one: (one != own, one)):
        was, now = before.get(locale, UNSET), after.get(locale, UNSET)
        if was != now:
            yield FieldChange(field="title", before=was, after=now, locale=locale)
