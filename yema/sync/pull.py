"""What a phone missed: pages of changes below a fixed ceiling, all of one moment.

A space has numbered changes, and only the latest of each thing. The ceiling of a round is where the spaces stood when it began. A thing
that changes while a phone is paging moves above the ceiling, and comes in the next round; after three rounds the rest waits for the
next pull. A space that a phone does not have, or must replace, is filled from nothing, without tombstones.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.changes import Kinds, Pulled, SpaceKey
from yema.database import Statement, as_id, fetch, snapshot
from yema.errors import NotFound
from yema.i18n import wanted_tags
from yema.sync.cursor import Cursor, Mark, Terms, short_hash
from yema.sync.schemas import ChangeView, PullDraft, PullView, SpaceView
from yema.sync.spaces import Seen, kind_of, spaces_seen_by

ROUNDS_MAX = 3
CHUNK = 25
"""Changes that are read, and shown, at a time."""
PAGE_BYTES = 512 * 1024
"""A page ends after this many bytes of things, long diaries included."""

# Why things that were shown, or passed over, are sent again.
_KINDS, _WORDING, _DIARY, _TOMBSTONES = 1, 2, 4, 8


async def pull(person: SignedIn, draft: PullDraft, kinds: Kinds) -> PullView:
    """The next page for this phone. Raises `BadCursor`."""
    reader = _reading(person, draft.locale)
    terms = _terms(reader, min(draft.kinds_version, kinds.version))
    seen = await spaces_seen_by(reader)
    if draft.cursor and draft.cursor == _all_known(terms, seen).text(person.id):
        return PullView(changes=[], spaces=[], cursor=draft.cursor, complete=True)
    cursor = Cursor.read(draft.cursor, person.id) if draft.cursor else Cursor(terms, {})
    async with snapshot():
        return await _Page(reader, cursor, terms, await spaces_seen_by(reader), kinds).read(draft.limit)


def _reading(person: SignedIn, locale: str) -> SignedIn:
    """The person, in the language that the phone shows."""
    wanted = wanted_tags(locale, None, person.locale)
    return SignedIn(wanted, person.id, person.sign_in, person.locale, person.via, person.diary_since)


def _terms(person: SignedIn, kinds_version: int) -> Terms:
    closed = person.via == "operator"
    diary = short_hash(closed, person.diary_since) if closed or person.diary_since else 0
    return Terms(kinds_version, short_hash(person.wanted), diary)


def _all_known(terms: Terms, seen: list[Seen]) -> Cursor:
    return Cursor(terms, {s.id: Mark(s.epoch, s.joined, s.version) for s in seen})


class _Page:
    """One page in the making."""

    def __init__(self, person: SignedIn, cursor: Cursor, terms: Terms, seen: list[Seen], kinds: Kinds) -> None:
        self._person = person
        self._before = cursor
        self._kinds = kinds
        self._seen = seen
        learned = min(cursor.learned, cursor.terms.kinds) if cursor.round else cursor.terms.kinds
        self._cursor = Cursor(terms, {}, cursor.round or 1, learned)
        self._again = _to_send_again(cursor, terms)
        self._spaces: list[SpaceView] = []
        self._changes: list[ChangeView] = []
        self._bytes = 0

    async def read(self, limit: int) -> PullView:
        await self._begin()
        complete = await self._walk(limit)
        if complete:
            self._cursor.round = self._cursor.learned = 0
        text = self._cursor.text(self._person.id)
        return PullView(changes=self._changes, spaces=self._spaces, cursor=text, complete=complete)

    async def _begin(self) -> None:
        """Where this phone stands in each of its spaces, and which of them are new, to be replaced, or no longer theirs."""
        for seen in self._seen:
            before = self._before.marks.get(seen.id)
            if before is None or not _fits(before, seen):
                state = "ok" if before is None else "refetch"
                self._spaces.append(SpaceView(id=seen.id, kind=seen.key.kind, epoch=seen.epoch, state=state))  # type: ignore[arg-type]
                # Of their own things a phone hears what is gone, so that it does not push again what another phone has deleted.
                again = _TOMBSTONES if state == "refetch" and seen.key.kind == "person" else 0
                mark = Mark(seen.epoch, seen.joined, 0, seen.version, known=seen.version, again=again)
            else:
                mark = self._go_on(before, seen)
            self._cursor.marks[seen.id] = mark
        for space in self._before.marks.keys() - self._cursor.marks.keys():
            kind = await kind_of(space) or "exchange"
            self._spaces.append(SpaceView(id=space, kind=kind, epoch=self._before.marks[space].epoch, state="left"))

    def _go_on(self, before: Mark, seen: Seen) -> Mark:
        if not self._before.round:
            before = Mark(before.epoch, before.joined, before.seq, seen.version)
        if self._again:  # the phone has another language, or knows more kinds: those start anew, below what it knew
            known, shown = max(before.known, before.seq), max(before.shown, before.seq)
            return Mark(before.epoch, before.joined, 0, before.ceiling, known, shown, before.again | self._again)
        return before

    async def _walk(self, limit: int) -> bool:
        """Fill the page; whether nothing is left."""
        while True:
            for seen in self._seen:
                if not await self._walk_space(seen, limit):
                    return False
            if self._cursor.round >= ROUNDS_MAX or not self._raise_ceilings():
                return True
            self._cursor.round += 1

    def _raise_ceilings(self) -> bool:
        """Whether anything happened above the last ceilings."""
        raised = False
        for seen in self._seen:
            mark = self._cursor.marks[seen.id]
            raised |= seen.version > mark.ceiling
            mark.ceiling = seen.version
        return raised

    async def _walk_space(self, seen: Seen, limit: int) -> bool:
        """Go up to the ceiling of this space, if the page has room for it."""
        mark = self._cursor.marks[seen.id]
        while mark.seq < mark.ceiling:
            room = min(CHUNK, limit - len(self._changes))
            if room <= 0 or self._bytes > PAGE_BYTES:
                return False
            known = 0 if mark.again & _TOMBSTONES else mark.known
            between = (mark.seq, mark.ceiling, known, mark.shown)
            rows = await fetch(self._statement(mark), seen.id, *between, room)
            count = await self._show(seen, mark, rows)
            mark.seq = mark.ceiling if count == len(rows) < room else rows[count - 1][3]
            await asyncio.sleep(0)  # others have waited while this was read
        mark.known = mark.shown = mark.again = 0
        return True

    def _statement(self, mark: Mark) -> Statement:
        pulled = [kind for kind in self._kinds.pulled.values() if self._takes(kind)]
        again = [kind.kind for kind in pulled if self._comes_again(kind, mark.again)]
        return _changes(tuple(kind.kind for kind in pulled), tuple(again))

    def _takes(self, kind: Pulled) -> bool:
        """Whether this phone knows the kind, and may open what it holds."""
        return kind.since <= self._cursor.terms.kinds and not (kind.diary and self._person.via == "operator")

    def _comes_again(self, kind: Pulled, again: int) -> bool:
        return bool(
            (again & _KINDS and kind.since > self._cursor.learned)
            or (again & _WORDING and kind.worded)
            or (again & _DIARY and kind.diary)
        )

    async def _show(self, seen: Seen, mark: Mark, rows: Sequence[Any]) -> int:
        """Put them on the page, as many as it has bytes for; how many of them."""
        wanted: dict[str, list[UUID]] = defaultdict(list)
        for kind, thing, op, _ in rows:
            if op == "put":
                wanted[kind].append(as_id(thing))
        views = {kind: await self._views(kind, seen.key, things) for kind, things in wanted.items()}
        for count, (kind, thing, op, seq) in enumerate(rows):
            if self._bytes > PAGE_BYTES:
                return count
            view = views[kind].get(as_id(thing)) if op == "put" else None
            if view is not None:
                data = msgspec.Raw(msgspec.json.encode(view))
                self._bytes += len(bytes(data))
                self._add(seen, kind, thing, seq, data)
            elif op == "gone" or (seq > mark.known and not self._kinds.pulled[kind].diary):
                # What is hidden now may have been shown before. A page that does not open may open again, and so it stays on the phone.
                self._add(seen, kind, thing, seq, None)
        return len(rows)

    async def _views(self, kind: str, space: SpaceKey, things: list[UUID]) -> dict[UUID, Any]:
        try:
            return await self._kinds.pulled[kind].views(self._person, space, things)
        except NotFound:
            return {}

    def _add(self, seen: Seen, kind: str, thing: Any, seq: int, data: msgspec.Raw | None) -> None:
        op: Any = "gone" if data is None else "put"
        view = ChangeView(
            space=seen.id, kind=kind, id=as_id(thing), seq=seq, op=op, data=UNSET if data is None else data
        )
        self._changes.append(view)


def _fits(mark: Mark, seen: Seen) -> bool:
    """Whether what the phone has of this space is a part of what is there now, and no tombstone that it needs was forgotten."""
    same = (mark.epoch, mark.joined) == (seen.epoch, seen.joined)
    return same and max(mark.seq, mark.ceiling) <= seen.version and max(mark.known, mark.seq) >= seen.min_seq


def _to_send_again(cursor: Cursor, terms: Terms) -> int:
    """Why things that the phone has, or has skipped, are sent again."""
    before = cursor.terms
    return (
        (_KINDS if terms.kinds > before.kinds else 0)
        | (_WORDING if terms.wording != before.wording else 0)
        | (_DIARY if terms.diary != before.diary else 0)
    )


@lru_cache(64)
def _changes(kinds: tuple[str, ...], again: tuple[str, ...]) -> Statement:
    """Changes of these kinds between two numbers: tombstones above a third one, things above a fourth one, and all of some kinds."""
    return Statement(
        "SELECT kind, thing, op, seq FROM change WHERE space = {} AND seq > {} AND seq <= {}"
        f" AND kind IN ({_list(kinds)})"
        f" AND (seq > {{}} OR (op = 'put' AND (seq > {{}} OR kind IN ({_list(again)})))) ORDER BY seq LIMIT {{}}"
    )


def _list(kinds: tuple[str, ...]) -> str:
    return ", ".join(f"'{kind}'" for kind in kinds) or "NULL"
