"""Asking for help: who sees it, who comes, and when it is over."""

import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from tests import make
from tests.accounts.doors import told
from tests.client import TestApp
from tests.exchanges.help_world import LEADING, call, close, door, give_back, listed, seen_by, take, wait
from tests.exchanges.test_members import patch
from tests.exchanges.world import world
from yema.changes import transaction
from yema.changes.tables import Outbox
from yema.errors import NotFound
from yema.exchanges.actions.care.help import REQUESTS_MAX, sweep_help, take_help_request
from yema.exchanges.errors import HelpTaken
from yema.exchanges.queries.care.help import help_asked
from yema.exchanges.tables.care import HelpRequest
from yema.exchanges.tables.exchange import Exchange
from yema.ids import now, uuid7

OTHERS = ("groupmate", "participant2")


async def test_who_acts_for_the_person_sees_who_and_what(app: TestApp) -> None:
    w = await world()
    made = await call(app, w, w.participant, text="By the lake")

    seen = await seen_by(app, w, "participant", *LEADING, *OTHERS)

    assert (made["person"], made["group"], made["text"]) == (str(w.participant), str(w.group), "By the lake")
    here = ["By the lake"]
    assert seen == {
        "participant": here,
        "leader": here,
        "coordinator": here,
        **{who: [] for who in ("leader2", "facilitator", *OTHERS)},
    }


async def test_where_nobody_came_all_who_lead_see_who_and_not_what(app: TestApp) -> None:
    w = await world()
    made = await call(app, w, w.participant, text="By the lake")
    await wait(made["id"], 15)

    seen = await seen_by(app, w, "leader", "leader2", "facilitator", *OTHERS)
    [far] = await listed(app, w, w.leader2)

    assert seen == {"leader": ["By the lake"], "leader2": ["-"], "facilitator": ["-"], **{who: [] for who in OTHERS}}
    assert (far["person"], far["display_name"]) == (made["person"], made["display_name"])


async def test_where_nobody_is_near_all_who_lead_are_there_at_once(app: TestApp) -> None:
    exchange = await make.exchange()
    group = await make.group(exchange)
    asks, far = await make.participant(exchange, group), await make.member(exchange, "facilitator")
    away = await make.coordinator(exchange)
    before = (await (await app.as_(asks)).post(f"/exchanges/{exchange}/help-requests", json={"text": "Come"})).json()
    door_of_far = await app.as_(far)
    near = (await door_of_far.get(f"/exchanges/{exchange}/help-requests")).json()["items"]
    await make.suspend(away)

    alone = (await door_of_far.get(f"/exchanges/{exchange}/help-requests")).json()["items"]

    assert (near, [one["id"] for one in alone], "text" in alone[0]) == ([], [before["id"]], False)


async def test_once_somebody_took_it_in_time_the_others_never_see_it(app: TestApp) -> None:
    w = await world()
    made = await call(app, w, w.participant)
    await wait(made["id"], 10)
    await take(app, w.leader, made["id"])
    await wait(made["id"], 14)

    assert await listed(app, w, w.leader2) == []


async def test_the_leaders_of_the_group_that_one_is_in_now_see_it(app: TestApp) -> None:
    w = await world()
    await call(app, w, w.participant, text="By the lake")
    await patch(app, w, w.coordinator, w.participant, group=str(w.group2))

    assert await seen_by(app, w, "leader", "leader2") == {"leader": [], "leader2": ["By the lake"]}


async def test_asking_again_is_the_same_request_with_the_newer_words(app: TestApp) -> None:
    w = await world()
    first = await call(app, w, w.participant, text="By the lake")
    second = await call(app, w, w.participant, text="In the hall")
    third = await call(app, w, w.participant)

    assert [one["id"] for one in (second, third)] == [first["id"]] * 2
    assert [one["text"] for one in (second, third)] == ["In the hall"] * 2
    assert await HelpRequest.count() == 1


