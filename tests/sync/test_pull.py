"""What a pull brings: to a fresh phone everything, then what is new; as the same Views that the routes show."""

import hashlib
from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.client import TestApp
from tests.http.worlds import manners, problem
from tests.sync.world import (
    TOMBSTONE,
    World,
    demolish,
    door,
    full_world,
    knowing,
    prompt,
    rename,
    space_row,
    world,
)
from yema.changes import SpaceKey, transaction
from yema.exchanges.tables.plan import Slot

EVERYBODYS = {"me", "exchange", "group", "member", "venue", "prompt", "released_slot", "pack"}


FRESH = {
    "participant": {*EVERYBODYS, "entry", "feedback"},
    "groupmate": EVERYBODYS,
    "participant2": EVERYBODYS,
    "leader": {*EVERYBODYS, "slot", "reflection", "feedback"},
    "leader2": {*EVERYBODYS, "slot"},
    "facilitator": {*EVERYBODYS, "slot"},
    "coordinator": {*EVERYBODYS, "slot"},
    "pending": {"me", "pack"},
    "left": {"me", "pack"},
    "stranger": {"me", "exchange", "member", "pack"},
}


async def test_a_fresh_phone_gets_all_that_its_person_may_see(app: TestApp) -> None:
    everything = await full_world(app)

    came = {who: await (await door(app, getattr(everything, who))).pull() for who in FRESH}

    assert {who: one.kinds() for who, one in came.items()} == FRESH
    assert {state for one in came.values() for _, state in one.states} == {"ok"}


@pytest.mark.parametrize("who", ["participant", "leader"])
async def test_what_is_pulled_is_what_the_routes_show(app: TestApp, who: str) -> None:
    everything = await full_world(app)
    phone = await door(app, getattr(everything, who))

    came = await phone.pull()

    pulled = {kind: by_id(came.data(kind)) for kind in came.kinds() - {"pack"}}
    assert pulled == await shown(phone.client, everything, leads=who == "leader")


async def shown(client: Any, everything: World, *, leads: bool) -> dict[str, dict[str, Any]]:
    """The same things as `GET` shows them, by kind."""

    async def items(path: str) -> list[Any]:
        found: list[Any] = (await client.get(path)).json()["items"]
        return found

    exchange = f"/exchanges/{everything.exchange}"
    found = {
        "me": [(await client.get("/me")).json()],
        "exchange": [(await client.get(exchange)).json()],
        "group": await items(f"{exchange}/groups"),
        "member": await items(f"{exchange}/members"),
        "venue": await items(f"{exchange}/venues"),
        "prompt": await items(f"{exchange}/prompts"),
        "released_slot": await slots(client, f"{exchange}/itinerary"),
    }
    if leads:
        found["slot"] = await slots(client, f"{exchange}/itinerary?view=plan")
        found["reflection"] = await items(f"{exchange}/reflections")
        pages = found["reflection"]
    else:
        found["entry"] = pages = await items("/journal/entries")
    found["feedback"] = await items(f"/reflections/{pages[0]['id']}/feedback")
    return {kind: by_id(things) for kind, things in found.items()}


async def slots(client: Any, path: str) -> list[Any]:
    days = (await client.get(path)).json()["days"]
    return [slot for day in days for slot in day["slots"]]


def by_id(things: list[Any]) -> dict[str, Any]:
    return {thing["id"]: thing for thing in things}


async def test_nothing_new_is_an_empty_page_and_the_same_cursor(app: TestApp) -> None:
    phone = await knowing(app, (await world()).leader)
    known = phone.cursor

    assert await phone.page() == {"changes": [], "spaces": [], "cursor": known, "complete": True}


async def test_what_has_changed_comes_and_nothing_else(app: TestApp) -> None:
    exchange = (everybody := await world()).exchange
    lawn, _ = await make.venue(exchange, "Lawn"), await make.venue(exchange, "Barn")
    phone = await knowing(app, everybody.participant)

    await rename(lawn, exchange, "Meadow")
    came = await phone.pull()

    assert (came.ops(), came.data("venue")[0]["name"], came.states) == ([("venue", "put", str(lawn))], "Meadow", [])


async def test_what_is_gone_leaves_a_tombstone_without_data(app: TestApp) -> None:
    exchange = (everybody := await world()).exchange
    venue = await make.venue(exchange)
    phone = await knowing(app, everybody.participant)

    await demolish(venue, exchange)
    [change] = (await phone.pull()).changes

    assert (set(change), change["id"], change["op"]) == (TOMBSTONE, str(venue), "gone")


async def test_a_fill_sends_no_tombstones(app: TestApp) -> None:
    exchange = (everybody := await world()).exchange
    venue = await make.venue(exchange)
    await demolish(venue, exchange)

    came = await (await door(app, everybody.participant)).pull()

    assert [op for _, op, _ in came.ops()].count("gone") == 0
    assert came.ids("venue") == []


async def test_what_was_not_seen_before_it_was_gone_is_told_as_gone(app: TestApp) -> None:
    """A phone ignores tombstones of what it does not know."""
    exchange = (everybody := await world()).exchange
    phone = await knowing(app, everybody.participant)
    venue = await make.venue(exchange)
    await demolish(venue, exchange)

    assert (await phone.pull()).ops() == [("venue", "gone", str(venue))]


