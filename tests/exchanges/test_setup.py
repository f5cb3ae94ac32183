"""Making an exchange, and changing what it is."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.client import TestApp
from tests.sync.world import door
from yema.exchanges.tables.exchange import Exchange

NUMBER = "2024-1-PL01-KA152-YOU-000123456"


def a_draft(organisation: UUID, **fields: Any) -> dict[str, Any]:
    return {
        "organisation": str(organisation),
        "title": "Forests",
        "starts_on": "2027-08-01",
        "ends_on": "2027-08-10",
        "zone": "Europe/Warsaw",
        "languages": ["en", "pl-DE"],
        **fields,
    }


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code")


@pytest.mark.parametrize("role", ["coordinator", "admin"])
async def test_who_organises_for_an_organisation_makes_an_exchange_and_coordinates_it(app: TestApp, role: str) -> None:
    organisation = await make.organisation("Host")
    client = await app.as_(await make.staff(organisation, role))
    more = {"project_number": NUMBER, "call_year": 2024, "ceilings": {"participants_per_leader_max": 4}}

    answer = await client.post("/exchanges", json=a_draft(organisation, **more))

    assert (answer.status_code, {k: v for k, v in answer.json().items() if k != "id"}) == (
        201,
        {
            "title": "Forests",
            "starts_on": "2027-08-01",
            "ends_on": "2027-08-10",
            "zone": "Europe/Warsaw",
            "phase": "planning",
            "countries": [],
            "country_names": [],
            "languages": ["en", "pl"],
            "language_names": ["English", "Polish"],
            "role": "coordinator",
            "organisation": str(organisation),
            "organisation_name": "Host",
            **more,
        },
    )


async def test_trainers_make_no_exchanges(app: TestApp) -> None:
    organisation = await make.organisation()
    trainer = await app.as_(await make.staff(organisation, "trainer"))

    assert code(await trainer.post("/exchanges", json=a_draft(organisation))) == (403, "organisers_only")


async def test_for_an_organisation_of_others_nobody_makes_exchanges(app: TestApp) -> None:
    organisation, elsewhere = await make.organisation(), await make.organisation()
    client = await app.as_(await make.staff(elsewhere, "admin"))

    assert code(await client.post("/exchanges", json=a_draft(organisation))) == (404, "not_found")


async def test_the_same_key_makes_one_exchange(app: TestApp) -> None:
    organisation = await make.organisation()
    client = await app.as_(await make.staff(organisation, "admin"))

    answers = [
        await client.post("/exchanges", json=a_draft(organisation), headers={"Idempotency-Key": "k"}) for _ in range(2)
    ]

    assert (answers[0].json(), await Exchange.count()) == (answers[1].json(), 1)


async def test_the_phone_of_who_made_it_hears_of_it(app: TestApp) -> None:
    organisation = await make.organisation()
    who = await make.staff(organisation, "admin")
    phone = await door(app, who)
    await phone.pull()
    exchange = (await (await app.as_(who)).post("/exchanges", json=a_draft(organisation))).json()["id"]

    came = await phone.pull()

    assert (came.ids("exchange"), came.kinds()) == ([exchange], {"exchange", "member", "me"})


@pytest.mark.parametrize(
    ("fields", "answered"),
    [
        ({"ends_on": "2027-07-31"}, "wrong_days"),
        ({"ends_on": "2027-09-30"}, "wrong_days"),
        ({"starts_on": "1999-12-31", "ends_on": "2000-01-01"}, "invalid"),
        ({"zone": "Europe/Atlantis"}, "unknown_zone"),
        ({"zone": "localtime"}, "unknown_zone"),
        ({"languages": ["en", "xx-notone"]}, "invalid"),
        ({"languages": []}, "invalid"),
        ({"project_number": "2024-4-PL01-KA152-YOU-000123456"}, "invalid"),
        ({"project_number": f"{NUMBER}\n"}, "invalid"),
        ({"call_year": 1999}, "invalid"),
        ({"ceilings": {"Participants!": 4}}, "invalid"),
        ({"ceilings": {"participants_per_leader_max": -1}}, "invalid"),
        ({"phase": "party"}, "invalid"),
        ({"starts_on": "2027-02-30"}, "invalid"),
    ],
    ids=str,
)
async def test_what_makes_no_sense_is_refused(app: TestApp, fields: dict[str, Any], answered: str) -> None:
    organisation = await make.organisation()
    client = await app.as_(await make.staff(organisation, "admin"))
    exchange = (await client.post("/exchanges", json=a_draft(organisation))).json()["id"]

    answers = [
        await client.post("/exchanges", json=a_draft(organisation, **fields)),
        await client.patch(f"/exchanges/{exchange}", json=fields),
    ]

    assert [code(answer) for answer in answers] == [(400, answered)] * 2


async def test_an_exchange_may_last_sixty_days(app: TestApp) -> None:
    organisation = await make.organisation()
    client = await app.as_(await make.staff(organisation, "admin"))

    assert (await client.post("/exchanges", json=a_draft(organisation, ends_on="2027-09-29"))).status_code == 201


async def test_a_coordinator_changes_what_an_exchange_is(app: TestApp) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.coordinator(exchange))
    change = {
        "title": "Rivers",
        "phase": "evaluation",
        "languages": ["uk"],
        "project_number": NUMBER,
        "call_year": 2026,
    }

    answer = (await client.patch(f"/exchanges/{exchange}", json={**change, "ceilings": {"a_max": 3}})).json()

    assert ({k: answer[k] for k in change}, answer["ceilings"]) == (change, {"a_max": 3})


async def test_number_and_call_year_can_be_cleared(app: TestApp) -> None:
    exchange = await make.exchange()
    client, path = await app.as_(await make.coordinator(exchange)), f"/exchanges/{exchange}"
    await client.patch(path, json={"project_number": NUMBER, "call_year": 2026})

    answer = (await client.patch(path, json={"project_number": None, "call_year": None})).json()

    assert answer.keys() & {"project_number", "call_year"} == set()


async def test_ceilings_are_for_leaders(app: TestApp) -> None:
    exchange = await make.exchange()
    coordinator, participant = await make.coordinator(exchange), await make.participant(exchange)
    await (await app.as_(coordinator)).patch(f"/exchanges/{exchange}", json={"ceilings": {"leaders_max": 3}})

    seen = [(await (await app.as_(who)).get(f"/exchanges/{exchange}")).json() for who in (coordinator, participant)]
    pulled = (await (await door(app, participant)).pull()).data("exchange")

    assert [view.get("ceilings") for view in (*seen, *pulled)] == [{"leaders_max": 3}, None, None]


async def test_a_change_of_nothing_tells_nobody(app: TestApp) -> None:
    exchange = await make.exchange()
    phone, coordinator = await door(app, await make.participant(exchange)), await make.coordinator(exchange)
    await phone.pull()

    answer = await (await app.as_(coordinator)).patch(f"/exchanges/{exchange}", json={})

    assert (answer.status_code, (await phone.pull()).changes) == (200, [])
