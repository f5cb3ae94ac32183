"""In by a code: the second phone, the recovery code, a leader's re-link; and the operator's token. What each opens of the diary."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

import httpx
import pytest
import time_machine

from tests import make
from tests.accounts.doors import by_code, join, join_code, member_id, read, told, write
from tests.client import TestApp

WRONG = (400, "wrong_code")
OPEN = (200, "")
CLOSED = (403, "diary_closed")


class Diary(NamedTuple):
    """A participant of a group with a leader, a recovery code and one page written."""

    exchange: UUID
    person: UUID
    leader: UUID
    phone: httpx.AsyncClient
    recovery_code: str
    page: UUID


async def diary(app: TestApp) -> Diary:
    exchange = await make.exchange()
    group = await make.group(exchange)
    leader = await make.leader(exchange, group)
    code = await join_code(exchange, group=group, admits=True)
    joined = (await join(app.anybody, secret=code.secret)).json()
    phone = app.with_token(joined["tokens"]["access_token"])
    page = await write(phone, exchange, "Before the phone was lost")
    return Diary(exchange, UUID(joined["person"]), leader, phone, joined["recovery_code"], page)


async def relink_code(app: TestApp, of: Diary) -> str:
    member = await member_id(of.exchange, of.person)
    answer = await (await app.as_(of.leader)).post(f"/exchanges/{of.exchange}/members/{member}/relink")
    return str(answer.json()["code"])


async def relinked(app: TestApp, of: Diary) -> httpx.AsyncClient:
    """The phone that was signed in by a leader's code."""
    return phone_of(app, await by_code(app, await relink_code(app, of)))


def phone_of(app: TestApp, answer: httpx.Response) -> httpx.AsyncClient:
    return app.with_token(answer.json()["tokens"]["access_token"])


async def notices(client: httpx.AsyncClient) -> list[str]:
    return [notice["kind"] for notice in (await client.get("/me/sign-ins")).json()["notices"]]


async def test_a_second_phone_comes_in_by_a_code_and_opens_the_diary(app: TestApp) -> None:
    ana = await diary(app)
    shown = (await ana.phone.post("/me/sign-ins/codes")).json()

    second = await by_code(app, shown["code"].lower().replace("-", " "))

    assert (shown["expires_in"], list(second.json())) == (600, ["tokens"])
    assert await read(phone_of(app, second), ana.exchange, ana.page) == (OPEN, OPEN, [str(ana.page)])


async def test_a_second_phones_code_works_once(app: TestApp) -> None:
    code = (await (await app.as_(await make.person())).post("/me/sign-ins/codes")).json()["code"]

    answers = [told(await by_code(app, code)) for _ in range(2)]

    assert answers == [OPEN, WRONG]


async def test_of_sixteen_phones_at_once_one_gets_in(app: TestApp) -> None:
    code = (await (await app.as_(await make.person())).post("/me/sign-ins/codes")).json()["code"]

    answers = await asyncio.gather(*(by_code(app, code) for _ in range(16)))

    assert sorted(told(one) for one in answers) == [OPEN, *[WRONG] * 15]


@pytest.mark.parametrize(("seconds", "answer"), [(590, OPEN), (601, WRONG)])
async def test_a_second_phones_code_works_for_ten_minutes(app: TestApp, seconds: int, answer: tuple[int, str]) -> None:
    code = (await (await app.as_(await make.person())).post("/me/sign-ins/codes")).json()["code"]

    with time_machine.travel(datetime.now(UTC) + timedelta(seconds=seconds)):
        assert told(await by_code(app, code)) == answer


async def test_a_code_dies_with_the_phone_that_showed_it(app: TestApp) -> None:
    # A thief shows a code, the owner ends the thief's sign-in: the code must not let the thief back in.
    thief = await app.as_(await make.person())
    code = (await thief.post("/me/sign-ins/codes")).json()["code"]

    await thief.post("/sign-out")

    assert told(await by_code(app, code)) == WRONG


