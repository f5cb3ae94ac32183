"""Slots that come again: the same clock on the wall on each day, changed one, following or all."""

import asyncio
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.client import TestApp
from yema.exchanges.actions.plan.slots import change_slot
from yema.exchanges.rules import on_wall
from yema.exchanges.schemas.plan.plan import SlotChange
from yema.exchanges.tables.plan import Slot
from yema.ids import uuid7

# The clocks of Warsaw go back in the night to 31 October 2027.
AUTUMN = date(2027, 10, 29)
SLOT = {"kind": "reflection", "title": "Looking back"}


def evening(day: date = AUTUMN, hours: str = "21:00-21:45", **fields: Any) -> dict[str, Any]:
    starts, ends = make.instants(hours, day)
    return {**SLOT, "starts_at": starts.isoformat(), "ends_at": ends.isoformat(), **fields}


async def repeated(app: TestApp, day: date = AUTUMN, days: int = 4) -> tuple[httpx.AsyncClient, UUID, list[str]]:
    """A leader, their exchange, and the slots of an evening that comes again, in the order of time."""
    exchange = await make.exchange()
    client = await app.as_(await make.leader(exchange))
    until = (day + timedelta(days - 1)).isoformat()
    answer = await client.post(f"/exchanges/{exchange}/slots", json=evening(day, repeat={"until": until}))
    assert answer.status_code == 201
    return client, exchange, [slot["id"] for slot in await plan(client, exchange)]


async def plan(client: httpx.AsyncClient, exchange: UUID) -> list[dict[str, Any]]:
    found = (await client.get(f"/exchanges/{exchange}/itinerary", params={"view": "plan"})).json()
    return [slot for day in found["days"] for slot in day["slots"]]


async def change(client: httpx.AsyncClient, slot: str, scope: str, match: str = "*", **fields: Any) -> httpx.Response:
    return await client.patch(f"/slots/{slot}", json=fields, params={"scope": scope}, headers={"If-Match": match})


def starts(slots: list[dict[str, Any]]) -> list[str]:
    return [slot["starts_at"] for slot in slots]


async def test_a_repeated_slot_has_the_same_clock_on_every_wall(app: TestApp) -> None:
    client, exchange, ids = await repeated(app)

    slots = await plan(client, exchange)

    assert [(slot["starts_at"], slot["ends_at"]) for slot in slots] == [
        (f"2027-10-{day}T21:00:00{offset}", f"2027-10-{day}T21:45:00{offset}")
        for day, offset in ((29, "+02:00"), (30, "+02:00"), (31, "+01:00"))
    ] + [("2027-11-01T21:00:00+01:00", "2027-11-01T21:45:00+01:00")]
    assert {slot["series"] for slot in slots} == {ids[0]}


async def test_the_first_of_them_is_answered_and_all_say_the_same(app: TestApp) -> None:
    exchange = await make.exchange()
    leader, venue = await make.leader(exchange), await make.venue(exchange)
    client = await app.as_(leader)
    body = evening(
        repeat={"until": "2027-11-01"},
        venue=str(venue),
        responsible=[str(leader)],
        audience={"kind": "people", "people": [str(leader)]},
        materials=[{"name": "Candle"}],
    )

    answer = await client.post(f"/exchanges/{exchange}/slots", json=body)

    slots = await plan(client, exchange)
    own = ("id", "starts_at", "ends_at")
    assert answer.json() == slots[0]
    assert [{k: v for k, v in slot.items() if k not in own} for slot in slots] == [
        {k: v for k, v in answer.json().items() if k not in own}
    ] * 4


@pytest.mark.parametrize(
    ("repeat", "days"),
    [
        ({"until": "2027-11-06", "every": 2}, [29, 31, 2, 4, 6]),
        ({"until": "2027-11-05", "weekdays": [1, 3]}, [29, 1, 3]),
        ({"until": "2027-11-05", "every": 7}, [29, 5]),
        ({"until": "2027-10-29"}, [29]),
    ],
)
async def test_a_slot_comes_again_on_the_days_that_were_asked_for(
    app: TestApp, repeat: dict[str, Any], days: list[int]
) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.leader(exchange))

    await client.post(f"/exchanges/{exchange}/slots", json=evening(repeat=repeat))

    assert [datetime.fromisoformat(one).day for one in starts(await plan(client, exchange))] == days


