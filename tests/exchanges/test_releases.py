"""Releases: exactly what is different is told, once."""

import asyncio
from typing import Any
from uuid import UUID

import httpx

from tests import make
from tests.client import TestApp
from yema.changes.tables import Change, Outbox
from yema.exchanges.actions.plan.slots import change_slot
from yema.exchanges.actions.told.release import release_plan
from yema.exchanges.errors import NothingToRelease
from yema.exchanges.schemas.plan.plan import SlotChange
from yema.exchanges.tables.told import Release

NOTHING: dict[str, list[str]] = {"new": [], "moved": [], "changed": [], "cancelled": []}


async def change(client: httpx.AsyncClient, slot: UUID, **fields: Any) -> None:
    answer = await client.patch(f"/slots/{slot}", json=fields, headers={"If-Match": "*"})
    assert answer.status_code == 200


async def cancel(client: httpx.AsyncClient, slot: UUID) -> None:
    answer = await client.delete(f"/slots/{slot}", headers={"If-Match": "*"})
    assert answer.status_code == 200


async def released(client: httpx.AsyncClient, exchange: UUID) -> dict[str, list[str]]:
    answer = await client.post(f"/exchanges/{exchange}/releases")
    assert answer.status_code == 201
    return {word: slots for word, slots in answer.json()["difference"].items() if word != "details"}


async def test_a_release_tells_exactly_what_is_different(app: TestApp) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.leader(exchange))
    moved, relocated, retitled, cancelled, both, _same = [
        await make.slot(exchange, f"{hour:02}:00-{hour:02}:30") for hour in range(8, 14)
    ]
    await released(client, exchange)
    new = await make.slot(exchange, "18:00-19:00")
    await change(client, moved, starts_at=make.instants("20:00-20:30")[0].isoformat())
    await change(client, relocated, venue=str(await make.venue(exchange)))
    await change(client, retitled, title="Other")
    await change(client, both, title="Other", starts_at=make.instants("21:00-21:30")[0].isoformat())
    await cancel(client, cancelled)

    difference = await released(client, exchange)

    assert {word: set(slots) for word, slots in difference.items()} == {
        "new": {str(new)},
        "moved": {str(moved), str(relocated), str(both)},
        "changed": {str(retitled)},
        "cancelled": {str(cancelled)},
    }


async def test_what_was_moved_there_and_back_is_not_told(app: TestApp) -> None:
    exchange = await make.exchange()
    client, slot = await app.as_(await make.leader(exchange)), await make.slot(exchange)
    await released(client, exchange)
    for hours in ("15:00-16:00", "10:00-11:00"):
        await change(client, slot, starts_at=make.instants(hours)[0].isoformat())

    answer = await client.post(f"/exchanges/{exchange}/releases")

    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_release")


async def test_a_slot_that_was_cancelled_before_anybody_heard_of_it_is_not_told(app: TestApp) -> None:
    exchange = await make.exchange()
    client, never = await app.as_(await make.leader(exchange)), await make.slot(exchange)
    told = await make.slot(exchange, "12:00-13:00")
    await cancel(client, never)

    assert await released(client, exchange) == {**NOTHING, "new": [str(told)]}


async def test_a_cancelled_slot_is_told_once_and_stays_as_cancelled(app: TestApp) -> None:
    exchange = await make.exchange()
    client, slot = await app.as_(await make.leader(exchange)), await make.slot(exchange)
    participant = await app.as_(await make.participant(exchange))
    await released(client, exchange)
    await cancel(client, slot)
    await released(client, exchange)

    answer = await client.post(f"/exchanges/{exchange}/releases")

    seen = (await participant.get(f"/slots/{slot}")).json()["state"]
    assert (answer.status_code, seen) == (409, "cancelled")


