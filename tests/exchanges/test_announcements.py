"""Announcements: told to all, to groups or to chosen people; who has seen them is known, and who has not is reminded."""

from typing import Any
from uuid import UUID

import httpx
import msgspec
import pytest
import time_machine

from tests.client import TestApp
from tests.exchanges.world import World, world
from tests.sync.world import JSON, door, mutation, statuses
from yema.changes.tables import Outbox
from yema.exchanges.actions.told import announcements as telling_actions
from yema.exchanges.queries.told import announcements

KIND = 3
"""The `kinds_version` with which phones learned of it."""
RAIN = {"title": "Rain", "text": "We meet in the hall.", "locale": "en"}


async def tell(app: TestApp, w: World, **fields: Any) -> JSON:
    leader = await app.as_(w.leader)
    answer = await leader.post(f"/exchanges/{w.exchange}/announcements", json={**RAIN, **fields})
    assert answer.status_code == 201, answer.text
    made: JSON = answer.json()
    return made


def telling(w: World) -> JSON:
    """It, as a phone pushes it."""
    return {**mutation("announcement", "put"), "data": {"exchange": str(w.exchange), **RAIN}}


async def read(client: httpx.AsyncClient, w: World) -> list[JSON]:
    items: list[JSON] = (await client.get(f"/exchanges/{w.exchange}/announcements")).json()["items"]
    return items


def to(kind: str, *who: UUID) -> JSON:
    return {"kind": kind, kind: [str(one) for one in who]}


async def test_it_is_read_by_those_to_whom_it_is_told_and_by_leaders(app: TestApp) -> None:
    w = await world()
    for title, audience in (
        ("all", {"kind": "all"}),
        ("group", to("groups", w.group)),
        ("person", to("people", w.participant2)),
    ):
        await tell(app, w, title=title, audience=audience)

    people = ("participant", "participant2", "leader2", "facilitator", "coordinator")
    seen = {who: [one["title"] for one in await read(await app.as_(getattr(w, who)), w)] for who in people}

    everything = ["person", "group", "all"]
    assert seen == {
        "participant": ["group", "all"],
        "participant2": ["person", "all"],
        **dict.fromkeys(("leader2", "facilitator", "coordinator"), everything),
    }


async def test_it_does_not_exist_for_those_to_whom_it_is_not_told(app: TestApp) -> None:
    w = await world()
    made = await tell(app, w, audience=to("groups", w.group))
    told = await tell(app, w)
    people = ("participant2", "pending", "left", "stranger")

    answers = [
        await (await app.as_(getattr(w, who))).request(method, f"/announcements/{made['id']}{door}")
        for who in people
        for method, door in (("GET", ""), ("POST", "/seen"))
    ]
    others = [
        await (await app.as_(w.participant)).request(method, f"/announcements/{told['id']}{door}")
        for method, door in (("GET", "/recipients"), ("POST", "/reminders"), ("DELETE", ""))
    ]

    assert {answer.status_code for answer in answers} == {404}
    assert {answer.json()["code"] for answer in others} == {"leaders_only"}


async def test_leaders_see_who_has_seen_it_and_who_has_not_and_nobody_else_does(app: TestApp) -> None:
    w = await world()
    made = await tell(app, w, audience=to("groups", w.group))
    participant, leader = await app.as_(w.participant), await app.as_(w.leader2)

    answers = [await participant.post(f"/announcements/{made['id']}/seen") for _ in range(2)]
    recipients = (await leader.get(f"/announcements/{made['id']}/recipients")).json()["items"]
    [told] = await read(leader, w)
    [mine] = await read(participant, w)

    assert [answer.status_code for answer in answers] == [204, 204]
    assert [(one["person"], "seen_at" in one) for one in recipients] == [
        (str(w.groupmate), False),
        (str(w.participant), True),
    ]
    assert (told["seen"], told["recipients"], "seen_at" in told) == (1, 2, False)
    assert ("seen" in mine, "recipients" in mine, "seen_at" in mine) == (False, False, True)


