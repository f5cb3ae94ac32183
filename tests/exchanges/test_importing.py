"""Somebody else's calendar becomes a draft of the plan."""

import asyncio
import json
from typing import Any
from uuid import UUID, uuid4, uuid5

import httpx
import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.taken import take_id
from tests.exchanges.test_feeds import address_of, read, released
from tests.exchanges.test_importing_ics import WHEN, calendar, vevent
from tests.exchanges.world import World, world
from yema.changes import SpaceKey, version_of

ICS, JSON = "text/calendar; charset=utf-8", "application/json"


async def hand_in(
    client: httpx.AsyncClient, exchange: UUID, body: bytes, kind: str = ICS, query: str = ""
) -> httpx.Response:
    return await client.post(f"/exchanges/{exchange}/imports{query}", content=body, headers={"content-type": kind})


def schedule(*events: dict[str, Any], **conference: Any) -> bytes:
    """A schedule.json with these entries in one room."""
    days = [{"index": 1, "date": "2027-07-14", "rooms": {"Hall": list(events)}}]
    return json.dumps(
        {"schedule": {"version": "1", "conference": {"title": "Other", "days": days, **conference}}}
    ).encode()


def entry(**fields: Any) -> dict[str, Any]:
    return {"guid": str(uuid4()), "title": "Talk", "date": "2027-07-14T10:00:00+02:00", "duration": "01:30", **fields}


async def plan(client: httpx.AsyncClient, exchange: UUID) -> list[dict[str, Any]]:
    answer = await client.get(f"/exchanges/{exchange}/itinerary?view=plan")
    return [slot for day in answer.json()["days"] for slot in day["slots"]]


async def venues(client: httpx.AsyncClient, exchange: UUID) -> dict[str, str]:
    found = (await client.get(f"/exchanges/{exchange}/venues")).json()["items"]
    return {venue["name"]: venue["id"] for venue in found}


async def test_a_calendar_becomes_slots_of_the_plan_which_nobody_is_told_of(app: TestApp) -> None:
    w = await world()
    leader, member = await app.as_(w.leader), await app.as_(w.participant)

    answer = await hand_in(leader, w.exchange, calendar(vevent(f"{WHEN}\nLOCATION:Boathouse\nCATEGORIES:Activity")))

    assert answer.status_code == 200, answer.text
    [slot] = await plan(leader, w.exchange)
    assert {name: slot[name] for name in ("title", "kind", "starts_at", "ends_at", "zone", "state", "venue")} == {
        "title": "Boats",
        "kind": "activity",
        "starts_at": "2027-07-14T10:00:00+02:00",
        "ends_at": "2027-07-14T11:00:00+02:00",
        "zone": "Europe/Warsaw",
        "state": "planned",
        "venue": (await venues(leader, w.exchange))["Boathouse"],
    }
    assert (answer.json()["made"], answer.json()["new_venues"], answer.json()["not_understood"]) == (
        1,
        ["Boathouse"],
        [],
    )
    assert (await member.get(f"/exchanges/{w.exchange}/itinerary")).json()["days"] == []


