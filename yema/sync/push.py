"""What a phone did while it was away: each mutation is a transaction of its own, carried out once, by the same actions as a route's."""

from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.changes import Applied, Kinds, MadeBefore, Mutation, Once, Pushed
from yema.changes.once import MUTATIONS_KEPT, KeyUsedOtherwise
from yema.errors import Stale, YemaError
from yema.http.problems import as_yema_error, log_unforeseen, view_of
from yema.http.request import decode
from yema.shapes import present
from yema.sync.errors import MutationChanged, UnknownKind
from yema.sync.schemas import MutationDraft, PushDraft, PushView, ResultView
from yema.sync.turns import Turn
from yema.vault import digest

RETRY_SECONDS = 30
"""When to come back with something that waits for somebody else."""


class _Named(msgspec.Struct):
    """What is still read of an item that makes no sense, so that the phone knows which one it was."""

    mutation_id: UUID


async def push(person: SignedIn, draft: PushDraft, kinds: Kinds) -> PushView:
    """Carry them out in their order; one that fails stops no other."""
    async with Turn() as turn:
        return PushView(results=[await _one(person, raw, kinds, turn) for raw in draft.mutations])


async def _one(person: SignedIn, raw: msgspec.Raw, kinds: Kinds, turn: Turn) -> ResultView:
    name: UUID | None = None
    try:
        name = _name_of(raw)
        turn.check()
        item: MutationDraft = decode(bytes(raw), MutationDraft)
        result = await _carry_out(person, item, kinds)
    except MadeBefore as before:
        result = ResultView(status="duplicate", version=before.version)
    except Stale as stale:
        result = ResultView(status="conflict", current=present(stale.current), problem=view_of(Stale(), person.wanted))
    except Exception as error:
        known = as_yema_error(error)
        if known is None:  # a fault of ours: it must not keep the phone from what comes behind it
            log_unforeseen(error)
            result = ResultView(status="later", problem=view_of(YemaError(), person.wanted), retry_after=RETRY_SECONDS)
        else:
            result = _refused(known, person)
    result.mutation_id = UNSET if name is None else name
    return result


async def _carry_out(person: SignedIn, item: MutationDraft, kinds: Kinds) -> ResultView:
    how = kinds.pushed.get((item.kind, _op(item)))
    if how is None:
        raise UnknownKind
    # What is deleted may come without data; what is put never does.
    bare = how.draft is None or (how.op == "delete" and item.data is UNSET)
    data = None if bare else decode(bytes(item.data or b"null"), how.draft)
    once = _once(person, item, how)
    try:
        await once.check()
        applied = await _act(person, how, Mutation(item.id, item.base_version, item.made_at, once), data)
    except KeyUsedOtherwise:
        raise MutationChanged from None
    return _result(applied)


async def _act(person: SignedIn, how: Pushed, mutation: Mutation, data: Any) -> Applied:
    try:
        return await how.act(person, mutation, data)
    except YemaError:
        await (
            mutation.once.check()
        )  # the same may have been carried out in this moment, and so it does not fit any more
        raise


def _op(item: MutationDraft) -> Any:
    if item.op == "delete":
        return "delete"
    return "change" if item.base_version else "make"


def _result(applied: Applied) -> ResultView:
    if applied.overtaken is None:
        return ResultView(status="applied", version=applied.version)
    return ResultView(status="conflict", version=applied.version, current=applied.overtaken)


def _refused(error: YemaError, person: SignedIn) -> ResultView:
    problem = view_of(error, person.wanted)
    if error.temporary:
        return ResultView(status="later", problem=problem, retry_after=error.retry_after or RETRY_SECONDS)
    return ResultView(status="rejected", problem=problem)


def _once(person: SignedIn, item: MutationDraft, how: Pushed) -> Once:
    """The mutation's name within the person, and a keyed hash of all that it says, however a phone has spelled it."""
    data = msgspec.json.decode(item.data) if how.draft and item.data is not UNSET else None
    said = [item.kind, item.id, item.op, item.base_version, item.made_at, data]
    body = msgspec.json.encode(said, order="sorted")
    return Once(
        digest("mutation", person.id.bytes + item.mutation_id.bytes), digest("mutation body", body), MUTATIONS_KEPT
    )


def _name_of(raw: msgspec.Raw) -> UUID | None:
    try:
        return msgspec.json.decode(raw, type=_Named).mutation_id
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