async def test_those_who_have_not_seen_it_are_reminded_once_in_ten_minutes(app: TestApp) -> None:
    w = await world()
    made = await tell(app, w, audience=to("people", w.participant, w.groupmate))
    await (await app.as_(w.participant)).post(f"/announcements/{made['id']}/seen")
    leader = await app.as_(w.leader)

    with time_machine.travel("2026-07-01T10:00:00Z", tick=False) as clock:
        answers = [await leader.post(f"/announcements/{made['id']}/reminders")]
        answers.append(await leader.post(f"/announcements/{made['id']}/reminders"))
        clock.shift(601)
        answers.append(await leader.post(f"/announcements/{made['id']}/reminders"))
    await (await app.as_(w.groupmate)).post(f"/announcements/{made['id']}/seen")
    answers.append(await leader.post(f"/announcements/{made['id']}/reminders"))

    said = [answer.json().get("people", answer.json().get("code")) for answer in answers]
    assert said == [1, "reminded_just_now", 1, "nobody_to_remind"]


async def test_what_is_to_be_told_stands_in_the_outbox_without_its_words(app: TestApp) -> None:
    w = await world()
    made = await tell(app, w)
    await (await app.as_(w.leader)).post(f"/announcements/{made['id']}/reminders")

    rows = await Outbox.select(Outbox.event, Outbox.about).order_by(Outbox.event)

    about = {"exchange": str(w.exchange), "announcement": made["id"]}
    assert [(row["event"], msgspec.json.decode(row["about"])) for row in rows] == [
        ("announcement_looked_at", about),
        ("announcement_made", about),
        ("announcement_reminded", about),
    ]


async def test_it_is_read_in_the_readers_language_where_it_was_said_in_it(app: TestApp) -> None:
    w = await world()
    made = await tell(app, w)
    leader = await app.as_(w.leader)
    where, polish = f"/announcements/{made['id']}/texts/pl", {"title": "Deszcz", "text": "Spotykamy się w sali."}

    stale = await leader.put(where, json=polish, headers={"if-match": "7"})
    answer = await leader.put(where, json=polish, headers={"if-match": "1"})
    seen = [(await leader.get(f"/announcements/{made['id']}?locale={tag}")).json() for tag in ("pl", "de")]

    assert (stale.status_code, stale.json()["current"]["version"], answer.status_code) == (412, 1, 200)
    assert [(one["title"], one["locale"], one["locales"]) for one in seen] == [
        ("Deszcz", "pl", ["en", "pl"]),
        ("Rain", "en", ["en", "pl"]),
    ]


async def test_what_was_taken_back_is_gone_everywhere(app: TestApp) -> None:
    w = await world()
    phones = [await door(app, getattr(w, who)) for who in ("participant", "leader2")]
    made = await tell(app, w, audience=to("people", w.participant))
    came = [(await phone.pull(version=KIND)).ids("announcement") for phone in phones]

    answer = await (await app.as_(w.leader)).delete(f"/announcements/{made['id']}")
    went = [(await phone.pull(version=KIND)).ids("announcement", "gone") for phone in phones]

    assert (came, answer.status_code, went) == ([[made["id"]]] * 2, 204, [[made["id"]]] * 2)
    assert await read(await app.as_(w.participant), w) == []


async def test_a_phone_says_that_it_was_seen_when_it_has_a_network_again(app: TestApp) -> None:
    w = await world()
    made = await tell(app, w)
    phone, other, leader = [await door(app, who) for who in (w.participant, w.participant, w.leader)]
    for one in (phone, other, leader):
        await one.pull(version=KIND)

    results = await phone.push(*(mutation("announcement_seen", "put", made["id"]) for _ in range(2)))
    mine, theirs = await other.pull(version=KIND), await leader.pull(version=KIND)

    assert statuses(results) == ["applied", "applied"]
    assert [one["id"] for one in mine.data("announcement_seen")] == [made["id"]]
    assert [one["seen"] for one in theirs.data("announcement")] == [1]


async def test_a_leader_announces_and_takes_back_offline(app: TestApp) -> None:
    w = await world()
    phone = await door(app, w.leader)
    new = telling(w)

    made = await phone.push_one(new)
    seen = await read(await app.as_(w.participant), w)
    back = await phone.push_one(mutation("announcement", "delete", new["id"], 1))
    by_participant = await (await door(app, w.participant)).push_one(telling(w))

    assert (statuses([made, back]), [one["id"] for one in seen]) == (["applied"] * 2, [new["id"]])
    assert by_participant["problem"]["code"] == "leaders_only"
    assert await read(await app.as_(w.participant), w) == []


