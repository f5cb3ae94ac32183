"""One's phones: the list, ending one, being suspended. Each counts at the very next request."""

from uuid import UUID

import pytest

from tests import make
from tests.accounts.doors import by_code, refresh, status_with, told
from tests.client import TestApp


async def test_all_phones_are_listed_with_the_one_that_asks(app: TestApp) -> None:
    person = await make.person()
    await make.tokens(person, "join")
    phone = app.with_token(await make.token(person, "email"))
    await make.tokens(await make.person(), "code")

    listed = (await phone.get("/me/sign-ins")).json()

    assert sorted((item["via"], item["current"]) for item in listed["items"]) == [("email", True), ("join", False)]
    assert listed["notices"] == []


async def test_signing_out_counts_at_the_next_request(app: TestApp) -> None:
    person = await make.person()
    here, there = await make.tokens(person), await make.tokens(person)

    answer = await app.with_token(here.access_token).post("/sign-out")

    assert answer.status_code == 204
    assert [await status_with(app, one.access_token) for one in (here, there)] == [401, 200]
    assert told(await refresh(app, here.refresh_token, "rotation-1")) == (401, "not_signed_in")


async def test_ending_another_phone_counts_at_its_next_request(app: TestApp) -> None:
    person = await make.person()
    lost, phone = await make.tokens(person, "join"), app.with_token(await make.token(person))
    [item] = [i for i in (await phone.get("/me/sign-ins")).json()["items"] if i["via"] == "join"]

    ended = await phone.delete(f"/me/sign-ins/{item['id']}")
    again = await phone.delete(f"/me/sign-ins/{item['id']}")

    assert (ended.status_code, told(again)) == (204, (404, "not_found"))
    assert await status_with(app, lost.access_token) == 401
    assert [i["current"] for i in (await phone.get("/me/sign-ins")).json()["items"]] == [True]


async def test_nobody_ends_a_sign_in_of_somebody_else(app: TestApp) -> None:
    ana = await make.person()
    anas = await make.token(ana)
    [item] = (await app.with_token(anas).get("/me/sign-ins")).json()["items"]
    eve = await app.as_(await make.person())

    stranger = await eve.delete(f"/me/sign-ins/{item['id']}")
    nothing = await eve.delete(f"/me/sign-ins/{UUID(int=7)}")

    problems = [{k: v for k, v in a.json().items() if k != "request_id"} for a in (stranger, nothing)]
    assert (stranger.status_code, problems[0]) == (404, problems[1])
    assert await status_with(app, anas) == 200


async def test_a_suspended_person_is_out_at_the_next_request(app: TestApp) -> None:
    person = await make.person()
    phone = await make.tokens(person)
    before = await status_with(app, phone.access_token)

    await make.suspend(person)

    assert (before, await status_with(app, phone.access_token)) == (200, 401)


async def test_a_suspended_person_gets_no_new_tokens(app: TestApp) -> None:
    person = await make.person()
    phone = await make.tokens(person)
    code = (await app.with_token(phone.access_token).post("/me/sign-ins/codes")).json()["code"]

    await make.suspend(person)

    assert told(await refresh(app, phone.refresh_token, "rotation-1")) == (401, "not_signed_in")
    assert told(await by_code(app, code)) == (400, "wrong_code")


@pytest.mark.parametrize("path", ["/me", "/me/sign-ins", "/exchanges", "/journal/entries", "/packs"])
async def test_a_token_that_has_ended_opens_nothing(app: TestApp, path: str) -> None:
    phone = app.with_token(await make.token(await make.person()))
    before = (await phone.get(path)).status_code

    await phone.post("/sign-out")

    assert (before, (await phone.get(path)).status_code) == (200, 401)
