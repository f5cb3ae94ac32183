"""Older phones, other languages, closed diaries: what an answer depends on beside the changes."""

from collections.abc import AsyncIterator
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.accounts.doors import by_code, join, join_code, member_id
from tests.client import TestApp
from tests.exchanges.test_travel import leg
from tests.sync.world import (
    Came,
    Door,
    app_with,
    demolish,
    door,
    full_world,
    knowing,
    page_of,
    told,
)
from yema.app import KINDS
from yema.changes import Pulled
from yema.settings import Settings

YOUNGER = ("venue", "prompt")
WORDED = {"exchange", "group", "prompt", "released_slot", "pack"}
DIARY = {"entry", "reflection", "feedback"}
CAME_WITH_3 = {"announcement", "announcement_seen", "travel_leg", "emergency_sheet"}
"""To participants; leaders got `attendance` as well."""


@pytest.fixture
async def later(house: Settings) -> AsyncIterator[TestApp]:
    """The application of a later year: venues and prompts came with `kinds_version` 2."""
    app = app_with(house, [KINDS.pulled[kind]._replace(since=2) for kind in YOUNGER])
    yield app
    await app.close()


def younger(came: Came) -> list[tuple[str, str, str]]:
    return came.ops(*YOUNGER)


async def test_an_older_phone_gets_only_kinds_that_it_knows(later: TestApp) -> None:
    everything = await full_world(later)

    old, new = [await (await door(later, everything.participant)).pull(version=version) for version in (1, 2)]

    assert (younger(old), len(younger(new))) == ([], 2)
    assert [op for op in new.ops() if op[0] not in YOUNGER] == old.ops()


async def test_a_phone_that_was_upgraded_gets_what_it_skipped_and_nothing_else(later: TestApp) -> None:
    everything = await full_world(later)
    await make.venue(everything.exchange)

    for limit in (1, 3, 500):
        phone = await knowing(later, everything.participant)
        came = await phone.pull(version=2, limit=limit)

        assert ([kind for kind, _, _ in came.ops()], came.states) == (["venue", "prompt", "venue"], [])
        assert (await phone.pull(version=2, limit=limit)).ops() == []


async def test_a_phone_that_was_upgraded_also_gets_what_is_new(later: TestApp) -> None:
    everything = await full_world(later)
    phone = await knowing(later, everything.participant)
    thing = await phone.write(everything.exchange)

    came = await phone.pull(version=2)

    assert sorted(came.ops()) == sorted([*younger(came), ("entry", "put", thing)])
    assert len(younger(came)) == 2


async def test_a_phone_that_was_upgraded_while_paging_gets_each_thing_once(later: TestApp) -> None:
    everything = await full_world(later)
    whole = await (await door(later, everything.participant)).pull(version=2)

    for first, limit in product((1, 2, 3), (1, 2, 5)):
        phone = await door(later, everything.participant)
        pages = [await phone.page(version=1, limit=limit) for _ in range(first)]
        pages += (await phone.pull(version=2, limit=limit)).pages

        assert sorted(Came(pages).ops()) == sorted(whole.ops())


async def test_a_phone_that_was_upgraded_while_it_caught_up_gets_each_thing_once(later: TestApp) -> None:
    everything = await full_world(later)
    phone = await knowing(later, everything.participant)
    old = [await phone.write(everything.exchange) for _ in range(4)]
    venue = await make.venue(everything.exchange)

    pages = [await phone.page(version=1, limit=2)]
    pages += (await phone.pull(version=2, limit=2)).pages

    came = Came(pages)
    assert sorted(came.ids("entry")) == sorted(old)
    assert (len(came.ids("prompt")), came.ids("venue").count(str(venue)), len(came.ids("venue"))) == (1, 1, 2)