@pytest.mark.parametrize(
    ("until", "code"),
    [("2027-10-28", "invalid"), ("2027-12-28", "too_many_repeats"), ("9999-12-31", "too_many_repeats")],
)
async def test_a_slot_comes_again_on_sixty_days_at_most(app: TestApp, until: str, code: str) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.leader(exchange))

    refused = await client.post(f"/exchanges/{exchange}/slots", json=evening(repeat={"until": until}))
    nothing = await Slot.count()
    most = await client.post(f"/exchanges/{exchange}/slots", json=evening(repeat={"until": "2027-12-27"}))

    assert (refused.status_code, refused.json()["code"], nothing) == (400, code, 0)
    assert (most.status_code, await Slot.count()) == (201, 60)


async def test_a_change_of_one_leaves_the_others_and_it_stays_in_its_series(app: TestApp) -> None:
    client, exchange, ids = await repeated(app)

    answer = await change(client, ids[1], "one", title="Campfire")

    slots = await plan(client, exchange)
    assert [slot["title"] for slot in slots] == ["Looking back", "Campfire", "Looking back", "Looking back"]
    assert (answer.json()["series"], [slot["version"] for slot in slots]) == (ids[0], [1, 2, 1, 1])


async def test_all_move_on_the_wall_as_far_as_the_one_that_was_moved(app: TestApp) -> None:
    client, exchange, ids = await repeated(app)

    await change(client, ids[0], "all", starts_at=make.instants("21:30-22:00", AUTUMN)[0].isoformat())

    slots = await plan(client, exchange)
    assert [(slot["starts_at"][11:], slot["ends_at"][11:], slot["version"]) for slot in slots] == [
        (f"21:30:00{offset}", f"22:15:00{offset}", 2) for offset in ("+02:00", "+02:00", "+01:00", "+01:00")
    ]


async def test_a_series_moves_to_other_days_too(app: TestApp) -> None:
    client, exchange, ids = await repeated(app)
    earlier = [make.instants(f"{clock}-23:00", AUTUMN - timedelta(1))[0].isoformat() for clock in ("20:00", "20:30")]

    await change(client, ids[0], "all", starts_at=earlier[0], ends_at=earlier[1])

    slots = await plan(client, exchange)
    assert [(slot["starts_at"][8:16], slot["ends_at"][11:16]) for slot in slots] == [
        (f"{day}T20:00", "20:30") for day in (28, 29, 30, 31)
    ]


async def test_following_are_this_one_and_the_later_ones(app: TestApp) -> None:
    client, exchange, ids = await repeated(app)

    await change(client, ids[2], "following", title="Farewell")

    assert [slot["title"] for slot in await plan(client, exchange)] == ["Looking back"] * 2 + ["Farewell"] * 2


async def test_what_was_changed_singly_stays_where_the_change_of_all_does_not_name_it(app: TestApp) -> None:
    client, exchange, ids = await repeated(app)
    await change(
        client,
        ids[1],
        "one",
        title="Campfire",
        starts_at=make.instants("22:00-23:00", AUTUMN + timedelta(1))[0].isoformat(),
    )

    await change(client, ids[0], "all", kind="meeting", starts_at=make.instants("20:30-22:00", AUTUMN)[0].isoformat())

    slots = await plan(client, exchange)
    assert [(slot["title"], slot["kind"], slot["starts_at"][11:16]) for slot in slots] == [
        ("Looking back", "meeting", "20:30"),
        ("Campfire", "meeting", "21:30"),
        ("Looking back", "meeting", "20:30"),
        ("Looking back", "meeting", "20:30"),
    ]


async def test_what_is_cancelled_stays_cancelled_and_unchanged(app: TestApp) -> None:
    client, exchange, ids = await repeated(app)
    await client.delete(f"/slots/{ids[3]}", headers={"If-Match": "*"})

    await change(client, ids[0], "all", title="Farewell")

    last = (await plan(client, exchange))[3]
    assert (last["state"], last["title"], last["version"]) == ("cancelled", "Looking back", 2)