async def test_a_moved_slot_stays_moved_in_later_releases(app: TestApp) -> None:
    exchange = await make.exchange()
    client, slot = await app.as_(await make.leader(exchange)), await make.slot(exchange)
    participant = await app.as_(await make.participant(exchange))
    await released(client, exchange)
    await change(client, slot, starts_at=make.instants("15:00-16:00")[0].isoformat())
    await released(client, exchange)
    await change(client, slot, title="Other")

    difference = await released(client, exchange)

    seen = (await participant.get(f"/slots/{slot}")).json()["state"]
    assert (difference, seen) == ({**NOTHING, "changed": [str(slot)]}, "moved")


async def test_an_empty_plan_cannot_be_released(app: TestApp) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.leader(exchange))

    answer = await client.post(f"/exchanges/{exchange}/releases")

    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_to_release")


async def test_a_release_that_told_nothing_takes_no_number(app: TestApp) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.leader(exchange))
    await client.post(f"/exchanges/{exchange}/releases")
    await make.slot(exchange)

    answer = await client.post(f"/exchanges/{exchange}/releases")

    assert answer.json()["number"] == 1


async def test_of_many_releases_of_one_plan_at_once_only_one_tells(app: TestApp) -> None:
    exchange = await make.exchange()
    leader, slot = await make.leader(exchange), await make.slot(exchange)
    by = await make.membership(leader, exchange)

    answers = await asyncio.gather(*(release_plan(by) for _ in range(16)), return_exceptions=True)

    told = [answer.difference.new for answer in answers if not isinstance(answer, BaseException)]
    refused = [type(answer) for answer in answers if isinstance(answer, BaseException)]
    assert (told, refused) == ([[slot]], [NothingToRelease] * 15)


async def test_no_change_is_lost_between_releases_and_changes_at_once(app: TestApp) -> None:
    exchange = await make.exchange()
    leader = await make.leader(exchange)
    by, person = await make.membership(leader, exchange), make.signed_in(leader)
    slots = [await make.slot(exchange, title="Before") for _ in range(12)]
    await release_plan(by)

    await asyncio.gather(
        *(change_slot(by, slot, SlotChange(title="After"), person, None) for slot in slots),
        *(release_plan(by) for _ in range(6)),
        return_exceptions=True,
    )
    await asyncio.gather(release_plan(by), return_exceptions=True)

    found = await (await app.as_(leader)).get(f"/exchanges/{exchange}/itinerary")
    numbers = [row["number"] for row in await Release.select(Release.number).order_by(Release.number)]
    assert ([s["title"] for s in found.json()["days"][0]["slots"]], numbers) == (
        ["After"] * 12,
        list(range(1, len(numbers) + 1)),
    )


async def test_every_release_is_told_once_and_with_ids_only(app: TestApp) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.leader(exchange))
    await make.slot(exchange, title="A title that could leak")

    await released(client, exchange)

    rows = await Outbox.select(Outbox.event, Outbox.about).output(load_json=True)
    assert rows[0] == {"event": "itinerary_released", "about": {"exchange": str(exchange), "release": 1}}
    assert [(row["event"], {*row["about"]}) for row in rows[1:]] == [("slot_begins", {"exchange", "slot", "starts_at"})]


async def test_what_is_not_different_is_not_sent_to_phones_again(app: TestApp) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.leader(exchange))
    same, _ = await make.slot(exchange), await make.slot(exchange, "12:00-13:00")
    await released(client, exchange)
    query = Change.select(Change.seq).where(Change.thing == same, Change.kind == "released_slot").order_by(Change.seq)
    before = await query

    await make.slot(exchange, "14:00-15:00")
    await released(client, exchange)

    assert await query == before


async def test_releases_are_listed_the_newest_first_a_page_at_a_time(app: TestApp) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.leader(exchange))
    for hour in (8, 9, 10):
        await make.slot(exchange, f"{hour:02}:00-{hour:02}:30")
        await released(client, exchange)

    first = (await client.get(f"/exchanges/{exchange}/releases", params={"limit": "2"})).json()
    cursor = first["next_cursor"]
    rest = (await client.get(f"/exchanges/{exchange}/releases", params={"limit": "2", "cursor": cursor})).json()

    numbers = [[r["number"] for r in one["items"]] for one in (first, rest)]
    assert (numbers, "next_cursor" in rest) == ([[3, 2], [1]], False)
