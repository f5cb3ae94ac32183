"""The personal calendar by its secret address, and the programme for programme apps."""

import re
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World, world

SITE = "http://yema.test"


async def released(app: TestApp, w: World) -> None:
    answer = await (await app.as_(w.leader)).post(f"/exchanges/{w.exchange}/releases")
    assert answer.status_code == 201


async def address_of(app: TestApp, person: UUID) -> str:
    """The whole address of a new calendar of this person."""
    answer = await (await app.as_(person)).post("/me/calendar")
    assert answer.status_code == 201
    return SITE + str(answer.json()["calendar_url"])


async def read(app: TestApp, address: str) -> httpx.Response:
    return await app.anybody.get(address)


def events(answer: httpx.Response) -> dict[str, dict[str, str]]:
    """The properties of each event of a calendar, by its title."""
    assert answer.status_code == 200, answer.text
    text = re.sub("\r\n[ \t]", "", answer.text)
    found = [
        dict(line.split(":", 1) for line in block.split("\r\n") if ":" in line)
        for block in re.findall("BEGIN:VEVENT\r\n(.*?)END:VEVENT", text, re.DOTALL)
    ]
    return {next(value for name, value in one.items() if name.startswith("SUMMARY")): one for one in found}


async def planned_for_all_kinds(w: World) -> None:
    """Slots for all, for both groups, and for one and for another chosen person."""
    await make.slot(w.exchange, title="All", responsible=(w.leader,))
    await make.slot(w.exchange, title="Group", groups=(w.group,))
    await make.slot(w.exchange, title="Group 2", groups=(w.group2,))
    await make.slot(w.exchange, title="Chosen", people=(w.participant,))
    await make.slot(w.exchange, title="Others", people=(w.groupmate,))


async def test_a_calendar_holds_what_was_released_to_the_person(app: TestApp) -> None:
    w = await world()
    await planned_for_all_kinds(w)
    address = await address_of(app, w.participant)
    before = events(await read(app, address))

    await released(app, w)

    assert (set(before), set(events(await read(app, address)))) == (set(), {"All", "Group", "Chosen"})


async def test_a_calendar_holds_all_exchanges_of_the_person(app: TestApp) -> None:
    w = await world()
    await make.participant(w.elsewhere, who=w.participant)
    await make.slot(w.exchange, title="Here")
    await make.slot(w.elsewhere, title="There")
    await released(app, w)
    await (await app.as_(w.stranger)).post(f"/exchanges/{w.elsewhere}/releases")

    answer = await read(app, await address_of(app, w.participant))

    assert set(events(answer)) == {"Here", "There"}
    assert "X-WR-CALNAME:Water connects us\\, Elsewhere\r\n" in answer.text


async def test_neither_feed_names_anybody(app: TestApp) -> None:
    w = await world()
    name = "Nobody May Read This"
    leader = await make.leader(w.exchange, w.group, name=name)
    await make.slot(w.exchange, title="All", responsible=(leader,), people=(w.participant, leader))
    await released(app, w)
    address = await address_of(app, w.participant)

    answers = [await read(app, address), await read(app, address.replace(".ics", ".json"))]

    assert [("All" in one.text, name in one.text, str(leader) in one.text) for one in answers] == [
        (True, False, False)
    ] * 2


async def test_nothing_of_an_exchange_stays_in_the_calendar_of_who_left_it(app: TestApp) -> None:
    w = await world()
    await planned_for_all_kinds(w)
    await released(app, w)
    address = await address_of(app, w.participant)
    before = [set(events(await read(app, address))) for _ in range(3)]

    await (await app.as_(w.participant)).delete(f"/exchanges/{w.exchange}/members/me")

    assert (before[0], set(events(await read(app, address)))) == ({"All", "Group", "Chosen"}, set())


async def test_what_was_cancelled_stays_as_cancelled_with_a_higher_sequence(app: TestApp) -> None:
    w = await world()
    slot = await make.slot(w.exchange, title="Boats")
    await released(app, w)
    address = await address_of(app, w.participant)
    before = events(await read(app, address))["Boats"]

    await (await app.as_(w.leader)).delete(f"/slots/{slot}", headers={"If-Match": "*"})
    unreleased = events(await read(app, address))["Boats"]
    await released(app, w)

    after = events(await read(app, address))["Boats"]
    assert (before["STATUS"], unreleased, after["STATUS"]) == ("CONFIRMED", before, "CANCELLED")
    assert int(after["SEQUENCE"]) > int(before["SEQUENCE"])
    assert (after["UID"], before["UID"]) == (f"{slot}@yema", f"{slot}@yema")


