"""Rooms and materials of slots."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.client import TestApp
from yema.changes import SpaceKey, transaction
from yema.exchanges.tables.exchange import Room
from yema.ids import uuid7

Fields = dict[str, Any]


async def room_in(exchange: UUID, venue: UUID, name: str = "Attic") -> UUID:
    row = Room(id=uuid7(), venue=venue, name=name)
    async with transaction() as tx:
        await Room.insert(row)
        tx.touched(SpaceKey("exchange", exchange), "venue", venue)
    return row.id


async def house(app: TestApp) -> tuple[httpx.AsyncClient, UUID, UUID, UUID]:
    """A leader, their exchange, a venue and a room of it."""
    exchange = await make.exchange()
    venue = await make.venue(exchange)
    return await app.as_(await make.leader(exchange)), exchange, venue, await room_in(exchange, venue)


async def change(client: httpx.AsyncClient, slot: str, **fields: Any) -> httpx.Response:
    return await client.patch(f"/slots/{slot}", json=fields, headers={"If-Match": "*"})


async def test_a_slot_is_in_a_room_of_its_venue(app: TestApp) -> None:
    client, exchange, venue, room = await house(app)

    answer = await client.post(f"/exchanges/{exchange}/slots", json=make.draft(venue=str(venue), room=str(room)))

    assert (answer.status_code, answer.json()["room"]) == (201, str(room))


async def test_a_room_of_another_venue_is_refused(app: TestApp) -> None:
    client, exchange, venue, room = await house(app)
    other = await make.venue(exchange, "Hall")
    elsewhere = await make.exchange("Elsewhere")
    foreign = await make.venue(elsewhere)
    drafts: list[Fields] = [
        {"venue": str(other), "room": str(room)},
        {"room": str(room)},
        {"venue": str(venue), "room": str(await room_in(elsewhere, foreign))},
        {"venue": str(venue), "room": str(uuid7())},
    ]

    answers = [await client.post(f"/exchanges/{exchange}/slots", json=make.draft(**draft)) for draft in drafts]

    assert [answer.json().get("code") for answer in answers] == ["not_of_this_exchange"] * 4


@pytest.mark.parametrize(
    ("other", "named", "stays"),
    [(True, False, False), (False, False, True), (True, True, True)],
    ids=["another venue", "the same venue", "another venue and its room"],
)
async def test_another_venue_without_a_room_leaves_none(app: TestApp, other: bool, named: bool, stays: bool) -> None:
    client, exchange, venue, room = await house(app)
    draft = make.draft(venue=str(venue), room=str(room))
    slot = (await client.post(f"/exchanges/{exchange}/slots", json=draft)).json()["id"]
    target = await make.venue(exchange, "Hall") if other else venue
    expected = await room_in(exchange, target) if named else room

    answer = await change(client, slot, venue=str(target), **({"room": str(expected)} if named else {}))

    assert answer.json().get("room") == (str(expected) if stays else None)


async def test_a_room_is_changed_within_the_venue_and_cleared(app: TestApp) -> None:
    client, exchange, venue, room = await house(app)
    slot, other = (
        str(await make.slot(exchange, venue=venue)),
        await room_in(exchange, await make.venue(exchange, "Hall")),
    )

    answers = [await change(client, slot, room=one and str(one)) for one in (room, other, None)]

    assert [(answer.status_code, answer.json().get("room")) for answer in answers] == [
        (200, str(room)),
        (400, None),
        (200, None),
    ]


async def test_a_slot_in_another_room_was_moved(app: TestApp) -> None:
    client, exchange, venue, room = await house(app)
    slot = str(await make.slot(exchange, venue=venue))
    await client.post(f"/exchanges/{exchange}/releases")
    await change(client, slot, room=str(room))

    answer = await client.post(f"/exchanges/{exchange}/releases")

    assert answer.json()["difference"]["moved"] == [slot]


async def test_materials_have_the_language_of_who_wrote_them_unless_they_name_theirs(app: TestApp) -> None:
    client, exchange, *_ = await house(app)
    needs = [
        {"name": "Rope", "quantity": 2.5, "per": "group", "unit": "m"},
        {"name": "Lina", "quantity": 1.0, "per": "total", "locale": "pl"},
    ]

    answer = await client.post(f"/exchanges/{exchange}/slots", json=make.draft(materials=needs, locale="de"))

    assert answer.json()["materials"] == [{**needs[0], "locale": "de"}, needs[1]]


async def test_materials_are_replaced_and_at_most_fifty(app: TestApp) -> None:
    client, exchange, *_ = await house(app)
    slot = str(await make.slot(exchange))

    answers = [await change(client, slot, materials=[{"name": "Rope"}] * many) for many in (50, 51, 1, 0)]

    assert [(one.status_code, len(one.json().get("materials", []))) for one in answers] == [
        (200, 50),
        (400, 0),
        (200, 1),
        (200, 0),
    ]