async def test_a_dry_run_says_the_same_and_makes_nothing(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    body = calendar(vevent(f"{WHEN}\nLOCATION:Boathouse"))

    tried = (await hand_in(leader, w.exchange, body, query="?dry_run=true")).json()
    left = (await plan(leader, w.exchange), await venues(leader, w.exchange))
    done = (await hand_in(leader, w.exchange, body)).json()

    assert (left, tried["made"]) == (([], {}), 0)
    assert {**tried, "made": 1} == done


async def test_the_same_file_again_makes_nothing(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    body = calendar(vevent(f"{WHEN}\nRRULE:FREQ=DAILY;COUNT=3\nLOCATION:Boathouse"))

    first = (await hand_in(leader, w.exchange, body)).json()
    again = (await hand_in(leader, w.exchange, body)).json()

    assert ([slot["state"] for slot in first["slots"]], first["made"]) == (["new"] * 3, 3)
    assert ([slot["state"] for slot in again["slots"]], again["made"], again["new_venues"]) == (["there"] * 3, 0, [])
    assert (len(await plan(leader, w.exchange)), len(await venues(leader, w.exchange))) == (3, 1)


async def test_the_same_file_many_times_at_once_makes_each_slot_once(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    body = calendar(*(vevent(f"{WHEN}\nLOCATION:Hall {n % 2}", uid=str(n)) for n in range(6)))

    answers = await asyncio.gather(*(hand_in(leader, w.exchange, body) for _ in range(6)))

    assert [answer.status_code for answer in answers] == [200] * 6
    assert sum(answer.json()["made"] for answer in answers) == 6
    assert (len(await plan(leader, w.exchange)), len(await venues(leader, w.exchange))) == (6, 2)


async def test_the_same_file_in_two_exchanges_makes_slots_in_both(app: TestApp) -> None:
    w = await world()
    body = calendar(vevent())

    answers = [
        await hand_in(await app.as_(who), exchange, body)
        for who, exchange in ((w.leader, w.exchange), (w.stranger, w.elsewhere))
    ]

    assert [answer.json()["made"] for answer in answers] == [1, 1]


async def test_our_own_files_are_known_and_make_nothing_twice(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    await make.slot(w.exchange, title="Boats")
    await released(app, w)
    address = await address_of(app, w.leader)

    answers = [
        await hand_in(leader, w.exchange, (await read(app, address)).content),
        await hand_in(leader, w.exchange, (await read(app, address.replace(".ics", ".json"))).content, JSON),
    ]

    assert [[slot["state"] for slot in answer.json()["slots"]] for answer in answers] == [["there"]] * 2
    assert len(await plan(leader, w.exchange)) == 1


@pytest.mark.parametrize(("end", "kind"), [(".ics", ICS), (".json", JSON)])
async def test_our_own_file_is_the_same_plan_in_another_exchange(app: TestApp, end: str, kind: str) -> None:
    w = await world()
    await make.member(w.elsewhere, "leader", who=w.leader)
    leader = await app.as_(w.leader)
    venue = await make.venue(w.exchange, "Lawn")
    await make.slot(w.exchange, title="Łódki, canoes; more", venue=venue)
    await make.slot(w.exchange, "22:00-23:30", title="Night")
    await released(app, w)
    there = await make.venue(w.elsewhere, " LAWN ")
    address = (await address_of(app, w.leader)).replace(".ics", end)

    answer = await hand_in(leader, w.elsewhere, (await read(app, address)).content, kind)

    assert (answer.json()["not_understood"], answer.json()["new_venues"]) == ([], [])
    same = ("title", "kind", "starts_at", "ends_at", "zone")
    found, ours = await plan(leader, w.elsewhere), await plan(leader, w.exchange)
    assert [[one[name] for name in same] for one in found] == [[one[name] for name in same] for one in ours]
    assert [one.get("venue") for one in found] == [str(there), None]


async def test_a_venue_is_found_by_name_with_and_without_its_address(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    draft = {"name": "Hall", "address": "Long 1\nTown", "rooms": [{"name": "Left"}]}
    venue = (await leader.post(f"/exchanges/{w.exchange}/venues", json=draft)).json()
    named = ("hall", "Hall\\, Long 1\\, Town", "Hall\\, Left", "Hall\\, Left\\, Long 1\\, Town", "Hall – Left")

    body = calendar(*(vevent(f"{WHEN}\nLOCATION:{name}", uid=name) for name in named))
    answer = await hand_in(leader, w.exchange, body)

    assert answer.json()["new_venues"] == []
    left = venue["rooms"][0]["id"]
    slots = {slot["id"]: slot for slot in await plan(leader, w.exchange)}
    found = [slots[one["id"]] for one in answer.json()["slots"]]
    assert [slot["venue"] for slot in found] == [venue["id"]] * 5
    assert [slot.get("room") for slot in found] == [None, None, left, left, left]


async def test_phones_hear_of_slots_and_venues(app: TestApp) -> None:
    w = await world()
    spaces = [SpaceKey("exchange", w.exchange), SpaceKey("exchange_leaders", w.exchange)]
    before = [(await version_of(space))[0] for space in spaces]

    await hand_in(await app.as_(w.leader), w.exchange, calendar(vevent(f"{WHEN}\nLOCATION:Boathouse")))

    after = [(await version_of(space))[0] for space in spaces]
    assert [now > then for now, then in zip(after, before, strict=True)] == [True, True]


async def test_a_schedule_becomes_slots_of_the_plan(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    body = schedule(entry(room="Hall", track="Reflection", language="de"), time_zone_name="Europe/Berlin")

    answer = await hand_in(leader, w.exchange, body, JSON)

    assert (answer.json()["made"], answer.json()["not_understood"]) == (1, [])
    [slot] = await plan(leader, w.exchange)
    assert {name: slot[name] for name in ("title", "title_locale", "kind", "starts_at", "ends_at", "zone")} == {
        "title": "Talk",
        "title_locale": "de",
        "kind": "reflection",
        "starts_at": "2027-07-14T10:00:00+02:00",
        "ends_at": "2027-07-14T11:30:00+02:00",
        "zone": "Europe/Berlin",
    }


async def test_what_was_not_understood_is_said_in_the_language_of_the_reader(app: TestApp) -> None:
    w = await world()
    body = calendar(vevent("DTSTART;VALUE=DATE:20270714"))

    answer = await hand_in(await app.as_(w.leader), w.exchange, body, query="?locale=en")

    assert answer.json()["not_understood"] == [
        {"what": "all_day", "detail": "It says no hours, so it was left out.", "at": 2, "title": "Boats"}
    ]


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"hello", ICS, 400, "calendar_unreadable"),
        (b"hello", JSON, 400, "calendar_unreadable"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\x00\nEND:VEVENT\nEND:VCALENDAR", ICS, 400, "calendar_unreadable"),
        (b"[" * 100_000, JSON, 400, "calendar_unreadable"),
        (calendar(*["BEGIN:VEVENT\nEND:VEVENT"] * 1001), ICS, 400, "too_many_events"),
        (calendar(vevent()), "text/plain", 415, "unsupported_media_type"),
        (b"x" * (1024 * 1024 + 1), ICS, 413, "too_large"),
    ],
    ids=range(7),
)
async def test_what_cannot_be_imported_is_refused_clearly(
    app: TestApp, body: bytes, kind: str, status: int, code: str
) -> None:
    w: World = await world()

    answer = await hand_in(await app.as_(w.leader), w.exchange, body, kind)

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_only_leaders_import(app: TestApp) -> None:
    w = await world()

    answers = [await hand_in(await app.as_(who), w.exchange, calendar(vevent())) for who in (w.participant, w.stranger)]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [
        (403, "leaders_only"),
        (404, "not_found"),
    ]


async def test_nobody_can_take_the_ids_of_a_file_before_it_is_imported(app: TestApp) -> None:
    w = await world()
    await take_id(app, w, uuid5(w.exchange, "hostel-1"))
    leader = await app.as_(w.leader)

    answer = await hand_in(leader, w.exchange, calendar(vevent(uid="hostel-1")))

    assert (answer.json()["made"], len(await plan(leader, w.exchange))) == (1, 1)


async def test_what_could_not_be_made_is_said(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    body = calendar(vevent(uid="hostel-1"))
    [slot] = (await hand_in(leader, w.exchange, body, query="?dry_run=true")).json()["slots"]
    await take_id(app, w, UUID(slot["id"]))

    found = (await hand_in(leader, w.exchange, body)).json()

    notes = [(note["what"], note["title"]) for note in found["not_understood"]]
    assert (found["slots"], found["made"], notes) == ([], 0, [("taken", "Boats")])
