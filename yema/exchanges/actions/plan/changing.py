"""What a draft makes of a slot: pure but for the clock of who asks for it."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, Struct

from yema.accounts.rules import known_language
from yema.accounts.signed_in import SignedIn
from yema.exchanges.actions.plan.places import place_of
from yema.exchanges.plan import SlotBody
from yema.exchanges.queries.plan.slots import Planned
from yema.exchanges.rules import check_instant, check_span, known_zone, moved_end
from yema.exchanges.schemas.plan.materials import Need
from yema.exchanges.schemas.plan.plan import AudienceDraft, PartDraft, SlotChange, SlotDraft
from yema.exchanges.series import Move, move_of, moved


class Changing(Struct, frozen=True):
    """A change of one slot or of many. `rooms` says in which venue each named room is; `titles` are those of activities."""

    change: SlotChange
    person: SignedIn
    rooms: dict[UUID, UUID]
    titles: Mapping[UUID, dict[str, str]]

    def all(self, taken: Sequence[Planned]) -> list[tuple[Planned, Planned]]:
        """Each slot as before and after, the first as the change says, and the others along with it.

        Those of the others that are as the change wants them are left out. Raises `EndsBeforeItStarts`, `NotOfThisExchange`, `UnknownZone`.
        """
        named, *others = taken
        timed = self._timed(named.body)
        pairs = [(named, self._changed(named, timed))]
        move = move_of(named.body, timed, self.change)
        pairs += [(one, self._changed(one, _along(one.body, move))) for one in others]
        return [pair for pair in pairs if pair[0] is named or pair[0] != pair[1]]

    def _timed(self, current: SlotBody) -> SlotBody:
        change = self.change
        zone = current.zone if change.zone is UNSET else known_zone(change.zone)
        starts_at = current.starts_at if change.starts_at is UNSET else change.starts_at
        check_instant(starts_at, "starts_at")
        ends_at = change.ends_at
        if ends_at is UNSET:
            ends_at = moved_end(current.starts_at, current.ends_at, starts_at, zone)
        check_span(starts_at, ends_at)
        return msgspec.structs.replace(current, starts_at=starts_at, ends_at=ends_at, zone=zone)

    def _changed(self, current: Planned, body: SlotBody) -> Planned:
        change = self.change
        fields: dict[str, Any] = {}
        for field in ("kind", "activity"):
            if (value := getattr(change, field)) is not UNSET:
                fields[field] = value
        fields["venue"], fields["room"] = place_of((body.venue, body.room), change.venue, change.room, self.rooms)
        if change.audience is not UNSET:
            fields |= audience_of(change.audience)
        if change.responsible is not UNSET:
            fields["responsible"] = sorted({*change.responsible})
        if change.materials is not UNSET:
            fields["materials"] = needs_of(change.materials, change, self.person)
        own = titles_with(current.own, change, self.person)
        fields["titles"] = own or self._titles_of(body)
        return Planned(msgspec.structs.replace(body, **fields), own)

    def _titles_of(self, body: SlotBody) -> dict[str, str]:
        """Those of the activity that it has then: what a slot shows that has none of its own."""
        activity = body.activity if self.change.activity is UNSET else self.change.activity
        if activity is None:
            return {}
        return self.titles.get(activity, body.titles if activity == body.activity else {})


def _along(body: SlotBody, move: Move | None) -> SlotBody:
    return body if move is None else moved(body, move)


def audience_of(draft: AudienceDraft) -> dict[str, Any]:
    """The fields of a body that say for whom it is."""
    return {
        "audience": draft.kind,
        "groups": sorted({*draft.groups}) if draft.kind == "groups" else [],
        "people": sorted({*draft.people}) if draft.kind == "people" else [],
    }


def titles_with(titles: dict[str, str], draft: SlotDraft | SlotChange | PartDraft, person: SignedIn) -> dict[str, str]:
    """The titles with the one that the draft brings, in the language that it names or its author's. Raises `Invalid` for one unknown."""
    return titles if draft.title is UNSET else {**titles, known_language(_locale(draft, person)): draft.title}


def needs_of(needs: list[Need], draft: SlotDraft | SlotChange, person: SignedIn) -> list[Need]:
    """Materials, each with the language of its name."""
    return [
        msgspec.structs.replace(need, locale=_locale(draft, person)) if need.locale is UNSET else need for need in needs
    ]


def _locale(draft: SlotDraft | SlotChange | PartDraft, person: SignedIn) -> str:
    return person.locale if draft.locale is UNSET else draft.locale
