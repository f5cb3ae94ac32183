"""Push: one result for each mutation, in order; each is done once, and none stops another."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests import make
from tests.accounts.doors import member_id
from tests.client import TestApp
from tests.http.worlds import manners, problem
from tests.sync.world import (
    JSON,
    door,
    knowing,
    mutation,
    page_of,
    statuses,
    told,
    world,
)
from yema.changes import sweep
from yema.changes.tables import OnceRow
from yema.exchanges.tables.plan import Slot
from yema.ids import uuid7
from yema.journals.tables import Entry, Revision


async def test_each_mutation_has_a_result_in_its_order(app: TestApp) -> None:
    everybody = await world()
    phone = await door(app, everybody.participant)
    known = page_of(everybody.exchange)
    await phone.push_one(known)
    pages = [
        page_of(everybody.exchange),
        known,
        page_of(everybody.exchange, "Over it", known["id"]),
        page_of(everybody.elsewhere),
        page_of(everybody.exchange),
    ]

    results = await phone.push(*pages)

    assert [result["mutation_id"] for result in results] == [page["mutation_id"] for page in pages]
    assert statuses(results) == ["applied", "duplicate", "conflict", "rejected", "applied"]


async def test_nothing_to_push_is_no_result(app: TestApp) -> None:
    assert await (await door(app, await make.person())).push() == []


async def test_the_same_list_again_is_all_duplicates_with_the_same_versions(app: TestApp) -> None:
    everybody = await world()
    phone = await door(app, everybody.participant)
    first = page_of(everybody.exchange)
    pages = [first, page_of(everybody.exchange, "Two", first["id"], 1), mutation("entry", "delete", first["id"], 2)]

    before, after = await phone.push(*pages), await phone.push(*pages)

    assert [(r["status"], r["version"]) for r in before] == [("applied", 1), ("applied", 2), ("applied", 3)]
    assert [(r["status"], r["version"]) for r in after] == [("duplicate", 1), ("duplicate", 2), ("duplicate", 3)]
    assert await Entry.count() == 1


CHANGES: list[JSON] = [
    {"data": {"text": "Other"}},
    {"made_at": "2027-07-14T22:00:00+02:00"},
    {"base_version": 1},
    {"id": str(uuid7())},
    {"op": "delete"},
]


async def test_a_mutation_id_that_comes_with_something_else_is_rejected(app: TestApp) -> None:
    everybody = await world()
    phone = await door(app, everybody.participant)
    page = page_of(everybody.exchange)
    await phone.push_one(page)

    results = await phone.push(
        *({**page, **change, "data": {**page["data"], **change.get("data", {})}} for change in CHANGES)
    )

    assert [told(result) for result in results] == [("rejected", "mutation_changed")] * len(CHANGES)
    assert told(await phone.push_one(page)) == ("duplicate", "")


async def test_how_a_phone_spells_its_json_does_not_matter(app: TestApp) -> None:
    everybody = await world()
    phone = await door(app, everybody.participant)
    page = page_of(everybody.exchange, "Żółw", mood=3)
    await phone.push_one(page)

    turned = {key: page[key] for key in reversed(page)} | {"data": dict(reversed(page["data"].items()))}
    spaced = (
        str({"mutations": [turned]}).replace("'", ' "').replace(", ", " ,\n\t").replace('" ', '"').replace(' "', '"')
    )
    answer = await phone.client.post(
        "/sync/push", content=spaced.encode(), headers={"content-type": "application/json"}
    )

    assert statuses(answer.json()["results"]) == ["duplicate"]


async def test_a_mutation_id_is_the_persons_own(app: TestApp) -> None:
    everybody = await world()
    page = page_of(everybody.exchange)
    others = {**page_of(everybody.exchange, "Mine"), "mutation_id": page["mutation_id"]}

    results = [
        await (await door(app, person)).push_one(one)
        for person, one in ((everybody.participant, page), (everybody.groupmate, others))
    ]

    assert statuses(results) == ["applied", "applied"]


async def test_what_was_not_applied_does_not_use_its_mutation_id_up(app: TestApp) -> None:
    everybody = await world()
    phone = await door(app, everybody.participant)
    page = page_of(everybody.exchange)

    refused = await phone.push_one({**page, "data": {**page["data"], "slot": str(uuid7())}})

    assert (told(refused), told(await phone.push_one(page))) == (
        ("rejected", "not_of_this_exchange"),
        ("applied", ""),
    )


async def test_five_hundred_mutations_are_taken_and_one_more_is_refused(app: TestApp) -> None:
    phone = await door(app, await make.person())
    unknown = [mutation("pigeon", "put") for _ in range(501)]

    answer = await phone.client.post("/sync/push", json={"mutations": unknown})

    assert manners(answer) == problem(400, "invalid")
    assert statuses(await phone.push(*unknown[:500])) == ["rejected"] * 500


async def test_a_body_over_a_mebibyte_is_refused(app: TestApp) -> None:
    everybody = await world()
    phone = await door(app, everybody.participant)
    pages = [page_of(everybody.exchange, "x" * 60 * 1024) for _ in range(18)]

    answer = await phone.client.post("/sync/push", json={"mutations": pages})

    assert (manners(answer), await Entry.count()) == (problem(413, "too_large"), 0)


async def test_a_kind_that_nobody_takes_is_rejected(app: TestApp) -> None:
    everybody = await world()
    phone = await door(app, everybody.leader)
    asked = [mutation(kind, "put", title="?") for kind in ("pigeon", "me", "pack", "released_slot", "feedback")]

    results = await phone.push(*asked, mutation("pack", "delete"))

    assert [told(result) for result in results] == [("rejected", "unknown_kind")] * 6


async def test_words_are_in_the_readers_language(app: TestApp) -> None:
    phone = await door(app, await make.person(locale="pl"))

    results = [
        (await phone.client.post("/sync/push", json={"mutations": [{}]}, headers=headers)).json()["results"][0]
        for headers in ({}, {"accept-language": "de"})
    ]

    assert len({result["problem"]["title"] for result in results}) == 2
    assert {result["problem"]["code"] for result in results} == {"invalid"}


async def test_who_waits_for_approval_is_told_later_and_then_the_same_is_applied(app: TestApp) -> None:
    everybody = await world()
    phone, page = await door(app, everybody.pending), page_of(everybody.exchange)

    waiting = await phone.push_one(page)
    coordinator = await app.as_(everybody.coordinator)
    member = await member_id(everybody.exchange, everybody.pending)
    await coordinator.patch(f"/exchanges/{everybody.exchange}/members/{member}", json={"state": "active"})

    assert (told(waiting), waiting["retry_after"] > 0) == (("later", "waits_for_approval"), True)
    assert [told(await phone.push_one(page)) for _ in range(2)] == [("applied", ""), ("duplicate", "")]


@pytest.mark.parametrize("who", ["left", "stranger"])
async def test_who_is_not_there_any_more_or_never_was_is_rejected(app: TestApp, who: str) -> None:
    everybody = await world()

    result = await (await door(app, getattr(everybody, who))).push_one(page_of(everybody.exchange))

    assert told(result) == ("rejected", "not_found")


async def test_the_clock_of_a_phone_orders_nothing(app: TestApp) -> None:
    """The last one to arrive is what the page says, however old it says that it is."""
    everybody = await world()
    phone, first = await door(app, everybody.participant), page_of(everybody.exchange, "New")
    old = "1999-01-01T00:00:00Z"
    second = {**page_of(everybody.exchange, "Old", first["id"], 1, written_at="2001-01-01T00:00:00Z"), "made_at": old}

    await phone.push(first, second)

    [page] = (await phone.pull()).data("entry")
    assert (page["text"], page["written_at"], page["version"]) == ("Old", "2001-01-01T00:00:00Z", 2)


@pytest.mark.parametrize(("days", "status"), [(399, "duplicate"), (401, "conflict")])
async def test_a_mutation_is_known_for_four_hundred_days(app: TestApp, days: int, status: str) -> None:
    everybody = await world()
    page, begin = page_of(everybody.exchange), datetime.now(UTC)

    results = []
    for at in (begin, begin + timedelta(days=days)):
        with time_machine.travel(at, tick=True):
            results.append(await (await door(app, everybody.participant)).push_one(page))

    # After that it is a page like any other with an id that is there: the same text again, so nothing is in conflict.
    assert statuses(results) == ["applied", "applied" if status == "conflict" else status]
    assert await Revision.count() == (2 if status == "conflict" else 1)


async def test_what_was_done_long_ago_is_forgotten_by_and_by(app: TestApp) -> None:
    everybody = await world()
    begin = datetime.now(UTC)
    with time_machine.travel(begin, tick=True):
        await (await door(app, everybody.participant)).push(*(page_of(everybody.exchange) for _ in range(5)))

    with time_machine.travel(begin + timedelta(days=401), tick=True):
        await (await door(app, everybody.participant)).push_one(page_of(everybody.exchange))
        await sweep()

    assert await OnceRow.count() == 1


async def test_sixty_four_pushes_of_the_same_list_do_everything_once(app: TestApp) -> None:
    everybody = await world()
    phone, slot = await knowing(app, everybody.leader), str(uuid7())
    first, second = page_of(everybody.exchange), page_of(everybody.exchange)
    await phone.push_one(second)
    listed = [
        first,
        page_of(everybody.exchange, "Two", first["id"], 1),
        mutation("reflection", "put", first["id"], 2, shared_with="group"),
        mutation("entry", "delete", second["id"], 1),
        {**mutation("slot", "put", slot), "data": {"exchange": str(everybody.exchange), **make.draft()}},
        mutation("slot", "put", slot, 1, title="Changed"),
    ]

    pushes = await asyncio.gather(*(phone.push(*listed) for _ in range(64)))

    by_item = [sorted(statuses(results)) for results in zip(*pushes, strict=True)]
    assert by_item[:3] + by_item[4:] == [["applied"] + ["duplicate"] * 63] * 5
    assert set(by_item[3]) <= {"applied", "duplicate"}  # deleting what is deleted is no news
    assert (await Revision.count().where(Revision.entry == first["id"]), await Slot.count()) == (2, 1)
    [row] = await Entry.select().where(Entry.id == second["id"])
    assert (row["version"], await OnceRow.count()) == (2, 7)