async def test_a_phone_of_kinds_2_gets_announcements_journeys_and_its_sheet_after_its_update(app: TestApp) -> None:
    everything = await full_world(app)
    leader, participant = await app.as_(everything.leader), await app.as_(everything.participant)
    exchange = f"/exchanges/{everything.exchange}"
    told = await leader.post(f"{exchange}/announcements", json={"title": "Rain", "text": "We meet in the hall."})
    seen = await participant.post(f"/announcements/{told.json()['id']}/seen")
    planned = await leader.post(f"{exchange}/travel", json=leg(everything.group))
    written = await participant.put(f"{exchange}/emergency-sheet", json={"allergies": "Nuts"})
    assert [answer.is_success for answer in (told, seen, planned, written)] == [True] * 4
    phone = await door(app, everything.participant)
    old = await phone.pull(version=2)

    came = await phone.pull(version=3)

    assert old.kinds() & CAME_WITH_3 == set()
    assert sorted(came.kinds()) == sorted(CAME_WITH_3)


async def test_what_an_older_phone_skipped_and_is_gone_is_not_told_after_the_upgrade(later: TestApp) -> None:
    everything = await full_world(later)
    venue = await make.venue(everything.exchange)
    phone = await knowing(later, everything.participant)
    await demolish(venue, everything.exchange)
    await phone.pull()

    assert (await phone.pull(version=2)).ids("venue", "gone") == []


async def test_a_server_that_is_upgraded_later_sends_what_it_had_not_known(house: Settings, app: TestApp) -> None:
    """A phone that says 3 to a server of kinds 2 has not got what came with 3."""
    everything, new = await full_world(app), KINDS.version + 1
    older = app_with(house)
    del older_kinds(older)["venue"]
    phone = await knowing(older, everything.participant, version=new)
    token = phone.client.headers["authorization"].removeprefix("Bearer ")

    newer = app_with(house, [KINDS.pulled["venue"]._replace(since=new)])
    upgraded = Door(newer.with_token(token))
    upgraded.cursor = phone.cursor
    came = await upgraded.pull(version=new)
    for one in (older, newer):
        await one.close()

    assert [kind for kind, _, _ in came.ops()] == ["venue"]


def older_kinds(app: TestApp) -> dict[str, Pulled]:
    litestar: Any = app._transport.app
    pulled: dict[str, Pulled] = litestar.state.kinds.pulled
    return pulled


@pytest.mark.parametrize("limit", [1, 500])
async def test_another_language_sends_what_is_worded_again_and_nothing_else(app: TestApp, limit: int) -> None:
    everything = await full_world(app)
    phone = await knowing(app, everything.participant)

    came = await phone.pull(locale="pl", limit=limit)

    assert (came.kinds(), {op for _, op, _ in came.ops()}, came.states) == (WORDED, {"put"}, [])
    assert came.data("prompt")[0]["text"] == "Co cię zaskoczyło?"
    assert (await phone.pull(locale="pl")).ops() == []


async def test_leaders_get_their_plan_again_in_another_language(app: TestApp) -> None:
    everything = await full_world(app)
    phone = await knowing(app, everything.leader)

    assert (await phone.pull(locale="pl")).kinds() == {*WORDED, "slot"}


async def test_a_language_that_changes_while_paging_sends_every_text_in_the_last_one(app: TestApp) -> None:
    everything = await full_world(app)
    phone = await door(app, everything.participant)
    whole = await (await door(app, everything.participant)).pull(locale="pl")

    pages = [await phone.page(locale="en", limit=3) for _ in range(3)]
    pages += (await phone.pull(locale="pl", limit=3)).pages

    last = {(c["kind"], c["id"]): c["data"] for c in Came(pages).changes}
    assert last == {(c["kind"], c["id"]): c["data"] for c in whole.changes}


async def test_ones_own_language_changes_what_is_worded_where_the_phone_falls_back_to_it(app: TestApp) -> None:
    everything = await full_world(app)
    phone = await door(app, everything.participant)
    before = await phone.pull(locale="fi")

    await phone.client.patch("/me", json={"locale": "pl"})
    after = await phone.pull(locale="fi")

    texts = [came.data("prompt")[0]["text"] for came in (before, after)]
    assert texts == ["What surprised you?", "Co cię zaskoczyło?"]


