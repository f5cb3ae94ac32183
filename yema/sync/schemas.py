"""What goes through the phone's door."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from yema.changes import SpaceKind
from yema.http.problems import Problem
from yema.shapes import END, NO_NUL, Draft, Tag, Version, View

CHANGES_MAX = 1000
CHANGES_DEFAULT = 500
MUTATIONS_MAX = 500


class PullDraft(Draft):
    """What a phone knows (`cursor`, none on a fresh phone), which language it shows, and which kinds of things it understands."""

    locale: Tag
    kinds_version: Annotated[int, Meta(ge=1, le=10_000)]
    cursor: Annotated[str, Meta(max_length=20_000, pattern=NO_NUL)] | UnsetType = UNSET
    limit: Annotated[int, Meta(ge=1, le=CHANGES_MAX)] = CHANGES_DEFAULT


class ChangeView(View):
    """One thing in one space: as it is now, or gone from there."""

    space: int
    kind: str
    id: UUID
    seq: int
    op: Literal["put", "gone"]
    data: Any | UnsetType = UNSET


class SpaceView(View):
    """A space whose state has changed for this phone: it is new (`ok`), must be replaced (`refetch`), or is no longer theirs (`left`)."""

    id: int
    kind: SpaceKind
    epoch: int
    state: Literal["ok", "refetch", "left"]


class PullView(msgspec.Struct, kw_only=True):
    """A page. Apply it and keep the cursor, together; show what came when `complete`."""

    changes: list[ChangeView]
    spaces: list[SpaceView]
    cursor: str
    complete: bool


class MutationDraft(Draft):
    """Something done offline. `base_version` is what the phone knew of the thing, 0 for a new one; `data` depends on the kind."""

    mutation_id: UUID
    kind: Annotated[str, Meta(max_length=40, pattern=f"^[a-z_]+{END}")]
    id: UUID
    op: Literal["put", "delete"]
    base_version: Version
    made_at: Annotated[datetime, Meta(tz=True)]
    data: msgspec.Raw | UnsetType = UNSET


class PushDraft(Draft):
    """What was done offline, in its order. An item that cannot be read is refused alone."""

    mutations: Annotated[list[msgspec.Raw], Meta(max_length=MUTATIONS_MAX)]


class ResultView(View):
    """What became of one mutation. `current` is what the server holds or held; `problem` says why not; `retry_after` are seconds."""

    status: Literal["applied", "duplicate", "conflict", "later", "rejected"]
    mutation_id: UUID | UnsetType = UNSET
    version: int | UnsetType = UNSET
    current: Any | UnsetType = UNSET
    problem: Problem | UnsetType = UNSET
    retry_after: int | UnsetType = UNSET


class PushView(View):
    """One result for each mutation, in their order."""

    results: list[ResultView]
