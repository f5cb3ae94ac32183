"""Who sees what: every route that takes an id of an exchange, a slot, an entry or a reflection."""

from tests.client import TestApp
from tests.exchanges.every_route import (
    AUTHORS,
    COORDINATORS,
    EVERY_ROUTE,
    HELPERS,
    LEADERS,
    MEMBERS,
    ROUTES,
    TELLERS,
    ask,
    ask_all,
    nowhere,
    things,
)
from tests.exchanges.world import world


def test_every_route_that_takes_such_an_id_is_in_these_tables() -> None:
    assert set(ROUTES) == EVERY_ROUTE


async def test_anybody_without_a_token_is_asked_to_sign_in(app: TestApp) -> None:
    ids = await things(app, await world())

    answers = await ask_all(app.anybody, EVERY_ROUTE, ids)

    assert {op: (status, body["code"]) for op, (status, body) in answers.items()} == dict.fromkeys(
        EVERY_ROUTE, (401, "not_signed_in")
    )


async def test_for_strangers_nothing_exists(app: TestApp) -> None:
    w = await world()
    ids, stranger = await things(app, w), await app.as_(w.stranger)

    assert await ask_all(stranger, EVERY_ROUTE, ids) == await ask_all(stranger, EVERY_ROUTE, nowhere())


async def test_for_who_waits_or_left_nothing_exists(app: TestApp) -> None:
    w = await world()
    ids, pending, left = await things(app, w), await app.as_(w.pending), await app.as_(w.left)
    absent = await ask_all(pending, EVERY_ROUTE, nowhere())

    assert [await ask_all(who, EVERY_ROUTE, ids) for who in (pending, left)] == [absent, absent]


async def test_what_does_not_exist_is_not_found(app: TestApp) -> None:
    w = await world()

    answers = await ask_all(await app.as_(w.coordinator), EVERY_ROUTE, nowhere())

    assert {op: (status, body["code"]) for op, (status, body) in answers.items()} == dict.fromkeys(
        EVERY_ROUTE, (404, "not_found")
    )


async def test_participants_may_not_do_what_leaders_do(app: TestApp) -> None:
    w = await world()
    ids = await things(app, w)

    answers = await ask_all(await app.as_(w.groupmate), LEADERS | COORDINATORS, ids)

    assert {op: (status, body["code"]) for op, (status, body) in answers.items()} == {
        **dict.fromkeys(LEADERS, (403, "leaders_only")),
        **dict.fromkeys(COORDINATORS, (403, "coordinators_only")),
    }


async def test_leaders_may_not_do_what_coordinators_do(app: TestApp) -> None:
    w = await world()
    ids = await things(app, w)

    answers = await ask_all(await app.as_(w.leader), COORDINATORS, ids)

    assert {op: status for op, (status, _) in answers.items()} == dict.fromkeys(COORDINATORS, 403)


async def test_nobody_but_the_author_opens_an_entry(app: TestApp) -> None:
    w = await world()
    ids = await things(app, w)
    others = (w.groupmate, w.participant2, w.leader, w.leader2, w.facilitator, w.coordinator)
    absent = await ask_all(await app.as_(w.groupmate), AUTHORS, nowhere())

    assert [await ask_all(await app.as_(who), AUTHORS, ids) for who in others] == [absent] * len(others)


async def test_nobody_but_the_leader_who_told_it_reads_how_a_run_went(app: TestApp) -> None:
    w = await world()
    ids = await things(app, w)
    others = (w.participant, w.groupmate, w.leader2, w.facilitator, w.coordinator)
    absent = await ask_all(await app.as_(w.groupmate), TELLERS, nowhere())

    assert [await ask_all(await app.as_(who), TELLERS, ids) for who in others] == [absent] * len(others)


async def test_who_may_not_come_does_not_know_that_somebody_asked_for_help(app: TestApp) -> None:
    w = await world()
    ids = await things(app, w)
    others = (w.groupmate, w.participant2, w.leader2, w.facilitator)
    absent = await ask_all(await app.as_(w.groupmate), HELPERS, nowhere())

    assert [await ask_all(await app.as_(who), HELPERS, ids) for who in others] == [absent] * len(others)


async def test_members_open_all_that_is_for_members(app: TestApp) -> None:
    """So that what is hidden above is really there."""
    w = await world()
    ids, member = await things(app, w), await app.as_(w.participant)

    answers = {op: (await ask(member, op, ids)).status_code for op in MEMBERS - {"leaveExchange"}}

    assert {op: status for op, status in answers.items() if status >= 400} == {}


async def test_a_thing_of_another_exchange_is_not_found_under_ones_own(app: TestApp) -> None:
    w = await world()
    ids, stranger = await things(app, w), await app.as_(w.stranger)
    mine = {**ids, "exchange_id": w.elsewhere}

    answers = await ask_all(stranger, {"changeMember", "relinkMember", "openDiary"}, mine)

    assert [status for status, _ in answers.values()] == [404, 404, 404]
