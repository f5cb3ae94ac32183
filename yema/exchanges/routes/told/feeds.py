"""The programme for other programs: calendars that are subscribed to, and schedules for programme apps."""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import OpenAPIMediaType, OpenAPIResponse, Operation, Schema
from litestar.openapi.spec.enums import OpenAPIType
from litestar.params import FromPath
from litestar.response.base import ASGIResponse
from msgspec.structs import replace

from yema.accounts.signed_in import SignedIn
from yema.changes import MadeBefore, Once
from yema.errors import NotFound
from yema.exchanges.actions.told import feeds as actions
from yema.exchanges.calendars.event import Event
from yema.exchanges.calendars.frab import schedule_of
from yema.exchanges.queries import memberships
from yema.exchanges.queries.told import feeds
from yema.exchanges.schemas.told.feeds import CalendarView, ScheduleView
from yema.http.headers import header
from yema.http.ready import ReadyBytes
from yema.http.response import YemaResponse, speaks

CALENDAR = "text/calendar"
_FILE_MAX = 100
_HOST = re.compile(r"[A-Za-z0-9.\-_]{1,250}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?")

_ready = ReadyBytes()


@dataclass
class _GivesCalendar(Operation):
    """For the OpenAPI document: the same path gives one of two formats, by how it ends."""

    def __post_init__(self) -> None:
        assert self.responses is not None  # noqa: S101 - the handler names one
        answer = self.responses["200"]
        assert isinstance(answer, OpenAPIResponse)  # noqa: S101 - likewise
        text = OpenAPIMediaType(schema=Schema(type=OpenAPIType.STRING))
        answer.content = {**(answer.content or {}), CALENDAR: text}


@post("/me/calendar", operation_id="renewCalendar")
async def renew_calendar(person: NamedDependency[SignedIn], once: NamedDependency[Once | None]) -> CalendarView:
    """Make the secret address of my calendar, or renew it: the old one stops working at once. `me` shows it again at any time.

    Whoever has the address reads my programme without a token.
    """
    with suppress(MadeBefore):
        await actions.renew_calendar(person, once)
    url = await feeds.own_calendar_url(person)
    if url is None:
        raise NotFound
    return CalendarView(calendar_url=url)


@get(
    "/calendar/{file:str}",
    operation_id="readCalendar",
    operation_class=_GivesCalendar,
    responses={200: ResponseSpec(ScheduleView, description="The programme", generate_examples=False)},
)
async def read_calendar(request: Request[Any, Any, Any], file: FromPath[str]) -> ASGIResponse:
    """The programme of a person, by the secret address that they were shown: what was released to them in all their exchanges.

    `{secret}.ics` is an iCalendar file, `{secret}.json` frab's schedule.json. It is in that person's own language and names nobody. What
    was cancelled stays in the calendar as cancelled; what is no longer for this person disappears.
    """
    secret, _, end = file.rpartition(".")
    if end not in ("ics", "json") or len(file) > _FILE_MAX or not secret.isascii():
        raise NotFound
    person = await feeds.person_behind(secret)
    mine = await feeds.active_memberships(person)
    if end == "json":
        programmes = [await feeds.programme_of(membership, person.wanted) for membership in mine]
        view = _schedule(programmes, origin_of(request))
        speaks(request, person.language)
        return YemaResponse(view).to_asgi_response(request.app, request)

    async def build() -> bytes:
        programmes = [await feeds.programme_of(membership, person.wanted) for membership in mine]
        events = [event for programme in programmes for event in programme.events]
        return await asyncio.to_thread(_calendar, _name(programmes), events)  # 400 of them take the library a while

    key = (CALENDAR, person.wanted, await feeds.basis_of(mine))
    return as_text(await _ready.serve(request, key, build, language=person.language), CALENDAR)


@get("/exchanges/{exchange_id:uuid}/schedule.json", operation_id="readSchedule")
async def read_schedule(
    request: Request[Any, Any, Any], exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]
) -> ScheduleView:
    """The programme as it was last released to me, as frab's schedule.json: without people, and without what is for chosen people."""
    membership = await memberships.exchange_of(person, exchange_id)
    programme = await feeds.public_programme_of(membership, person.wanted)
    return schedule_of(programme.head(origin_of(request)), programme.events)


def as_text(answer: ASGIResponse, media_type: str) -> ASGIResponse:
    """Ready bytes that are no JSON."""
    if answer.status_code == 200:
        answer.headers["content-type"] = f"{media_type}; charset=utf-8"
        answer.headers["x-content-type-options"] = "nosniff"
    return answer


def origin_of(request: Request[Any, Any, Any]) -> str:
    """The beginning of our addresses, as the asker knows this server; an event has to have one (c3voc's schema.json)."""
    host = header(request.scope, b"host") or ""
    return f"{request.scope['scheme']}://{host if _HOST.fullmatch(host) else 'localhost'}"


def _schedule(programmes: list[feeds.Programme], origin: str) -> ScheduleView:
    """All exchanges of a person as one, in the zone of the one that begins last. Raises `NotFound` where they are in none."""
    if not programmes:
        raise NotFound
    latest = max(programmes, key=lambda one: (one.starts_on, one.exchange))
    version = "-".join(str(one.release) for one in programmes)
    head = replace(latest.head(origin), title=_name(programmes), version=version)
    return schedule_of(head, [event for one in programmes for event in one.events])


def _name(programmes: list[feeds.Programme]) -> str:
    return ", ".join(programme.title for programme in programmes) or "YEMA"


def _calendar(name: str, events: list[Event]) -> bytes:
    from yema.exchanges.calendars.ics import calendar_of  # its library takes its time, which no start should wait for

    return calendar_of(name, events)


handlers = [renew_calendar, read_calendar, read_schedule]
