"""The demo itself: who and what others build on."""

from collections.abc import Awaitable, Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.client import TestApp
from yema.demo.fill import fill
from yema.demo.fixtures import person_id, read_demo
from yema.settings import Settings

FIRST, SECOND = (exchange.id for exchange in read_demo().exchanges)
Read = Callable[[str, str], Awaitable[Any]]


@pytest.fixture
async def read(app: TestApp, house: Settings) -> Read:
    """Read something in the filled demo as one of its people."""
    await fill(house)

    async def as_person(who: str, path: str) -> Any:
        answer = await (await app.as_(person_id(who))).get(path)
        return answer.json()

    return as_person


def slots_of(itinerary: Any) -> list[Any]:
    return [slot for day in itinerary["days"] for slot in day["slots"]]


async def test_the_exchange_has_twenty_slots_and_fifteen_concern_the_participant(read: Read) -> None:
    planned = slots_of(await read("leader", f"/exchanges/{FIRST}/itinerary?view=plan"))
    concerning = slots_of(await read("participant", f"/exchanges/{FIRST}/itinerary"))

    assert (len(planned) >= 20, len(concerning) >= 15, len(concerning) < len(planned)) == (True, True, True)


ROLES = {
    "participant": ("participant", "PL"),
    "participant2": ("participant", "DE"),
    "leader": ("leader", "PL"),
    "leader2": ("leader", "DE"),
    "trainer": ("facilitator", None),
    "coordinator": ("coordinator", None),
}


async def test_each_person_has_their_role(read: Read) -> None:
    countries = {g["id"]: g["country"] for g in (await read("leader", f"/exchanges/{FIRST}/groups"))["items"]}
    found = {}
    for who in ROLES:
        [membership] = (await read(who, "/me"))["memberships"]
        found[who] = (membership["role"], countries.get(membership.get("group")))

    assert found == ROLES


async def test_the_people_of_the_contract_have_addresses() -> None:
    names = ("participant", "participant2", "leader", "leader2", "trainer", "coordinator", "admin", "stranger")

    found = {p.email for p in read_demo().people if p.email}

    assert found == {f"{name}@demo.example" for name in names}


async def test_three_countries_meet(read: Read) -> None:
    groups = (await read("participant", f"/exchanges/{FIRST}/groups"))["items"]

    assert sorted(group["country"] for group in groups) == ["DE", "PL", "UA"]


async def test_the_stranger_is_in_the_second_exchange_only(read: Read) -> None:
    exchanges = (await read("stranger", "/exchanges"))["items"]
    mine = await read("leader", "/exchanges")

    assert [[e["title"] for e in found] for found in (exchanges, mine["items"])] == [
        ["Stages of courage"],
        ["Water connects us"],
    ]


async def test_today_is_in_the_middle(read: Read) -> None:
    itinerary = await read("participant", f"/exchanges/{FIRST}/itinerary")
    today = datetime.now(ZoneInfo(itinerary["zone"])).date()

    assert [(date.fromisoformat(day["date"]) - today).days for day in itinerary["days"]] == list(range(-3, 5))


async def test_each_group_travels_by_the_clocks_of_both_ends(read: Read) -> None:
    legs = (await read("leader", f"/exchanges/{FIRST}/travel"))["items"]
    [abroad] = [leg for leg in legs if (leg["from_place"], leg["direction"]) == ("Львів", "outward")]

    assert len({leg["group"] for leg in legs}) == 3
    assert (
        abroad["departs_zone"],
        abroad["departs_at"][11:16],
        abroad["arrives_zone"],
        abroad["arrives_at"][11:16],
    ) == (
        "Europe/Kyiv",
        "19:30",
        "Europe/Warsaw",
        "05:15",
    )


async def test_leaders_are_warned_of_three_things(read: Read) -> None:
    warnings = (await read("leader", f"/exchanges/{FIRST}/warnings"))["items"]

    assert [warning["code"] for warning in warnings] == ["group_double_booked", "venue_taken", "nobody_responsible"]


async def test_a_leader_has_the_sheet_of_the_own_participant_and_no_other(read: Read) -> None:
    pl, de = (read_demo().exchanges[0].id_of("group", key) for key in ("pl", "de"))
    own = await read("leader", f"/exchanges/{FIRST}/groups/{pl}/emergency-sheets")
    other = await read("leader", f"/exchanges/{FIRST}/groups/{de}/emergency-sheets")

    assert ([one["display_name"] for one in own["items"] if "sheet" in one], other["status"]) == (["Ola"], 404)


async def test_what_was_announced_is_read_in_the_own_language(read: Read) -> None:
    rain = [(await read(who, f"/exchanges/{FIRST}/announcements"))["items"][-1] for who in ("leader", "participant2")]

    assert [one["title"] for one in rain] == ["Od drugiej deszcz", "Ab zwei Uhr Regen"]


async def test_yesterday_everybody_was_marked(read: Read) -> None:
    slot = read_demo().exchanges[0].id_of("slot", "kitchens")

    register = await read("leader", f"/slots/{slot}/attendance")

    assert (register["present"], register["unmarked"]) == (17, [])
