"""The plan: scheduling, moving and cancelling slots."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.client import TestApp
from yema.changes.tables import Outbox
from yema.exchanges.actions.plan.slots import cancel_slot, change_slot
from yema.exchanges.schemas.plan.plan import SlotChange
from yema.exchanges.tables.plan import Slot
from yema.ids import uuid7


async def test_a_scheduled_slot_is_shown_as_it_was_sent(app: TestApp) -> None:
    exchange = await make.exchange()
    leader, venue = await make.leader(exchange), await make.venue(exchange)
    body = make.draft(venue=str(venue), responsible=[str(leader)])

    answer = await (await app.as_(leader)).post(f"/exchanges/{exchange}/slots", json=body)

    assert (answer.status_code, {k: v for k, v in answer.json().items() if k != "id"}) == (
        201,
        {
            "kind": "activity",
            "starts_at": "2027-07-14T10:00:00+02:00",
            "ends_at": "2027-07-14T11:00:00+02:00",
            "zone": "Europe/Warsaw",
            "audience": {"kind": "all"},
            "responsible": [str(leader)],
            "state": "planned",
            "version": 1,
            "title": "Workshop",
            "title_locale": "en",
            "venue": str(venue),
        },
    )


async def test_a_slot_has_the_offset_of_its_venue(app: TestApp) -> None:
    exchange = await make.exchange()
    leader, venue = await make.leader(exchange), await make.venue(exchange, zone="America/Santiago")

    answer = await (await app.as_(leader)).post(f"/exchanges/{exchange}/slots", json=make.draft(venue=str(venue)))

    assert (answer.json()["zone"], answer.json()["starts_at"]) == ("America/Santiago", "2027-07-14T04:00:00-04:00")


async def test_a_zone_that_is_named_goes_before_the_venues(app: TestApp) -> None:
    exchange = await make.exchange()
    leader, venue = await make.leader(exchange), await make.venue(exchange, zone="America/Santiago")
    body = make.draft(venue=str(venue), zone="Asia/Kathmandu")

    answer = await (await app.as_(leader)).post(f"/exchanges/{exchange}/slots", json=body)

    assert answer.json()["starts_at"] == "2027-07-14T13:45:00+05:45"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "europe/warsaw", "Europe", "localtime", "right/Europe/Warsaw", "/"])
async def test_a_zone_that_iana_does_not_know_is_refused(app: TestApp, zone: str) -> None:
    exchange = await make.exchange()
    leader = await make.leader(exchange)

    answer = await (await app.as_(leader)).post(f"/exchanges/{exchange}/slots", json=make.draft(zone=zone))

    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_zone")


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        ("2027-07-14T10:00:00Z", "2027-07-14T09:00:00Z"),
        ("2027-07-14T10:00:00Z", "2027-07-14T10:00:00Z"),
        ("2027-07-14T10:00:00+02:00", "2027-07-14T09:00:00+01:00"),
        ("2027-07-14T10:00:00Z", "2027-07-17T10:00:01Z"),
    ],
)
async def test_a_slot_ends_after_it_starts_and_within_three_days(app: TestApp, starts_at: str, ends_at: str) -> None:
    exchange = await make.exchange()
    leader = await make.leader(exchange)
    body = make.draft(starts_at=starts_at, ends_at=ends_at)

    answer = await (await app.as_(leader)).post(f"/exchanges/{exchange}/slots", json=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "ends_before_it_starts")


@pytest.mark.parametrize(
    ("starts_at", "ends_at"),
    [
        ("0001-01-01T00:00:00+14:00", "0001-01-01T01:00:00+14:00"),
        ("9999-12-31T22:00:00-12:00", "9999-12-31T23:00:00-12:00"),
        ("1890-01-01T22:00:00Z", "1890-01-01T23:00:00Z"),
    ],
)
async def test_a_time_that_no_clock_can_show_is_refused(app: TestApp, starts_at: str, ends_at: str) -> None:
    exchange = await make.exchange()
    leader = await make.leader(exchange)
    body = make.draft(starts_at=starts_at, ends_at=ends_at)

    answer = await (await app.as_(leader)).post(f"/exchanges/{exchange}/slots", json=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


async def foreign(exchange: UUID) -> dict[str, dict[str, Any]]:
    """Drafts that name something that is not of this exchange."""
    elsewhere = await make.exchange("Elsewhere")
    person, private = (
        await make.participant(elsewhere),
        await make.small_pack(public=False, organisation=await make.organisation()),
    )
    waiting = await make.participant(exchange, state="pending")
    return {
        "venue": {"venue": str(await make.venue(elsewhere))},
        "activity": {"activity": str(uuid7())},
        "private activity": {"activity": str(await an_activity(private))},
        "group": {"audience": {"kind": "groups", "groups": [str(await make.group(elsewhere))]}},
        "person": {"audience": {"kind": "people", "people": [str(person)]}},
        "waiting person": {"audience": {"kind": "people", "people": [str(waiting)]}},
        "responsible": {"responsible": [str(person)]},
    }


async def an_activity(pack: UUID) -> UUID:
    from yema.activities.tables import Activity

    found: UUID = (await Activity.select(Activity.id).where(Activity.pack == pack))[0]["id"]
    return found


async def test_a_slot_names_only_what_is_of_its_exchange(app: TestApp) -> None:
    exchange = await make.exchange()
    as_leader = await app.as_(await make.leader(exchange))
    drafts = await foreign(exchange)

    answers = {
        name: (await as_leader.post(f"/exchanges/{exchange}/slots", json=make.draft(**fields))).json().get("code")
        for name, fields in drafts.items()
    }

    assert answers == dict.fromkeys(drafts, "not_of_this_exchange")


async def test_a_changed_slot_names_only_what_is_of_its_exchange(app: TestApp) -> None:
    exchange = await make.exchange()
    as_leader, slot = await app.as_(await make.leader(exchange)), await make.slot(exchange)
    changes = await foreign(exchange)

    answers = {
        name: (await as_leader.patch(f"/slots/{slot}", json=fields, headers={"If-Match": "*"})).json().get("code")
        for name, fields in changes.items()
    }

    assert answers == dict.fromkeys(changes, "not_of_this_exchange")


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_changing_a_slot_needs_the_version_that_was_seen(app: TestApp, method: str) -> None:
    exchange = await make.exchange()
    as_leader, slot = await app.as_(await make.leader(exchange)), await make.slot(exchange)
    body = {"title": "Other"} if method == "PATCH" else None

    answer = await as_leader.request(method, f"/slots/{slot}", json=body)

    assert (answer.status_code, answer.json()["code"]) == (428, "precondition_required")


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
@pytest.mark.parametrize("version", ['"7"', '"7-abc-gzip"', "nonsense", '""'])
async def test_a_stale_version_is_answered_with_the_present_slot(app: TestApp, method: str, version: str) -> None:
    exchange = await make.exchange()
    as_leader, slot = await app.as_(await make.leader(exchange)), await make.slot(exchange)
    body = {"title": "Other"} if method == "PATCH" else None

    answer = await as_leader.request(method, f"/slots/{slot}", json=body, headers={"If-Match": version})

    present = (await as_leader.get(f"/slots/{slot}")).json()
    assert (answer.status_code, answer.json()["code"], answer.json()["current"]) == (412, "stale", present)


async def test_the_etag_of_a_slot_is_good_for_changing_it(app: TestApp) -> None:
    exchange = await make.exchange()
    as_leader, slot = await app.as_(await make.leader(exchange)), await make.slot(exchange)
    seen = await as_leader.get(f"/slots/{slot}")

    answer = await as_leader.patch(
        f"/slots/{slot}", json={"title": "Other"}, headers={"If-Match": seen.headers["etag"]}
    )

    assert (answer.status_code, answer.json()["title"], answer.json()["version"]) == (200, "Other", 2)


async def test_whoever_asks_for_any_version_changes_the_present_one(app: TestApp) -> None:
    exchange = await make.exchange()
    as_leader, slot = await app.as_(await make.leader(exchange)), await make.slot(exchange)
    await as_leader.patch(f"/slots/{slot}", json={"title": "Other"}, headers={"If-Match": '"1"'})

    answer = await as_leader.patch(f"/slots/{slot}", json={"title": "Third"}, headers={"If-Match": "*"})

    assert (answer.status_code, answer.json()["title"], answer.json()["version"]) == (200, "Third", 3)


async def test_of_64_leaders_at_once_exactly_one_wins(app: TestApp) -> None:
    exchange = await make.exchange()
    slot = await make.slot(exchange)
    clients = [await app.as_(await make.leader(exchange)) for _ in range(64)]

    answers = await asyncio.gather(
        *(
            client.patch(f"/slots/{slot}", json={"title": f"Leader {n}"}, headers={"If-Match": '"1"'})
            for n, client in enumerate(clients)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 63


async def test_two_changes_of_any_version_at_once_are_both_kept(app: TestApp) -> None:
    exchange = await make.exchange()
    leader, slot = await make.leader(exchange), await make.slot(exchange)
    membership, person = await make.membership(leader, exchange), make.signed_in(leader)
    starts_at = make.instants("15:00-16:00")[0]

    await asyncio.gather(
        change_slot(membership, slot, SlotChange(starts_at=starts_at), person, None),
        change_slot(membership, slot, SlotChange(title="Other"), person, None),
        change_slot(membership, slot, SlotChange(kind="meal"), person, None),
    )

    [row] = await Slot.select(Slot.starts_at, Slot.titles, Slot.kind, Slot.version).where(Slot.id == slot)
    assert row == {"starts_at": starts_at, "titles": '{"en":"Other"}', "kind": "meal", "version": 4}


async def test_a_slot_is_cancelled_once(app: TestApp) -> None:
    exchange = await make.exchange()
    leader, slot = await make.leader(exchange), await make.slot(exchange)
    membership = await make.membership(leader, exchange)

    answers = await asyncio.gather(*(cancel_slot(membership, slot, None) for _ in range(8)), return_exceptions=True)

    assert sorted(type(answer).__name__ for answer in answers) == ["SlotCancelled"] * 7 + ["int"]


async def test_a_cancelled_slot_stays_on_the_plan(app: TestApp) -> None:
    exchange = await make.exchange()
    as_leader, slot = await app.as_(await make.leader(exchange)), await make.slot(exchange)

    answer = await as_leader.delete(f"/slots/{slot}", headers={"If-Match": '"1"'})

    plan = (await as_leader.get(f"/exchanges/{exchange}/itinerary", params={"view": "plan"})).json()
    assert (answer.status_code, plan["days"][0]["slots"]) == (200, [answer.json()])


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_a_cancelled_slot_is_changed_no_more(app: TestApp, method: str) -> None:
    exchange = await make.exchange()
    as_leader, slot = await app.as_(await make.leader(exchange)), await make.slot(exchange)
    await as_leader.delete(f"/slots/{slot}", headers={"If-Match": '"1"'})
    body = {"title": "Other"} if method == "PATCH" else None

    answer = await as_leader.request(method, f"/slots/{slot}", json=body, headers={"If-Match": '"2"'})

    assert (answer.status_code, answer.json()["code"]) == (409, "slot_cancelled")


async def test_what_is_absent_from_a_change_stays_and_null_clears(app: TestApp) -> None:
    exchange = await make.exchange()
    venue, leader = await make.venue(exchange), await make.leader(exchange)
    as_leader, slot = await app.as_(leader), await make.slot(exchange, venue=venue, responsible=(leader,))
    before = (await as_leader.get(f"/slots/{slot}")).json()

    answer = await as_leader.patch(f"/slots/{slot}", json={"venue": None}, headers={"If-Match": '"1"'})

    assert answer.json() == {**{k: v for k, v in before.items() if k != "venue"}, "version": 2}


async def test_the_plan_is_told_to_nobody(app: TestApp) -> None:
    exchange = await make.exchange()
    as_leader = await app.as_(await make.leader(exchange))

    await as_leader.post(f"/exchanges/{exchange}/slots", json=make.draft())

    assert await Outbox.count() == 0
