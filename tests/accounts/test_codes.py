"""In by a code: the second phone, the recovery code; and the operator's token. What each opens of the diary."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from tests import make
from tests.accounts.diaries import OPEN, diary, notices, phone_of
from tests.accounts.doors import by_code, read, told
from tests.client import TestApp

WRONG = (400, "wrong_code")
CLOSED = (403, "diary_closed")


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