async def test_asking_at_the_same_moment_makes_one_request(app: TestApp) -> None:
    w = await world()
    me = await app.as_(w.participant)

    answers = await asyncio.gather(*(me.post(door(w), json={}) for _ in range(12)))

    assert {answer.status_code for answer in answers} == {201}
    assert await HelpRequest.count() == 1


async def test_the_same_request_twice_is_made_once(app: TestApp) -> None:
    w = await world()
    me = await app.as_(w.participant)
    key = {"idempotency-key": "k"}

    answers = [(await me.post(door(w), json={"text": "Come"}, headers=key)).json() for _ in range(2)]

    assert answers[0] == answers[1]
    assert await Outbox.count().where(Outbox.event == "help_asked_again") == 0


async def test_of_sixty_four_leaders_one_is_on_the_way(app: TestApp) -> None:
    w = await world()
    made = await call(app, w, w.participant)
    leaders = [await make.leader(w.exchange, w.group) for _ in range(64)]
    memberships = [await make.membership(leader, w.exchange) for leader in leaders]
    asked = await help_asked(UUID(made["id"]))
    assert asked is not None

    answers = await asyncio.gather(
        *(take_help_request(membership, asked) for membership in memberships), return_exceptions=True
    )

    won = [leader for leader, answer in zip(leaders, answers, strict=True) if answer is None]
    assert [type(answer) for answer in answers if answer] == [HelpTaken] * 63
    [row] = await HelpRequest.select(HelpRequest.taken_by)
    assert won == [row["taken_by"]]
    assert await Outbox.count().where(Outbox.event == "help_taken") == 1


async def test_the_second_leader_hears_who_was_faster(app: TestApp) -> None:
    w = await world()
    made = await call(app, w, w.participant)
    answers = [await take(app, who, made["id"]) for who in (w.leader, w.coordinator, w.leader)]

    assert [told(answer) for answer in answers] == [(200, ""), (409, "help_taken"), (200, "")]
    assert answers[1].json()["current"]["taken_by"] == str(w.leader)
    [mine] = await listed(app, w, w.participant)
    assert mine["taken_by"] == str(w.leader)


async def test_participants_do_not_take_even_their_own_and_leaders_not_their_own(app: TestApp) -> None:
    w = await world()
    childs, leaders = await call(app, w, w.participant), await call(app, w, w.leader)

    answers = [await take(app, w.participant, childs["id"]), await take(app, w.leader, leaders["id"])]

    assert [told(answer) for answer in answers] == [(403, "leaders_only"), (403, "forbidden")]


async def test_who_gives_it_back_leaves_it_to_the_others(app: TestApp) -> None:
    w = await world()
    made = await call(app, w, w.participant)
    await take(app, w.leader, made["id"])
    foreign = await give_back(app, w.coordinator, made["id"])
    [still] = await listed(app, w, w.participant)

    assert (foreign, still["taken_by"]) == (204, str(w.leader))
    assert await give_back(app, w.leader, made["id"]) == 204
    assert told(await take(app, w.coordinator, made["id"])) == (200, "")


async def test_who_was_on_the_way_and_leaves_the_exchange_is_so_no_longer(app: TestApp) -> None:
    w = await world()
    made = await call(app, w, w.participant)
    await take(app, w.leader, made["id"])
    await patch(app, w, w.coordinator, w.leader, state="left")

    assert told(await take(app, w.coordinator, made["id"])) == (200, "")


async def test_who_is_removed_at_the_same_moment_is_not_on_the_way(app: TestApp) -> None:
    w = await world()
    made = await call(app, w, w.participant)
    asked, leader = await help_asked(UUID(made["id"])), await make.membership(w.leader, w.exchange)
    assert asked is not None
    await patch(app, w, w.coordinator, w.leader, state="left")

    with pytest.raises(NotFound):
        await take_help_request(leader, asked)

    assert told(await take(app, w.coordinator, made["id"])) == (200, "")


