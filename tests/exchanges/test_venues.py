"""Venues and their rooms."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World, world
from tests.sync.world import door
from yema.exchanges.tables.plan import Slot

HOUSE = {
    "name": "House by the lake",
    "address": "Jeziorna 1",
    "accessibility": "Lift",
    "latitude": 50.13,
    "longitude": 18.47,
    "capacity": 60,
    "zone": "Europe/Warsaw",
    "main": True,
}


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def house_of(app: TestApp, w: World, *rooms: str, **fields: Any) -> tuple[str, list[str]]:
    """The path of a new venue, and the ids of its rooms, by their names."""
    body = {**HOUSE, "rooms": [{"name": name} for name in rooms], **fields}
    made = (await (await app.as_(w.leader)).post(f"/exchanges/{w.exchange}/venues", json=body)).json()
    return f"/exchanges/{w.exchange}/venues/{made['id']}", [room["id"] for room in made["rooms"]]


async def in_room(w: World, venue: str, room: str) -> UUID:
    """A slot there."""
    from yema.changes import SpaceKey, transaction

    slot = await make.slot(w.exchange, venue=UUID(venue.rpartition("/")[2]))
    async with transaction() as tx:
        await Slot.update({Slot.room: UUID(room)}).where(Slot.id == slot)
        tx.touched(SpaceKey("exchange_leaders", w.exchange), "slot", slot)
    return slot


async def test_a_venue_is_shown_as_it_was_sent(app: TestApp) -> None:
    w = await world()
    rooms = [{"name": "Attic"}, {"name": "Blue room", "capacity": 12}]

    answer = await (await app.as_(w.leader)).post(f"/exchanges/{w.exchange}/venues", json={**HOUSE, "rooms": rooms})

    shown = answer.json()
    assert (answer.status_code, [{k: v for k, v in room.items() if k != "id"} for room in shown.pop("rooms")]) == (
        201,
        rooms,
    )
    assert {k: v for k, v in shown.items() if k != "id"} == HOUSE


async def test_a_venue_without_a_zone_has_the_exchanges(app: TestApp) -> None:
    w = await world()
    venue, _ = await house_of(app, w, zone="Europe/Kyiv")

    answer = await (await app.as_(w.leader)).patch(venue, json={"zone": None, "capacity": None})

    assert (answer.json()["zone"], "capacity" in answer.json()) == ("Europe/Warsaw", False)


async def test_rooms_that_are_named_stay_the_same_ones(app: TestApp) -> None:
    w = await world()
    venue, [attic, _] = await house_of(app, w, "Attic", "Blue room")

    answer = await (await app.as_(w.leader)).patch(
        venue, json={"rooms": [{"name": "Cellar"}, {"id": attic, "name": "Loft", "capacity": 8}]}
    )

    cellar, loft = answer.json()["rooms"]
    assert (cellar["name"], loft) == ("Cellar", {"id": attic, "name": "Loft", "capacity": 8})


async def test_a_room_of_another_venue_cannot_be_taken(app: TestApp) -> None:
    w = await world()
    venue, _ = await house_of(app, w, "Attic")
    _, [other] = await house_of(app, w, "Cellar")
    client = await app.as_(w.leader)

    answers = [
        await client.patch(venue, json={"rooms": [{"id": other, "name": "Mine"}]}),
        await client.post(f"/exchanges/{w.exchange}/venues", json={**HOUSE, "rooms": [{"id": other, "name": "Mine"}]}),
    ]

    assert [code(answer) for answer in answers] == [(400, "not_of_this_exchange")] * 2


async def test_there_is_one_main_venue_and_phones_hear_of_both(app: TestApp) -> None:
    w = await world()
    await house_of(app, w)
    phone = await door(app, w.participant)
    await phone.pull()

    await house_of(app, w, name="Other")

    came = (await phone.pull()).data("venue")
    assert sorted((venue["name"], venue["main"]) for venue in came) == [("House by the lake", False), ("Other", True)]


async def test_a_venue_of_another_exchange_is_not_there(app: TestApp) -> None:
    w = await world()
    client, path = await app.as_(w.leader), f"/exchanges/{w.exchange}/venues/{await make.venue(w.elsewhere)}"

    assert [code(await client.patch(path, json={"name": "Ours"})), code(await client.delete(path))] == [
        (404, "not_found")
    ] * 2


async def test_a_venue_where_nothing_happens_goes_from_phones_too(app: TestApp) -> None:
    w = await world()
    venue, _ = await house_of(app, w, "Attic")
    phone = await door(app, w.participant)
    await phone.pull()

    answer = await (await app.as_(w.leader)).delete(venue)

    assert (answer.status_code, (await phone.pull()).ops()) == (204, [("venue", "gone", venue.rpartition("/")[2])])


async def test_a_venue_where_something_is_planned_stays(app: TestApp) -> None:
    w = await world()
    venue, [room] = await house_of(app, w, "Attic")
    slot, client = await in_room(w, venue, room), await app.as_(w.leader)

    answers = [await client.delete(venue), await client.patch(venue, json={"rooms": []})]

    assert [(code(answer), answer.json()["errors"]) for answer in answers] == [
        (
            (409, "place_in_use"),
            [{"pointer": f"/slots/{slot}", "code": "in_use", "detail": "Workshop takes place there."}],
        )
    ] * 2


async def test_a_venue_of_which_people_were_told_stays_until_they_are_told_of_another_one(app: TestApp) -> None:
    w = await world()
    (venue, [room]), client = await house_of(app, w, "Attic"), await app.as_(w.leader)
    slot = await in_room(w, venue, room)
    await client.post(f"/exchanges/{w.exchange}/releases")
    await client.delete(f"/slots/{slot}", headers={"If-Match": "*"})
    before = await client.delete(venue)
    await client.post(f"/exchanges/{w.exchange}/releases")

    after = await client.delete(venue)

    assert (code(before), after.status_code, (await client.get(f"/slots/{slot}")).json().get("venue")) == (
        (409, "place_in_use"),
        204,
        None,
    )


@pytest.mark.parametrize(
    "fields", [{"latitude": 50.0}, {"latitude": None, "longitude": 18.0}, {"capacity": 0}, {"rooms": [{"name": ""}]}]
)
async def test_what_makes_no_sense_is_refused(app: TestApp, fields: dict[str, Any]) -> None:
    w = await world()
    venue, _ = await house_of(app, w)

    assert code(await (await app.as_(w.leader)).patch(venue, json=fields)) == (400, "invalid")


async def test_slots_keep_their_clock_when_the_zone_of_their_venue_is_corrected(app: TestApp) -> None:
    w = await world()
    venue, _ = await house_of(app, w)
    here, elsewhere = await make.slot(w.exchange, venue=UUID(venue.rpartition("/")[2])), await make.slot(w.exchange)
    client = await app.as_(w.leader)

    await client.patch(venue, json={"zone": "Europe/Kyiv"})

    seen = [(await client.get(f"/slots/{slot}")).json() for slot in (here, elsewhere)]
    assert [(slot["starts_at"], slot["zone"], slot["version"]) for slot in seen] == [
        ("2027-07-14T10:00:00+03:00", "Europe/Kyiv", 2),
        ("2027-07-14T10:00:00+02:00", "Europe/Warsaw", 1),
    ]


async def test_a_zone_is_corrected_while_others_put_slots_there(app: TestApp) -> None:
    w = await world()
    one, other = await app.as_(w.leader), await app.as_(w.leader2)
    venue, _ = await house_of(app, w)
    slots = [await make.slot(w.exchange) for _ in range(8)]
    statuses: set[int] = set()

    for number, zone in enumerate(["Europe/Rome", "Africa/Cairo"] * 5):
        there = {"venue": None if number % 2 else venue.rpartition("/")[2]}
        moves = [one.patch(f"/slots/{slot}", json=there, headers={"If-Match": "*"}) for slot in slots]
        answers = await asyncio.gather(other.patch(venue, json={"zone": zone}), *moves)
        statuses |= {answer.status_code for answer in answers}

    assert statuses == {200}
