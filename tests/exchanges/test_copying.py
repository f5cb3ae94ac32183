"""Copying an exchange: what comes along is the same, on the other days; what is theirs stays with them."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World, world
from tests.sync.world import door
from yema.changes import SpaceKey, transaction
from yema.exchanges.tables.exchange import Exchange, JoinCode, Member
from yema.exchanges.tables.plan import ExchangePack, Slot, TravelLeg
from yema.exchanges.tables.told import Release
from yema.ids import uuid7

START = "2027-11-03"


async def organised(app: TestApp) -> tuple[World, httpx.AsyncClient]:
    w = await world()
    return w, await app.as_(await make.organiser(w.exchange))


async def copy(client: httpx.AsyncClient, exchange: UUID, **headers: str) -> Any:
    answer = await client.post(
        f"/exchanges/{exchange}/copies", json={"title": "Next year", "starts_on": START}, headers=headers
    )
    assert answer.status_code == 201, answer.text
    return answer.json()


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def items(client: httpx.AsyncClient, exchange: Any, what: str) -> list[Any]:
    found: list[Any] = (await client.get(f"/exchanges/{exchange}/{what}")).json()["items"]
    return found


async def plan(client: httpx.AsyncClient, exchange: Any) -> list[Any]:
    days = (await client.get(f"/exchanges/{exchange}/itinerary?view=plan")).json()["days"]
    return [slot for day in days for slot in day["slots"]]


def without_ids(things: list[Any]) -> list[Any]:
    return [{k: v for k, v in thing.items() if k not in ("id", "rooms")} for thing in things]


async def test_the_copy_begins_on_its_day_and_lasts_as_long(app: TestApp) -> None:
    w, client = await organised(app)
    await client.patch(
        f"/exchanges/{w.exchange}",
        json={"ceilings": {"a_max": 1}, "call_year": 2026, "project_number": "2024-1-PL01-KA152-YOU-000123456"},
    )
    source = (await client.get(f"/exchanges/{w.exchange}")).json()

    made = await copy(client, w.exchange)

    own = {"id": made["id"], "title": "Next year", "starts_on": START, "ends_on": "2027-11-10", "phase": "planning"}
    expected = {k: v for k, v in source.items() if k not in ("call_year", "project_number")} | own
    assert made == expected


async def test_groups_venues_and_rooms_come_along(app: TestApp) -> None:
    w, client = await organised(app)
    await client.patch(f"/exchanges/{w.exchange}/groups/{w.group}", json={"hosts": True, "city": "Katowice"})
    body = {"name": "House", "main": True, "capacity": 60, "rooms": [{"name": "Attic", "capacity": 9}]}
    await client.post(f"/exchanges/{w.exchange}/venues", json=body)

    made = (await copy(client, w.exchange))["id"]

    for what in ("groups", "venues"):
        source, copied = await items(client, w.exchange, what), await items(client, made, what)
        assert without_ids(copied) == without_ids(source)
        assert {one["id"] for one in copied} & {one["id"] for one in source} == set()
        for one, other in zip(source, copied, strict=True):
            assert without_ids(one.get("rooms", [])) == without_ids(other.get("rooms", []))


async def test_slots_keep_clock_titles_materials_place_groups_and_series(app: TestApp) -> None:
    w, client = await organised(app)
    body = {"name": "House", "rooms": [{"name": "Attic"}]}
    venue = (await client.post(f"/exchanges/{w.exchange}/venues", json=body)).json()
    series = uuid7()
    slots = [
        await make.slot(w.exchange, "22:00-23:30", venue=UUID(venue["id"]), groups=(w.group2,)),
        await make.slot(w.exchange, "09:00-10:00", zone="Europe/London", responsible=(w.leader,)),
    ]
    async with transaction() as tx:
        await Slot.update(
            {Slot.room: UUID(venue["rooms"][0]["id"]), Slot.series: series, Slot.materials: '[{"name":"Rope"}]'}
        ).where(Slot.id.is_in(slots))
        tx.touched(SpaceKey("exchange_leaders", w.exchange), "slot", slots[0])

    made = (await copy(client, w.exchange))["id"]

    [house], groups = await items(client, made, "venues"), await items(client, made, "groups")
    spain = next(group["id"] for group in groups if group["country"] == "ES")
    early, night = await plan(client, made)
    assert [(s["starts_at"], s["ends_at"], s["zone"]) for s in (early, night)] == [
        ("2027-11-03T09:00:00Z", "2027-11-03T10:00:00Z", "Europe/London"),
        ("2027-11-03T22:00:00+01:00", "2027-11-03T23:30:00+01:00", "Europe/Warsaw"),
    ]
    assert (night["venue"], night["room"], night["audience"]) == (
        house["id"],
        house["rooms"][0]["id"],
        {"kind": "groups", "groups": [spain]},
    )
    assert [(s["title"], s["responsible"], s["materials"][0]["name"], s["version"]) for s in (early, night)] == [
        ("Workshop", [], "Rope", 1)
    ] * 2
    assert early["series"] == night["series"] != str(series)


async def test_slots_for_chosen_people_and_cancelled_ones_stay_behind(app: TestApp) -> None:
    w, client = await organised(app)
    await make.slot(w.exchange, title="Talk with Ola", people=(w.participant,))
    gone = await make.slot(w.exchange, title="Rained off")
    await client.delete(f"/slots/{gone}", headers={"If-Match": "*"})
    await make.slot(w.exchange, title="Breakfast")

    made = (await copy(client, w.exchange))["id"]

    assert [slot["title"] for slot in await plan(client, made)] == ["Breakfast"]


async def test_journeys_come_along_with_their_groups(app: TestApp) -> None:
    w, client = await organised(app)
    leg = TravelLeg(
        id=uuid7(), exchange=w.exchange, group=w.group2, direction="outward", mode="train", from_place="A", to_place="B",
        departs_at=datetime(2027, 7, 13, 6, tzinfo=UTC), departs_zone="Europe/Madrid", distance_km=900, green=True,
        arrives_at=datetime(2027, 7, 13, 15, tzinfo=UTC), arrives_zone=make.ZONE, version=3,
    )  # fmt: skip
    async with transaction() as tx:
        await TravelLeg.insert(leg)
        tx.touched(SpaceKey("group", w.group2), "travel_leg", leg.id)

    made = (await copy(client, w.exchange))["id"]

    spain = next(group["id"] for group in await items(client, made, "groups") if group["country"] == "ES")
    [seen] = await items(client, made, "travel")
    assert {k: seen[k] for k in ("group", "departs_at", "arrives_at", "distance_km", "green", "version")} == {
        "group": spain,
        "departs_at": "2027-11-02T08:00:00+01:00",
        "arrives_at": "2027-11-02T17:00:00+01:00",
        "distance_km": 900,
        "green": True,
        "version": 1,
    }


async def test_the_copy_plans_with_the_same_versions_of_packs(app: TestApp) -> None:
    w, client = await organised(app)
    pack = await make.pack()
    activity = (await client.get(f"/activities?pack={pack}")).json()["items"][0]["id"]
    await make.slot(w.exchange, title="", activity=UUID(activity))
    before = await plan(client, w.exchange)

    made = (await copy(client, w.exchange))["id"]

    kept = await ExchangePack.select(ExchangePack.pack, ExchangePack.number).where(ExchangePack.exchange == UUID(made))
    assert (kept, [slot["title"] for slot in await plan(client, made)]) == (
        [{"pack": pack, "number": 1}],
        [slot["title"] for slot in before],
    )


async def test_nobody_comes_along_but_who_copies(app: TestApp) -> None:
    w, client = await organised(app)
    await make.slot(w.exchange)
    await client.post(f"/exchanges/{w.exchange}/releases")
    await client.post(f"/exchanges/{w.exchange}/join-codes", json={})

    made = UUID((await copy(client, w.exchange))["id"])

    counted = [await table.count().where(table.exchange == made) for table in (Member, Release, JoinCode)]
    assert counted == [1, 0, 0]
    assert await Member.select(Member.role, Member.group).where(Member.exchange == made) == [
        {"role": "coordinator", "group": None}
    ]


async def test_the_source_stays_as_it_was(app: TestApp) -> None:
    w, client = await organised(app)
    await make.slot(w.exchange)
    phone = await door(app, w.leader)
    await phone.pull()

    await copy(client, w.exchange)

    assert (await phone.pull()).changes == []


async def test_the_phone_of_who_copies_hears_of_the_copy(app: TestApp) -> None:
    w = await world()
    await make.slot(w.exchange)
    who = await make.organiser(w.exchange)
    phone = await door(app, who)
    await phone.pull()

    made = (await copy(await app.as_(who), w.exchange))["id"]

    came = await phone.pull()
    assert (came.ids("exchange"), {kind: len(came.ids(kind)) for kind in ("group", "slot", "member")}) == (
        [made],
        {"group": 2, "slot": 1, "member": 1},
    )


async def test_the_same_key_makes_one_copy(app: TestApp) -> None:
    w, client = await organised(app)

    first, second = [await copy(client, w.exchange, **{"Idempotency-Key": "k"}) for _ in range(2)]

    assert (first, await Exchange.count().where(Exchange.title == "Next year")) == (second, 1)


async def test_a_coordinator_who_does_not_work_for_the_organisation_makes_no_copy(app: TestApp) -> None:
    w = await world()
    trainer = await make.coordinator(
        w.exchange, who=await make.staff(await make.organisation_of(w.exchange), "trainer")
    )
    body = {"title": "Next year", "starts_on": START}

    answers = [
        await (await app.as_(who)).post(f"/exchanges/{w.exchange}/copies", json=body)
        for who in (w.coordinator, trainer)
    ]

    assert [code(answer) for answer in answers] == [(404, "not_found"), (403, "organisers_only")]