async def test_what_was_moved_has_its_new_time_with_a_higher_sequence(app: TestApp) -> None:
    w = await world()
    slot = await make.slot(w.exchange, title="Boats")
    await make.slot(w.exchange, title="Lunch")
    await released(app, w)
    address = await address_of(app, w.participant)
    before = events(await read(app, address))

    change = {"starts_at": make.instants("15:00-16:00")[0].isoformat()}
    await (await app.as_(w.leader)).patch(f"/slots/{slot}", json=change, headers={"If-Match": "*"})
    await released(app, w)

    after = events(await read(app, address))
    assert after["Boats"]["DTSTART;TZID=Europe/Warsaw"] == "20270714T150000"
    assert int(after["Boats"]["SEQUENCE"]) > int(before["Boats"]["SEQUENCE"])
    assert after["Lunch"] == before["Lunch"]


async def test_what_is_no_longer_for_the_person_disappears(app: TestApp) -> None:
    w = await world()
    slot = await make.slot(w.exchange, title="Boats")
    await released(app, w)
    address = await address_of(app, w.participant)
    before = set(events(await read(app, address)))

    change = {"audience": {"kind": "groups", "groups": [str(w.group2)]}}
    await (await app.as_(w.leader)).patch(f"/slots/{slot}", json=change, headers={"If-Match": "*"})
    await released(app, w)

    assert (before, set(events(await read(app, address)))) == ({"Boats"}, set())


async def test_a_calendar_is_in_the_language_of_its_person_whoever_fetches_it(app: TestApp) -> None:
    exchange = await make.exchange()
    leader = await app.as_(await make.leader(exchange))
    person = await make.participant(exchange, locale="pl")
    slot = await make.slot(exchange, title="Boats")
    await leader.patch(f"/slots/{slot}", json={"title": "Łódki", "locale": "pl"}, headers={"If-Match": "*"})
    await leader.post(f"/exchanges/{exchange}/releases")

    answer = await app.anybody.get(await address_of(app, person), headers={"accept-language": "en"})

    assert (set(events(answer)), answer.headers["content-language"]) == ({"Łódki"}, "pl")


async def test_a_calendar_that_is_known_is_not_sent_again(app: TestApp) -> None:
    w = await world()
    await make.slot(w.exchange, title="All")
    await released(app, w)
    address = await address_of(app, w.participant)
    first = await read(app, address)
    known = {"if-none-match": first.headers["etag"]}
    again = [(await app.anybody.get(address, headers=known)).status_code for _ in range(3)]

    await make.slot(w.exchange, title="New")
    await released(app, w)

    assert (first.headers["content-type"], first.headers["cache-control"]) == (
        "text/calendar; charset=utf-8",
        "private, no-cache",
    )
    assert (again, (await app.anybody.get(address, headers=known)).status_code) == ([304, 304, 304], 200)


async def test_a_renamed_place_is_renamed_in_the_calendar(app: TestApp) -> None:
    w = await world()
    venue = await make.venue(w.exchange, "Lawn")
    await make.slot(w.exchange, title="All", venue=venue)
    await released(app, w)
    address = await address_of(app, w.participant)
    before = [events(await read(app, address))["All"]["LOCATION"] for _ in range(3)]

    leader = await app.as_(w.coordinator)
    changed = await leader.patch(f"/exchanges/{w.exchange}/venues/{venue}", json={"name": "Meadow"})

    assert changed.status_code == 200, changed.text
    assert (before[0], events(await read(app, address))["All"]["LOCATION"]) == ("Lawn", "Meadow")


@pytest.mark.parametrize("file", ["x.ics", "x.json", "x.txt", ".ics", "ics", "ü.ics", f"{'a' * 500}.ics", "%00.ics"])
async def test_what_is_no_address_is_not_found(app: TestApp, file: str) -> None:
    answer = await app.anybody.get(f"/calendar/{file}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