@pytest.mark.parametrize("who", ["participant", "leader", "coordinator"])
async def test_who_asked_and_who_acts_for_them_say_that_it_is_over(app: TestApp, who: str) -> None:
    w = await world()
    made = await call(app, w, w.participant, text="By the lake")
    await wait(made["id"], 20)

    closed = [await close(app, getattr(w, who), made["id"]) for _ in range(2)]

    assert closed == [204, 204]
    seen = await seen_by(app, w, "participant", *LEADING)
    here = ["By the lake"]
    assert seen == {"participant": here, "leader": ["-"], "leader2": [], "facilitator": [], "coordinator": here}
    assert told(await take(app, w.leader, made["id"])) == (409, "help_closed")


async def test_another_leader_closes_it_only_if_they_came(app: TestApp) -> None:
    w = await world()
    made = await call(app, w, w.participant)
    await wait(made["id"], 16)
    took = told(await take(app, w.facilitator, made["id"]))

    answers = [await close(app, who, made["id"]) for who in (w.leader2, w.facilitator)]

    assert (took, answers) == ((200, ""), [403, 204])


async def test_after_it_is_over_one_can_ask_anew(app: TestApp) -> None:
    w = await world()
    first = await call(app, w, w.participant)
    await close(app, w.participant, first["id"])

    assert (await call(app, w, w.participant))["id"] != first["id"]


async def test_twenty_times_in_a_day_are_enough_but_the_open_one_can_always_be_reworded(app: TestApp) -> None:
    w = await world()
    made = await call(app, w, w.participant)
    await close(app, w.participant, made["id"])
    before = now() - timedelta(hours=23)
    rows = [
        HelpRequest(id=uuid7(), exchange=w.exchange, person=w.participant, sealed=b"", made_at=before, closed_at=before)
        for _ in range(REQUESTS_MAX - 1)
    ]
    async with transaction():
        await HelpRequest.insert(*rows)
    refused = await (await app.as_(w.participant)).post(door(w), json={})
    async with transaction():
        await HelpRequest.update({HelpRequest.closed_at: None}).where(HelpRequest.id == UUID(made["id"]))

    assert told(refused) == (429, "help_asked_too_often")
    assert 3590 <= int(refused.headers["retry-after"]) <= 3600
    assert (await call(app, w, w.participant, text="Come"))["id"] == made["id"]


@pytest.mark.parametrize("fields", [{"text": ""}, {"text": "x" * 1001}, {"text": "a\0b"}, {"to": "me"}])
async def test_what_makes_no_sense_is_refused(app: TestApp, fields: dict[str, str]) -> None:
    w = await world()

    answer = await (await app.as_(w.participant)).post(door(w), json=fields)

    assert (told(answer), await HelpRequest.count()) == ((400, "invalid"), 0)


async def test_what_was_closed_a_month_ago_goes(app: TestApp) -> None:
    w = await world()
    old, late, still = [await call(app, w, who) for who in (w.participant, w.groupmate, w.participant2)]
    async with transaction():
        for made, days in ((old, 31), (late, 29)):
            await HelpRequest.update({HelpRequest.closed_at: now() - timedelta(days=days)}).where(
                HelpRequest.id == UUID(made["id"])
            )
    hidden = await listed(app, w, w.coordinator)
    await sweep_help()

    left = {str(row["id"]) for row in await HelpRequest.select(HelpRequest.id)}

    assert left == {one["id"] for one in hidden} == {late["id"], still["id"]}


async def test_a_month_after_the_exchange_nothing_of_them_is_left(app: TestApp) -> None:
    ends_on = (now() - timedelta(days=31)).date()
    over, lasts = [await make.exchange(starts_on=ends_on - timedelta(days=7 - late)) for late in (0, 3)]
    for exchange in (over, lasts):
        who = await app.as_(await make.participant(exchange))
        await who.post(f"/exchanges/{exchange}/help-requests", json={"text": "Come"})
    await sweep_help()

    rows = await HelpRequest.select(HelpRequest.exchange)

    assert [row["exchange"] for row in rows] == [lasts]
    assert await Exchange.count() == 2
