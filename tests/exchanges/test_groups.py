"""Setting groups up."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.world import world
from tests.sync.world import door
from yema.exchanges.actions.setup.groups import make_group
from yema.exchanges.schemas.setup.setup import GroupDraft
from yema.exchanges.tables.exchange import Group
from yema.settings import Settings

KATOWICE = {"city": "Katowice", "latitude": 50.26, "longitude": 19.02}


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_group_is_shown_as_it_was_sent(app: TestApp) -> None:
    exchange = await make.exchange()
    sender = await make.organisation("Sender")
    client = await app.as_(await make.coordinator(exchange))
    body = {"name": "Polska", "country": "PL", **KATOWICE, "organisation": str(sender), "hosts": True}

    answer = await client.post(f"/exchanges/{exchange}/groups", json=body)

    assert (answer.status_code, {k: v for k, v in answer.json().items() if k != "id"}) == (
        201,
        {**body, "country_name": "Poland", "organisation_name": "Sender"},
    )


async def test_the_exchange_shows_countries_and_host(app: TestApp) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.coordinator(exchange))
    body = {"name": "Polska", "country": "PL", "hosts": True}
    group = (await client.post(f"/exchanges/{exchange}/groups", json=body)).json()["id"]

    seen = (await client.get(f"/exchanges/{exchange}")).json()

    assert (seen["countries"], seen["host"]) == (["PL"], group)


async def test_naming_another_host_moves_it_and_phones_hear_of_all_three(app: TestApp) -> None:
    w = await world()
    client, phone = await app.as_(w.coordinator), await door(app, w.participant)
    await client.patch(f"/exchanges/{w.exchange}/groups/{w.group}", json={"hosts": True})
    await phone.pull()

    await client.patch(f"/exchanges/{w.exchange}/groups/{w.group2}", json={"hosts": True})

    came = await phone.pull()
    assert ({g["id"]: g["hosts"] for g in came.data("group")}, came.data("exchange")[0]["host"]) == (
        {str(w.group): False, str(w.group2): True},
        str(w.group2),
    )


async def test_of_many_hosts_named_at_once_one_is_left(house: Settings) -> None:
    exchange = await make.exchange()
    by = await make.membership(await make.coordinator(exchange), exchange)

    await asyncio.gather(*(make_group(by, GroupDraft(name=f"{i}", country="PL", hosts=True)) for i in range(16)))

    assert await Group.count().where(Group.exchange == exchange, Group.hosts.eq(True)) == 1


async def test_a_leader_says_from_where_their_own_group_comes(app: TestApp) -> None:
    w = await world()

    answer = await (await app.as_(w.leader)).patch(f"/exchanges/{w.exchange}/groups/{w.group}", json=KATOWICE)

    assert {k: answer.json()[k] for k in KATOWICE} == KATOWICE


@pytest.mark.parametrize(
    "change", [{"name": "Us"}, {"hosts": True}, {"country": "DE"}, {**KATOWICE, "organisation": None}]
)
async def test_a_leader_changes_nothing_else_of_it(app: TestApp, change: dict[str, Any]) -> None:
    w = await world()

    answer = await (await app.as_(w.leader)).patch(f"/exchanges/{w.exchange}/groups/{w.group}", json=change)

    assert code(answer) == (403, "coordinators_only")


@pytest.mark.parametrize("who", ["leader2", "facilitator"])
async def test_nobody_else_changes_it(app: TestApp, who: str) -> None:
    w = await world()

    answer = await (await app.as_(getattr(w, who))).patch(f"/exchanges/{w.exchange}/groups/{w.group}", json=KATOWICE)

    assert code(answer) == (403, "own_group_only")


async def test_a_group_of_another_exchange_is_not_there(app: TestApp) -> None:
    w = await world()
    foreign, client = await make.group(w.elsewhere, "IT"), await app.as_(w.coordinator)
    path = f"/exchanges/{w.exchange}/groups/{foreign}"

    assert [code(await client.patch(path, json={"name": "Us"})), code(await client.delete(path))] == [
        (404, "not_found")
    ] * 2


@pytest.mark.parametrize(
    ("fields", "answered"),
    [
        ({"country": "ZZ"}, "unknown_country"),
        ({"country": "pl"}, "invalid"),
        ({"latitude": 50.0}, "invalid"),
        ({"latitude": 91.0, "longitude": 0}, "invalid"),
        ({"organisation": "01a1fea6-ca6b-7b15-af49-74a31fe2b7ff"}, "not_of_this_exchange"),
    ],
    ids=str,
)
async def test_what_makes_no_sense_is_refused(app: TestApp, fields: dict[str, Any], answered: str) -> None:
    exchange = await make.exchange()
    client, group = await app.as_(await make.coordinator(exchange)), await make.group(exchange)
    path = f"/exchanges/{exchange}/groups"

    answers = [
        await client.post(path, json={"name": "PL", "country": "PL", **fields}),
        await client.patch(f"{path}/{group}", json=fields),
    ]

    assert [code(answer) for answer in answers] == [(400, answered)] * 2


async def test_an_unused_group_goes_from_phones_too(app: TestApp) -> None:
    w = await world()
    group, phone = await make.group(w.exchange, "IT"), await door(app, w.participant)
    await phone.pull()

    answer = await (await app.as_(w.coordinator)).delete(f"/exchanges/{w.exchange}/groups/{group}")

    came = await phone.pull()
    assert (answer.status_code, came.ids("group", "gone"), came.data("exchange")[0]["countries"]) == (
        204,
        [str(group)],
        ["ES", "PL"],
    )


async def in_use(app: TestApp, w: Any, group: UUID) -> tuple[tuple[int, str], list[str]]:
    answer = await (await app.as_(w.coordinator)).delete(f"/exchanges/{w.exchange}/groups/{group}")
    return code(answer), [error["pointer"] for error in answer.json()["errors"]]


async def test_a_group_with_people_stays(app: TestApp) -> None:
    w = await world()
    waiting = await make.group(w.exchange, "IT")
    await make.participant(w.exchange, waiting, state="pending")

    assert [await in_use(app, w, group) for group in (w.group, waiting)] == [((409, "group_in_use"), ["/members"])] * 2


async def test_a_group_with_a_slot_stays_until_it_is_cancelled(app: TestApp) -> None:
    w = await world()
    group = await make.group(w.exchange, "IT")
    slot = await make.slot(w.exchange, groups=(group,))
    before = await in_use(app, w, group)
    await (await app.as_(w.coordinator)).delete(f"/slots/{slot}", headers={"If-Match": "*"})

    after = await (await app.as_(w.coordinator)).delete(f"/exchanges/{w.exchange}/groups/{group}")

    assert (before, after.status_code) == (((409, "group_in_use"), [f"/slots/{slot}"]), 204)
