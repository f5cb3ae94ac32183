"""The secret address of a calendar: who has it, who sees it, and when it ends."""

import asyncio
import re

import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.test_feeds import SITE, address_of, read, released
from tests.exchanges.world import world
from yema.changes import SpaceKey, version_of
from yema.erasing import erase
from yema.exchanges.actions.told.feeds import renew_calendar
from yema.exchanges.tables.told import CalendarFeed
from yema.http.log import configure_logs


async def test_me_shows_the_address_once_there_is_one(app: TestApp) -> None:
    me = await app.as_(await make.person())
    before = (await me.get("/me")).json()

    made = (await me.post("/me/calendar")).json()

    assert "calendar_url" not in before
    assert (await me.get("/me")).json()["calendar_url"] == made["calendar_url"]
    assert re.fullmatch(r"/api/v1/calendar/[A-Za-z0-9_-]{32}\.ics", made["calendar_url"])


async def test_phones_hear_of_a_new_address(app: TestApp) -> None:
    person = await make.person()
    before, _ = await version_of(SpaceKey("person", person))

    await address_of(app, person)

    assert (await version_of(SpaceKey("person", person)))[0] == before + 1


async def test_a_renewed_address_takes_the_place_of_the_old_one_at_the_next_request(app: TestApp) -> None:
    w = await world()
    await make.slot(w.exchange, title="All")
    await released(app, w)
    old = await address_of(app, w.participant)
    before = [(await read(app, old)).status_code for _ in range(3)]  # the last of them is replayed

    new = await address_of(app, w.participant)

    after = [(await read(app, one)).status_code for one in (old, old.replace(".ics", ".json"), new)]
    assert (before, after) == ([200, 200, 200], [404, 404, 200])


async def test_a_lost_answer_is_asked_for_again(app: TestApp) -> None:
    me = await app.as_(await make.person())

    answers = [await me.post("/me/calendar", headers={"idempotency-key": "one"}) for _ in range(2)]

    assert answers[0].json() == answers[1].json()


async def test_of_many_renewals_at_once_the_last_one_is_shown(app: TestApp) -> None:
    person = await make.person()
    me = make.signed_in(person)

    await asyncio.gather(*(renew_calendar(me) for _ in range(8)))

    shown = (await (await app.as_(person)).get("/me")).json()["calendar_url"]
    assert (await read(app, SITE + shown)).status_code == 200
    [row] = await CalendarFeed.select(CalendarFeed.generation).where(CalendarFeed.id == person)
    assert row["generation"] == 8


async def test_the_database_does_not_hold_the_secret(app: TestApp) -> None:
    person = await make.person()
    secret = (await address_of(app, person)).rpartition("/")[2].removesuffix(".ics")

    rows = await CalendarFeed.select()

    assert [row["id"] for row in rows] == [person]
    assert secret not in str(rows)


async def test_logs_never_hold_the_secret(app: TestApp, capsys: pytest.CaptureFixture[str]) -> None:
    person = await make.person()
    address = await address_of(app, person)
    secret = address.rpartition("/")[2].removesuffix(".ics")
    await make.suspend(person)
    configure_logs("debug")

    answers = [await read(app, one) for one in (address, f"{address}x", address.replace(".ics", "/x"))]
    answers.append(await app.anybody.post(address))

    text = capsys.readouterr().err
    assert [answer.status_code for answer in answers] == [404, 404, 404, 405]
    assert (len(text.splitlines()), secret in text) == (4, False)
    assert [secret in answer.text for answer in answers] == [False] * 4


async def test_an_operator_neither_sees_nor_makes_an_address(app: TestApp) -> None:
    person = await make.person()
    await address_of(app, person)
    operator = app.with_token(await make.token(person, "operator"))

    made = await operator.post("/me/calendar")

    assert (made.status_code, made.json()["code"]) == (403, "forbidden")
    assert "calendar_url" not in (await operator.get("/me")).json()


async def test_the_calendar_of_somebody_suspended_is_not_there(app: TestApp) -> None:
    person = await make.person()
    address = await address_of(app, person)
    before = [(await read(app, address)).status_code for _ in range(3)]

    await make.suspend(person)
    suspended = (await read(app, address)).status_code
    await make.suspend(person, again=True)

    assert (before, suspended, (await read(app, address)).status_code) == ([200, 200, 200], 404, 200)


async def test_the_calendar_of_somebody_erased_is_not_there(app: TestApp) -> None:
    person = await make.person()
    address = await address_of(app, person)
    before = (await read(app, address)).status_code

    await erase(person)

    assert (before, (await read(app, address)).status_code) == (200, 404)
