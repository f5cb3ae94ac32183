"""Somebody else's calendar becomes a draft of the plan. Leaders only."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from litestar import Request, post
from litestar.di import NamedDependency
from litestar.openapi.spec import OpenAPIMediaType, Operation, Reference, RequestBody, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromPath, QueryParameter
from msgspec import UNSET

from yema.accounts.signed_in import SignedIn
from yema.exchanges.actions.plan import importing
from yema.exchanges.calendars.found import NOTES, Days, Note, Reading
from yema.exchanges.errors import NotACalendar
from yema.exchanges.queries import memberships
from yema.exchanges.queries.told.feeds import days_of
from yema.exchanges.rules import on_wall
from yema.exchanges.schemas.plan.importing import ImportedSlotView, ImportView, NotUnderstoodView
from yema.http.headers import header
from yema.i18n import gettext


def _read_ics(file: bytes, days: Days) -> Reading:
    from yema.exchanges.calendars.reading_ics import (
        read_ics,  # its library takes its time, which no start should wait for
    )

    return read_ics(file, days)


def _read_frab(file: bytes, days: Days) -> Reading:
    from yema.exchanges.calendars.reading_frab import read_frab  # likewise, for the names of zones

    return read_frab(file, days)


_READERS: dict[str, Callable[[bytes, Days], Reading]] = {"text/calendar": _read_ics, "application/json": _read_frab}
_AT_ONCE = 2
"""Files that are read at the same time; each may take a processor for a second."""
_reading = asyncio.Semaphore(_AT_ONCE)


@dataclass
class _TakesCalendar(Operation):
    """For the OpenAPI document: the body is a file of one of two formats."""

    def __post_init__(self) -> None:
        text = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING))
        inner: dict[str, Reference | Schema] = {"schedule": Schema(type=OpenAPIType.OBJECT)}
        schedule = OpenAPIMediaType(schema=Schema(type=OpenAPIType.OBJECT, properties=inner))
        self.request_body = RequestBody(content={"text/calendar": text, "application/json": schedule}, required=True)


@post(
    "/exchanges/{exchange_id:uuid}/imports",
    operation_id="importCalendar",
    operation_class=_TakesCalendar,
    status_code=200,
)
async def import_calendar(
    request: Request[Any, Any, Any],
    exchange_id: FromPath[UUID],
    person: NamedDependency[SignedIn],
    dry_run: Annotated[bool, QueryParameter()] = False,
) -> ImportView:
    """Put what is in an iCalendar file or a frab schedule.json on the plan; with `dry_run`, only say what would be.

    At most 1 MiB and 1,000 events. Nobody is told before the next release. What was not understood is listed. Venues are found by their
    names, or made. Times without a zone are those of the exchange; what repeats is taken on its days only, 60 times at most; other events
    outside its days are taken, with a note. The same file again makes nothing twice.
    """
    membership = await memberships.exchange_led_by(person, exchange_id)
    kind = (header(request.scope, b"content-type") or "").partition(";")[0].strip().lower()
    read = _READERS.get(kind)
    if read is None:
        raise NotACalendar
    body, days = await request.body(), await days_of(membership)
    async with _reading:
        reading = await asyncio.to_thread(read, body, days)
    drafted = await importing.draft_plan(membership, reading.found)
    done = importing.Imported(drafted.slots, [], 0)
    if not dry_run:
        done = await importing.import_plan(membership, drafted, person)
    return ImportView(
        slots=[_slot(one) for one in done.slots],
        new_venues=sorted(drafted.venues.values()),
        not_understood=[_note(note, person) for note in [*reading.notes, *done.notes]],
        made=done.made,
    )


def _slot(one: importing.Planned) -> ImportedSlotView:
    found = one.found
    return ImportedSlotView(
        id=one.slot,
        state="there" if one.there else "new",
        at=found.at,
        kind=found.kind,
        starts_at=on_wall(found.starts_at, found.zone),
        ends_at=on_wall(found.ends_at, found.zone),
        zone=found.zone,
        title=found.title or UNSET,
        place=found.place or UNSET,
    )


def _note(note: Note, person: SignedIn) -> NotUnderstoodView:
    detail = gettext(person.wanted, NOTES[note.what])
    return NotUnderstoodView(what=note.what, detail=detail, at=note.at, title=note.title or UNSET)


handlers = [import_calendar]