async def lost_phone(app: TestApp) -> tuple[UUID, UUID, Door, str]:
    """(exchange, person, their first phone, a page of theirs that was shared and answered)."""
    exchange = await make.exchange()
    group = await make.group(exchange)
    code = await join_code(exchange, group=group, admits=True)
    joined = (await join(app.anybody, secret=code.secret)).json()
    phone = Door(app.with_token(joined["tokens"]["access_token"]))
    page = page_of(exchange, "Before")
    assert told(await phone.push_one(page)) == ("applied", "")
    await phone.client.put(f"/journal/entries/{page['id']}/sharing", json={"shared_with": "coordinators"})
    coordinator = await app.as_(await make.coordinator(exchange))
    await coordinator.post(f"/reflections/{page['id']}/feedback", json={"text": "Well seen"})
    return exchange, UUID(joined["person"]), phone, page["id"]


async def relinked(app: TestApp, exchange: UUID, person: UUID) -> Door:
    coordinator = await app.as_(await make.coordinator(exchange))
    path = f"/exchanges/{exchange}/members/{await member_id(exchange, person)}/relink"
    code = (await coordinator.post(path)).json()["code"]
    return Door(app.with_token((await by_code(app, code)).json()["tokens"]["access_token"]))


async def test_a_relinked_phone_gets_no_older_page_and_no_answer_to_one(app: TestApp) -> None:
    exchange, person, old, page = await lost_phone(app)
    phone = await relinked(app, exchange, person)
    await phone.push_one(new := page_of(exchange, "After"))

    came = await phone.pull()

    assert (came.ids("entry"), came.ids("feedback")) == ([new["id"]], [])
    assert sorted((await old.pull()).ids("entry")) == sorted([page, new["id"]])


async def test_a_relinked_phone_is_not_told_of_older_pages_that_change(app: TestApp) -> None:
    exchange, person, old, page = await lost_phone(app)
    phone = await relinked(app, exchange, person)
    await phone.pull()

    await old.push_one(page_of(exchange, "Again", page, 1))

    assert (await phone.pull()).ids("entry") == []


@pytest.mark.parametrize("limit", [1, 500])
async def test_a_relinked_phone_gets_older_pages_when_the_diary_was_opened(app: TestApp, limit: int) -> None:
    exchange, person, _, page = await lost_phone(app)
    phone = await relinked(app, exchange, person)
    await phone.pull()

    coordinator = await app.as_(await make.coordinator(exchange))
    path = f"/exchanges/{exchange}/members/{await member_id(exchange, person)}/diary-opening"
    assert (await coordinator.post(path)).status_code == 204
    came = await phone.pull(limit=limit)

    assert (came.ids("entry"), came.data("entry")[0]["text"], len(came.ids("feedback"))) == ([page], "Before", 1)
    assert came.kinds() <= {*DIARY, "me", "member"}
    assert (await phone.pull()).ops() == []


async def test_an_operators_token_gets_nothing_of_a_diary(app: TestApp) -> None:
    everything = await full_world(app)
    await (await door(app, everything.leader)).push_one(page_of(everything.exchange))

    phones = [await door(app, person, "operator") for person in (everything.leader, everything.participant)]
    came = [await phone.pull() for phone in phones]

    theirs = await (await door(app, everything.leader)).pull()
    assert (theirs.kinds() & DIARY, [one.kinds() & DIARY for one in came]) == (DIARY, [set(), set()])


async def test_an_operators_token_pushes_nothing_into_a_diary(app: TestApp) -> None:
    everything = await full_world(app)
    [own] = (await (await door(app, everything.participant)).pull()).ids("entry")
    operator = await door(app, everything.participant, "operator")
    named = {"mutation_id": str(own), "id": own, "made_at": "2027-07-14T21:00:00Z", "base_version": 1}

    results = await operator.push(
        page_of(everything.exchange),
        page_of(everything.exchange, "Changed", own, 1),
        {**named, "kind": "entry", "op": "delete"},
        {**named, "kind": "reflection", "op": "put", "data": {"shared_with": "group"}},
        {**named, "kind": "reflection", "op": "delete"},
    )

    assert [told(result) for result in results] == [("rejected", "diary_closed")] * 5


async def test_a_cursor_of_an_operator_opens_the_diary_for_the_persons_own_phone(app: TestApp) -> None:
    everything = await full_world(app)
    operator = await door(app, everything.participant, "operator")
    await operator.pull()

    phone = await door(app, everything.participant)
    phone.cursor = operator.cursor

    assert (await phone.pull()).kinds() == {"entry", "feedback"}