async def test_each_space_has_rising_numbers_and_each_thing_once(app: TestApp) -> None:
    everything = await full_world(app)

    changes = (await (await door(app, everything.coordinator)).pull()).changes

    numbers = [(change["space"], change["seq"]) for change in changes]
    things = {(change["space"], change["kind"], change["id"]) for change in changes}
    assert (numbers, len(things)) == (sorted(set(numbers)), len(changes))


async def test_a_shared_page_is_a_thing_of_its_own_beside_the_authors(app: TestApp) -> None:
    everybody = await world()
    author, mate = await knowing(app, everybody.participant), await knowing(app, everybody.groupmate)
    entry = await author.write(everybody.exchange)
    await author.client.put(f"/journal/entries/{entry}/sharing", json={"shared_with": "group"})

    own, others = await author.pull(), await mate.pull()

    group, person = await space_row("group", everybody.group), await space_row("person", everybody.participant)
    assert sorted((c["space"], c["kind"], c["id"]) for c in own.changes) == sorted(
        [(group["id"], "reflection", entry), (person["id"], "entry", entry)]
    )
    assert [(c["space"], c["kind"], c["id"]) for c in others.changes] == [(group["id"], "reflection", entry)]


async def test_a_released_slot_stands_beside_the_leaders_slot(app: TestApp) -> None:
    everybody = await world()
    slot = await make.slot(everybody.exchange)
    leader, participant = await knowing(app, everybody.leader), await knowing(app, everybody.participant)
    await leader.client.post(f"/exchanges/{everybody.exchange}/releases")
    async with transaction() as tx:  # the plan goes on after it was told
        await Slot.update({Slot.titles: '{"en":"Later"}'}).where(Slot.id == slot)
        tx.touched(SpaceKey("exchange_leaders", everybody.exchange), "slot", slot)

    led, told = await leader.pull(), await participant.pull()

    assert {kind: led.data(kind)[0]["title"] for kind in ("slot", "released_slot")} == {
        "slot": "Later",
        "released_slot": "Workshop",
    }
    assert (told.ids("slot"), told.ids("released_slot")) == ([], [str(slot)])


async def test_a_pack_comes_as_the_address_of_its_file_and_the_file_is_that(app: TestApp) -> None:
    pack = await make.pack()

    [data] = (await (await door(app, await make.person())).pull(locale="pl")).data("pack")
    file = await app.anybody.get(data["url"].removeprefix("/api/v1"), headers={"accept-encoding": "identity"})

    assert set(data) == {"pack", "version", "locale", "url", "bytes", "sha256"}
    assert (data["pack"], data["version"], data["locale"]) == (str(pack), 1, "pl")
    assert (len(file.content), hashlib.sha256(file.content).hexdigest()) == (data["bytes"], data["sha256"])
    assert "immutable" in file.headers["cache-control"]


async def test_texts_are_in_the_language_that_the_phone_shows(app: TestApp) -> None:
    everybody = await world()
    await prompt(everybody.exchange, en="What surprised you?", pl="Co cię zaskoczyło?")
    phone = await door(app, everybody.participant)

    answer = await phone.ask(locale="pl")

    [asked] = [change["data"] for change in answer.json()["changes"] if change["kind"] == "prompt"]
    assert (asked["text"], asked["locale"]) == ("Co cię zaskoczyło?", "pl")
    assert answer.headers["content-language"] == "pl"


SENSELESS: list[dict[str, Any]] = [
    {"limit": 0},
    {"limit": 1001},
    {"kinds_version": 0},
    {"locale": "x y"},
    {"since": 1},
    {"cursor": 1},
]


async def test_a_pull_that_makes_no_sense_is_refused(app: TestApp) -> None:
    client = await app.as_(await make.person())

    answers = [
        await client.post("/sync/pull", json={"locale": "en", "kinds_version": 1, **asked}) for asked in SENSELESS
    ]

    assert [manners(answer) for answer in answers] == [problem(400, "invalid")] * len(SENSELESS)


@pytest.mark.parametrize(
    ("path", "body"), [("pull", {"locale": "en", "kinds_version": 1}), ("push", {"mutations": [{}]})]
)
async def test_without_a_token_the_door_is_closed(app: TestApp, path: str, body: dict[str, Any]) -> None:
    assert manners(await app.anybody.post(f"/sync/{path}", json=body)) == problem(401, "not_signed_in")


async def test_who_is_suspended_pulls_nothing_from_the_next_request_on(app: TestApp) -> None:
    person = await make.person()
    phone = await knowing(app, person)

    await make.suspend(person)

    assert manners(await phone.ask(phone.cursor)) == problem(401, "not_signed_in")


async def test_no_cache_keeps_a_page(app: TestApp) -> None:
    answer = await (await door(app, await make.person())).ask()

    assert answer.headers["cache-control"] == "private, no-store"


async def test_a_lost_answer_is_asked_again(app: TestApp) -> None:
    everybody = await world()
    phone = await knowing(app, everybody.participant)
    venue: UUID = await make.venue(everybody.exchange)

    lost, again = [(await phone.ask(phone.cursor)).json() for _ in range(2)]

    assert (lost, [c["id"] for c in again["changes"]]) == (again, [str(venue)])


async def test_someone_elses_page_never_comes(app: TestApp) -> None:
    everybody = await world()
    author, others = await door(app, everybody.participant), ("groupmate", "leader", "coordinator", "stranger")
    await author.write(everybody.exchange)

    seen = [(await (await door(app, getattr(everybody, who))).pull()).ids("entry") for who in others]

    assert (len((await author.pull()).ids("entry")), seen) == (1, [[], [], [], []])
