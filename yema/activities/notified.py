"""What trainers are told of their packs, once a week: how many say how it went, and how many translations are behind."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from yema.changes.notified import (
    About,
    Addressee,
    Message,
    NotificationKind,
    Occurrence,
    Settled,
    Telling,
    since_the_first,
)
from yema.database import Statement, as_id, fetch
from yema.errors import N_
from yema.i18n import gettext, ngettext

USEFUL_FOR = timedelta(days=8)
"""Longer than until the next Monday."""
ROLES = frozenset({"trainer", "admin"})
"""Of those who write packs, who is told of them. An organisation's coordinators may look as well, and have other cares."""

_TRAINERS = Statement(
    "SELECT DISTINCT s.person FROM staff s JOIN pack k ON k.organisation = s.organisation JOIN person p ON p.id = s.person"
    " WHERE k.id = {} AND s.role IN ('trainer', 'admin') AND p.suspended_at IS NULL"
)
_TOLD = Statement(
    "SELECT count(*) FROM run_report r JOIN activity a ON a.id = r.activity"
    " WHERE a.pack = {} AND r.told_at >= {} AND r.told_at <= {}"
)
_STALE = Statement(
    "SELECT count(*) FROM pack k JOIN pack_block b ON b.pack = k.id"
    " JOIN pack_block_text s ON s.block = b.id AND s.locale = k.source_locale"
    " JOIN pack_block_text t ON t.block = b.id AND t.locale <> k.source_locale"
    " WHERE k.id = {} AND t.source_hash <> s.source_hash"
)


async def _trainers_of(pack: UUID) -> set[UUID]:
    """Nobody for a pack without an organisation."""
    return {as_id(person) for [person] in await fetch(_TRAINERS, pack)}


async def _runs_told(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    pack, week = occurrence.about["pack"], occurrence.about["week"]
    return [
        Telling(
            topic=f"run_reports:{pack}",
            people=sorted(await _trainers_of(UUID(pack))),
            about={"pack": pack, "since": week, "until": week},
            expires_at=occurrence.at + USEFUL_FOR,
        )
    ]


async def _word_of_runs(about: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
    """How many reports came in whole weeks: what came this Monday is told on the next."""
    pack = UUID(about["pack"])
    weeks = (datetime.fromisoformat(about[end]) for end in ("since", "until"))
    [[number]] = await fetch(_TOLD, pack, *weeks)
    trainers = await _trainers_of(pack) if number else set()
    return [
        Message(
            gettext(reader.wanted, N_("How your activities went")),
            ngettext(reader.wanted, "%(n)d new report", "%(n)d new reports", number),
        )
        if reader.person in trainers
        else None
        for reader in addressees
    ]


async def _stale_in(pack: UUID) -> int:
    """Texts that were changed after they were translated, for each language they were translated into."""
    [[number]] = await fetch(_STALE, pack)
    return int(number)


async def _source_changed(occurrence: Occurrence) -> Sequence[Telling | Settled]:
    """Where all was translated anew within the week, there is nothing to tell."""
    pack = occurrence.about["pack"]
    if not await _stale_in(UUID(pack)):
        return [Settled([f"stale:{pack}"])]
    return [
        Telling(
            topic=f"stale:{pack}",
            people=sorted(await _trainers_of(UUID(pack))),
            about={"pack": pack},
            expires_at=occurrence.at + USEFUL_FOR,
        )
    ]


async def _word_of_stale(about: About, addressees: Sequence[Addressee]) -> Sequence[Message | None]:
    pack = UUID(about["pack"])
    stale = await _stale_in(pack)
    trainers = await _trainers_of(pack) if stale else set()
    return [
        Message(
            gettext(reader.wanted, N_("Translations")),
            ngettext(
                reader.wanted,
                "%(n)d translation is older than its text.",
                "%(n)d translations are older than their texts.",
                stale,
            ),
        )
        if reader.person in trainers
        else None
        for reader in addressees
    ]


kinds: tuple[NotificationKind, ...] = (
    NotificationKind(
        name="run_reports",
        title=N_("Leaders say how an activity of ours went"),
        events={"run_told": _runs_told},
        word=_word_of_runs,
        roles=ROLES,
        push="off",
        email="weekly",
        merge=since_the_first,
    ),
    NotificationKind(
        name="stale_translations",
        title=N_("Translations of our packs are behind"),
        events={"source_changed": _source_changed},
        word=_word_of_stale,
        roles=ROLES,
        push="off",
        email="weekly",
    ),
)
