"""The programme for programme apps: by the secret address, and of one exchange for its members."""

import json
from typing import Any

import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.test_feeds import address_of, planned_for_all_kinds, read, released
from tests.exchanges.world import world


def told(file: dict[str, Any]) -> set[str]:
    """The titles in a schedule."""
    days = file["schedule"]["conference"]["days"]
    return {one["title"] for day in days for room in day["rooms"].values() for one in room}


async def test_a_schedule_by_the_address_holds_what_the_calendar_holds(app: TestApp) -> None:
    w = await world()
    await planned_for_all_kinds(w)
    await released(app, w)
    address = (await address_of(app, w.participant)).replace(".ics", ".json")

    answer = await read(app, address)

    assert told(answer.json()) == {"All", "Group", "Chosen"}
    known = await app.anybody.get(address, headers={"if-none-match": answer.headers["etag"]})
    assert known.status_code == 304


async def test_there_is_no_schedule_for_who_is_in_no_exchange(app: TestApp) -> None:
    address = await address_of(app, await make.person())

    answers = [await read(app, address), await read(app, address.replace(".ics", ".json"))]

    assert [answer.status_code for answer in answers] == [200, 404]


async def test_the_schedule_of_an_exchange_leaves_out_what_is_for_chosen_people(app: TestApp) -> None:
    w = await world()
    await planned_for_all_kinds(w)
    await released(app, w)
    await make.slot(w.exchange, title="Not told yet")

    answer = await (await app.as_(w.participant)).get(f"/exchanges/{w.exchange}/schedule.json")

    assert told(answer.json()) == {"All", "Group"}


async def test_a_schedule_is_in_the_language_of_its_reader(app: TestApp) -> None:
    w = await world()
    await make.slot(w.exchange, title="")
    await released(app, w)
    client = await app.as_(w.participant)

    conference = (await client.get(f"/exchanges/{w.exchange}/schedule.json?locale=en")).json()["schedule"]["conference"]

    assert [track["name"] for track in conference["tracks"]] == ["Activity"]


@pytest.mark.parametrize("host", ["yema.test", "192.0.2.7:8000", "[2001:db8::1]:8000"])
async def test_addresses_in_a_schedule_are_of_the_host_that_was_asked(app: TestApp, host: str) -> None:
    w = await world()
    slot = await make.slot(w.exchange)
    await released(app, w)

    path = f"/exchanges/{w.exchange}/schedule.json"
    answer = await (await app.as_(w.participant)).get(path, headers={"host": host})

    assert f'"url":"http://{host}/api/v1/slots/{slot}"' in json.dumps(answer.json(), separators=(",", ":"))


async def test_a_host_that_is_none_is_not_repeated(app: TestApp) -> None:
    w = await world()
    await make.slot(w.exchange)
    await released(app, w)

    path = f"/exchanges/{w.exchange}/schedule.json"
    answer = await (await app.as_(w.participant)).get(path, headers={"host": 'x"><script>'})

    assert "script" not in answer.text