async def test_what_is_over_is_changed_only_where_it_is_named(app: TestApp) -> None:
    today = on_wall(datetime.now(UTC), make.ZONE).date()
    client, exchange, ids = await repeated(app, today - timedelta(2), 5)

    await change(client, ids[3], "all", title="Later ones")
    after_the_first = [slot["title"] for slot in await plan(client, exchange)]
    await change(client, ids[0], "all", title="Named")

    assert after_the_first[:2] + after_the_first[3:] == ["Looking back"] * 2 + ["Later ones"] * 2
    assert [slot["title"] for slot in await plan(client, exchange)][:2] == ["Named", "Looking back"]


@pytest.mark.parametrize(("scope", "left"), [("one", 3), ("following", 1), ("all", 0)])
async def test_one_following_or_all_are_cancelled(app: TestApp, scope: str, left: int) -> None:
    client, exchange, ids = await repeated(app)

    answer = await client.delete(f"/slots/{ids[1]}", params={"scope": scope}, headers={"If-Match": '"1"'})

    states = [slot["state"] for slot in await plan(client, exchange)]
    assert (answer.json()["state"], states.count("planned")) == ("cancelled", left)


async def test_a_slot_that_repeats_nothing_is_all_of_its_series(app: TestApp) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.leader(exchange))
    slot, _ = await make.slot(exchange), await make.slot(exchange, "12:00-13:00")

    await change(client, str(slot), "all", title="Other")

    assert [one["title"] for one in await plan(client, exchange)] == ["Other", "Workshop"]


async def test_a_stale_version_of_the_one_that_is_named_changes_none(app: TestApp) -> None:
    client, _, ids = await repeated(app)
    await change(client, ids[1], "one", title="Campfire")

    stale = await change(client, ids[1], "all", '"1"', title="Farewell")
    other = await change(client, ids[0], "all", '"1"', title="Farewell")

    assert (stale.status_code, stale.json()["current"]["version"], other.status_code) == (412, 2, 200)


async def test_an_end_before_a_start_anywhere_changes_none(app: TestApp) -> None:
    client, exchange, ids = await repeated(app)
    await change(client, ids[1], "one", ends_at=make.instants("20:00-21:10", AUTUMN + timedelta(1))[1].isoformat())

    answer = await change(client, ids[0], "all", ends_at=make.instants("20:00-21:15", AUTUMN)[1].isoformat())

    assert (answer.json()["code"], [slot["version"] for slot in await plan(client, exchange)]) == (
        "ends_before_it_starts",
        [1, 2, 1, 1],
    )


async def test_of_64_leaders_who_change_all_at_once_exactly_one_wins(app: TestApp) -> None:
    client, exchange, ids = await repeated(app)
    clients = [await app.as_(await make.leader(exchange)) for _ in range(64)]

    answers = await asyncio.gather(
        *(change(one, ids[0], "all", '"1"', title=f"Leader {n}") for n, one in enumerate(clients))
    )

    slots = await plan(client, exchange)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 63
    assert (len({slot["title"] for slot in slots}), {slot["version"] for slot in slots}) == (1, {2})


async def test_leaders_who_change_a_series_from_all_its_ends_do_not_wait_in_a_circle(app: TestApp) -> None:
    _, exchange, ids = await repeated(app)
    leader = await make.leader(exchange)
    by, person = await make.membership(leader, exchange), make.signed_in(leader)

    versions = await asyncio.gather(
        *(
            change_slot(by, UUID(slot), SlotChange(title=f"{n}"), person, None, scope="all" if n % 3 else "one")
            for n in range(8)
            for slot in ids
        )
    )

    assert len(versions) == 32


async def test_the_same_key_repeats_a_slot_once(app: TestApp) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.leader(exchange))
    body, key = evening(repeat={"until": "2027-11-01"}), {"Idempotency-Key": str(uuid7())}

    answers = [await client.post(f"/exchanges/{exchange}/slots", json=body, headers=key) for _ in range(2)]

    assert (answers[0].json() == answers[1].json(), await Slot.count()) == (True, 4)