async def test_what_was_told_by_name_goes_with_who_leaves_and_comes_with_who_returns(app: TestApp) -> None:
    w = await world()
    made = await tell(app, w, audience=to("people", w.participant))
    phone = await door(app, w.participant)
    await phone.pull(version=KIND)
    leader = await app.as_(w.leader)

    await phone.client.delete(f"/exchanges/{w.exchange}/members/me")
    went = await phone.pull(version=KIND)
    code = (await leader.post(f"/exchanges/{w.exchange}/join-codes", json={"admits": True})).json()
    body = {"display_name": "Ola", "locale": "pl", "secret": code["secret"]}
    joined = await phone.client.post("/sign-in/join", json=body)
    members = (await leader.get(f"/exchanges/{w.exchange}/members")).json()["items"]
    [me] = [one["id"] for one in members if one["person"] == str(w.participant)]
    await leader.patch(f"/exchanges/{w.exchange}/members/{me}", json={"state": "active"})
    came = await phone.pull(version=KIND)

    assert (went.ids("announcement", "gone"), joined.status_code) == ([made["id"]], 201)
    assert came.ids("announcement") == [made["id"]]


@pytest.mark.parametrize(
    "wrong", [{"title": ""}, {"text": "x" * 4_001}, {"locale": "tlh-Klingon"}, {"title": "a\u0000"}]
)
async def test_words_that_cannot_be_kept_are_refused(app: TestApp, wrong: JSON) -> None:
    w = await world()
    leader = await app.as_(w.leader)

    answer = await leader.post(f"/exchanges/{w.exchange}/announcements", json={**RAIN, **wrong})

    assert answer.status_code == 400


async def test_nobody_of_another_exchange_is_addressed(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)

    answer = await leader.post(
        f"/exchanges/{w.exchange}/announcements", json={**RAIN, "audience": to("people", w.stranger)}
    )

    assert answer.json()["code"] == "not_of_this_exchange"


async def test_who_else_was_told_by_name_only_leaders_read(app: TestApp) -> None:
    w = await world()
    await tell(app, w, audience=to("people", w.participant, w.groupmate, w.leader2))
    phone = await door(app, w.participant)

    pulled = (await phone.pull(version=KIND)).data("announcement")
    seen = {
        who: [[*one["audience"]["people"]] for one in await read(await app.as_(getattr(w, who)), w)]
        for who in ("participant", "groupmate", "leader2")
    }

    assert [one["audience"]["people"] for one in pulled] == [[str(w.participant)]]
    assert seen == {
        "participant": [[str(w.participant)]],
        "groupmate": [[str(w.groupmate)]],
        "leader2": [[str(w.participant), str(w.groupmate), str(w.leader2)]],
    }


@pytest.mark.parametrize("who", ["leader", "participant"])
async def test_all_pages_hold_each_of_them_once_the_newest_first(
    app: TestApp, monkeypatch: pytest.MonkeyPatch, who: str
) -> None:
    monkeypatch.setattr(announcements, "_CHUNK", 2)
    w = await world()
    audiences = [to("people", w.participant2), {"kind": "all"}, to("people", w.groupmate), to("groups", w.group)] * 3
    with time_machine.travel("2026-07-01T10:00:00Z", tick=False) as clock:
        for number, audience in enumerate(audiences):
            clock.shift(number // 2 % 2)
            await tell(app, w, title=str(number), audience=audience)
    client, found, cursor = await app.as_(getattr(w, who)), [], None
    where = f"/exchanges/{w.exchange}/announcements"

    while True:
        params = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = (await client.get(where, params=params)).json()
        found += [(one["made_at"], one["id"], int(one["title"])) for one in page["items"]]
        if not (cursor := page.get("next_cursor")):
            break

    assert found == sorted(found, reverse=True)
    assert sorted(number for *_, number in found) == [n for n in range(12) if who == "leader" or n % 2]


async def test_an_exchange_has_so_many_announcements_and_no_more(app: TestApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling_actions, "ANNOUNCEMENTS_MAX", 2)
    w = await world()
    first = await tell(app, w)
    await tell(app, w)
    leader = await app.as_(w.leader)
    where = f"/exchanges/{w.exchange}/announcements"

    refused = await leader.post(where, json=RAIN)
    await leader.delete(f"/announcements/{first['id']}")
    taken = await leader.post(where, json=RAIN)

    assert (refused.status_code, refused.json()["code"], taken.status_code) == (409, "too_many_announcements", 201)