async def test_a_recovery_code_opens_the_diary_and_gives_the_next_one(app: TestApp) -> None:
    ana = await diary(app)

    first = await by_code(app, ana.recovery_code)
    again = await by_code(app, ana.recovery_code)
    following = await by_code(app, first.json()["recovery_code"])

    assert [told(one) for one in (first, again, following)] == [OPEN, WRONG, OPEN]
    assert await read(phone_of(app, following), ana.exchange, ana.page) == (OPEN, OPEN, [str(ana.page)])


async def test_a_recovery_code_keeps_for_years(app: TestApp) -> None:
    ana = await diary(app)
    await ana.phone.post("/me/sign-ins/codes")

    with time_machine.travel(datetime.now(UTC) + timedelta(days=700)):
        other = await app.as_(await make.person())
        await other.post("/me/sign-ins/codes")  # sweeps away what has expired
        assert told(await by_code(app, ana.recovery_code)) == OPEN


async def test_a_relinked_phone_opens_the_exchange_and_not_the_diary_from_before(app: TestApp) -> None:
    ana = await diary(app)

    phone = await relinked(app, ana)
    inside = await phone.get(f"/exchanges/{ana.exchange}")

    assert inside.status_code == 200
    assert await read(phone, ana.exchange, ana.page) == ((404, "not_found"), (409, "id_taken"), [])


async def test_every_door_to_a_page_from_before_is_closed(app: TestApp) -> None:
    ana = await diary(app)
    await ana.phone.put(f"/journal/entries/{ana.page}/sharing", json={"shared_with": "leader"})
    path = f"/journal/entries/{ana.page}"

    phone = await relinked(app, ana)
    answers = [
        await phone.put(path, json=make.entry(ana.exchange, "x"), headers={"if-match": '"1"'}),
        await phone.delete(path),
        await phone.put(f"{path}/sharing", json={"shared_with": "group"}),
        await phone.delete(f"{path}/sharing"),
        await phone.get(f"/reflections/{ana.page}"),
        await phone.get(f"/reflections/{ana.page}/feedback"),
        await phone.post(f"/reflections/{ana.page}/feedback", json={"text": "x"}),
    ]

    assert [one.status_code for one in answers[1:]] == [404] * 6
    assert [one.status_code for one in answers if "Before the phone" in one.text] == []
    assert (await ana.phone.get(path)).json()["text"] == "Before the phone was lost"


async def test_a_relinked_phone_reads_what_it_writes_itself(app: TestApp) -> None:
    ana = await diary(app)
    phone = await relinked(app, ana)

    page = await write(phone, ana.exchange, "After")

    assert await read(phone, ana.exchange, page) == (OPEN, OPEN, [str(page)])


async def test_a_relink_lasts_through_a_refresh(app: TestApp) -> None:
    ana = await diary(app)
    tokens = (await by_code(app, await relink_code(app, ana))).json()["tokens"]

    renewed = await app.anybody.post(
        "/sign-in/refresh", json={"refresh_token": tokens["refresh_token"], "rotation_id": "rotation-1"}
    )
    phone = app.with_token(renewed.json()["access_token"])

    assert await read(phone, ana.exchange, ana.page) == ((404, "not_found"), (409, "id_taken"), [])


async def test_the_second_phone_of_a_relinked_one_opens_no_more_than_that(app: TestApp) -> None:
    # Else a leader could re-link somebody to a phone of their own, show a code there, and read the whole diary.
    ana = await diary(app)
    phone = await relinked(app, ana)
    after = await write(phone, ana.exchange, "After")
    shown = (await phone.post("/me/sign-ins/codes")).json()

    second = phone_of(app, await by_code(app, shown["code"]))

    assert await read(second, ana.exchange, ana.page) == ((404, "not_found"), (409, "id_taken"), [str(after)])


async def test_a_relink_is_shown_to_the_person(app: TestApp) -> None:
    ana = await diary(app)

    await relinked(app, ana)

    assert await notices(ana.phone) == ["relinked"]


async def test_the_recovery_code_opens_the_diary_on_the_phone_that_used_it(app: TestApp) -> None:
    ana = await diary(app)
    await relinked(app, ana)

    found = (await by_code(app, ana.recovery_code)).json()
    phone = app.with_token(found["tokens"]["access_token"])

    assert await read(phone, ana.exchange, ana.page) == (OPEN, OPEN, [str(ana.page)])


async def test_the_recovery_code_opens_nothing_on_another_relinked_phone(app: TestApp) -> None:
    """A leader who kept the re-link code's sign-in must not profit from the young person's own recovery."""
    ana = await diary(app)
    phone = await relinked(app, ana)

    await by_code(app, ana.recovery_code)

    assert await read(phone, ana.exchange, ana.page) == ((404, "not_found"), (409, "id_taken"), [])


async def test_a_coordinator_opens_the_diary_again_and_the_person_is_shown_who_did(app: TestApp) -> None:
    from yema.accounts.tables import Notice

    ana = await diary(app)
    phone = await relinked(app, ana)
    coordinator = await make.coordinator(ana.exchange)
    member = await member_id(ana.exchange, ana.person)

    answer = await (await app.as_(coordinator)).post(f"/exchanges/{ana.exchange}/members/{member}/diary-opening")

    assert answer.status_code == 204
    assert await read(phone, ana.exchange, ana.page) == (OPEN, OPEN, [str(ana.page)])
    assert await notices(ana.phone) == ["diary_opened", "relinked"]
    assert await Notice.select(Notice.by).where(Notice.kind == "diary_opened") == [{"by": coordinator}]


async def test_a_coordinator_does_not_read_the_diary_that_they_open(app: TestApp) -> None:
    ana = await diary(app)
    await relinked(app, ana)
    coordinator = await app.as_(await make.coordinator(ana.exchange))
    member = await member_id(ana.exchange, ana.person)

    await coordinator.post(f"/exchanges/{ana.exchange}/members/{member}/diary-opening")

    assert await read(coordinator, ana.exchange, ana.page) == ((404, "not_found"), (409, "id_taken"), [])


async def test_leaders_and_members_open_no_diaries(app: TestApp) -> None:
    ana = await diary(app)
    await relinked(app, ana)
    path = f"/exchanges/{ana.exchange}/members/{await member_id(ana.exchange, ana.person)}/diary-opening"

    clients = [await app.as_(ana.leader), ana.phone, await app.as_(await make.person())]
    answers = [told(await client.post(path)) for client in clients]

    assert answers == [(403, "coordinators_only"), (403, "coordinators_only"), (404, "not_found")]


async def test_a_leader_relinks_active_participants_of_the_own_group_only(app: TestApp) -> None:
    exchange = await make.exchange()
    own, other = await make.group(exchange), await make.group(exchange, "UA")
    leader = await app.as_(await make.leader(exchange, own))
    people = [
        await make.participant(exchange, own),
        await make.participant(exchange, other),
        await make.leader(exchange, own),
        await make.participant(exchange, own, state="pending"),
        await make.participant(exchange, own, state="left"),
        await make.coordinator(exchange),
    ]

    members = [await member_id(exchange, person) for person in people]
    answers = [told(await leader.post(f"/exchanges/{exchange}/members/{m}/relink")) for m in members]

    nobody, group, leaders = (404, "not_found"), (403, "own_group_only"), (403, "coordinators_only")
    assert answers == [(201, ""), group, leaders, nobody, nobody, group]


async def test_an_operators_token_opens_no_journals_and_is_shown(app: TestApp) -> None:
    ana = await diary(app)
    await ana.phone.put(f"/journal/entries/{ana.page}/sharing", json={"shared_with": "group"})
    operator = app.with_token(await make.token(ana.person, "operator"))
    paths = (
        f"/exchanges/{ana.exchange}/reflections",
        f"/reflections/{ana.page}",
        f"/reflections/{ana.page}/feedback",
    )

    own = await read(operator, ana.exchange, ana.page)
    shared = [told(await operator.get(path)) for path in paths]

    assert own == (CLOSED, CLOSED, [])
    assert told(await operator.get("/journal/entries")) == CLOSED
    assert shared == [CLOSED] * 3
    assert ((await operator.get("/me")).status_code, await notices(ana.phone)) == (200, ["operator_token"])


async def test_an_operators_token_makes_no_phone_that_opens_journals(app: TestApp) -> None:
    ana = await diary(app)
    operator = app.with_token(await make.token(ana.person, "operator"))

    answer = await operator.post("/me/sign-ins/codes")

    assert told(answer) == CLOSED
