"""Inviting people by a list: what becomes of each line, and of who comes."""

import asyncio
import re
import time
from typing import Any
from uuid import UUID

import httpx

from tests import make
from tests.accounts.doors import join, mails, told
from tests.client import TestApp
from tests.exchanges.world import World, world
from yema.exchanges.tables.exchange import JoinCode, Member, Particulars
from yema.settings import Settings

JSON = dict[str, Any]
HEAD = "name,group,role,email,languages,born,gender,fewer_opportunities\n"


async def send(client: httpx.AsyncClient, w: World, text: str | bytes, query: str = "") -> httpx.Response:
    body = text if isinstance(text, bytes) else text.encode()
    path = f"/exchanges/{w.exchange}/invitations{query}"
    return await client.post(path, content=body, headers={"content-type": "text/csv; charset=utf-8"})


async def invited(client: httpx.AsyncClient, w: World, text: str | bytes, query: str = "") -> JSON:
    answer = await send(client, w, text, query)
    assert answer.status_code == 200, answer.text
    report: JSON = answer.json()
    return report


def said(report: JSON) -> list[tuple[int, str, str]]:
    """(line, name, "invited" or the code of the problem)."""
    return [(one["line"], one["name"], one.get("problem", {}).get("code", one["status"])) for one in report["lines"]]


def secret(one: JSON) -> str:
    return str(one["link"].partition("#")[2])


async def codes(client: httpx.AsyncClient, w: World) -> list[JSON]:
    items: list[JSON] = (await client.get(f"/exchanges/{w.exchange}/join-codes")).json()["items"]
    return items


async def test_each_good_line_becomes_a_link_for_one_person(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)

    report = await invited(leader, w, "name\nOla Nowak\nJan Kowal\n")
    answers = [told(await join(app.anybody, secret=secret(one))) for one in (*report["lines"], report["lines"][0])]

    assert said(report) == [(2, "Ola Nowak", "invited"), (3, "Jan Kowal", "invited")]
    assert answers == [(201, ""), (201, ""), (400, "wrong_code")]
    members = await Member.select(Member.group, Member.role, Member.state).where(
        Member.id.is_in([UUID(one["join_code"]) for one in report["lines"]])
    )
    assert members == [{"group": w.group, "role": "participant", "state": "pending"}] * 2


async def test_the_list_of_codes_says_who_was_invited_and_who_came(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    report = await invited(leader, w, "name\nOla Nowak\nJan Kowal\n")

    await join(app.anybody, secret=secret(report["lines"][1]))

    assert sorted((code["invited"], code["uses"], code["uses_max"]) for code in await codes(leader, w)) == [
        ("Jan Kowal", 1, 1),
        ("Ola Nowak", 0, 1),
    ]


async def test_leaders_of_other_groups_are_not_shown_who_was_invited(app: TestApp) -> None:
    w = await world()
    await invited(await app.as_(w.leader), w, "name\nOla Nowak\n")

    seen = [(await codes(await app.as_(who), w))[0].get("invited") for who in (w.leader2, w.facilitator, w.coordinator)]

    assert seen == [None, None, "Ola Nowak"]


async def test_leaders_invite_participants_of_their_own_group_only(app: TestApp) -> None:
    w = await world()
    table = "name;group;role\nA;PL;\nB;ES;\nC;;leader\nD;;participant\n"

    report = await invited(await app.as_(w.leader), w, table)

    assert said(report) == [
        (2, "A", "invited"),
        (3, "B", "own_group_only"),
        (4, "C", "coordinators_only"),
        (5, "D", "invited"),
    ]
    assert await JoinCode.count() == 2


async def test_a_coordinator_invites_anybody(app: TestApp) -> None:
    w = await world()
    table = "name,group,role\nA,PL,leader\nB,Spain,participant\nC,,facilitator\nD,Hiszpania,\n"

    report = await invited(await app.as_(w.coordinator), w, table, "?locale=pl")

    rows = await JoinCode.select(JoinCode.invited, JoinCode.group, JoinCode.role)
    assert {row["invited"]: (row["group"], row["role"]) for row in rows} == {
        "A": (w.group, "leader"),
        "B": (w.group2, "participant"),
        "C": (None, "facilitator"),
        "D": (w.group2, "participant"),
    }
    assert (report["invited"], report["refused"]) == (4, 0)


async def test_a_facilitator_invites_nobody(app: TestApp) -> None:
    w = await world()

    report = await invited(await app.as_(w.facilitator), w, "name,group\nA,PL\nB,\n")

    assert [code for *_, code in said(report)] == ["own_group_only"] * 2


async def test_the_same_name_twice_is_said_and_in_two_groups_it_is_two_people(app: TestApp) -> None:
    w = await world()

    report = await invited(await app.as_(w.coordinator), w, "name,group\nOla,PL\nOLA ,PL\nOla,ES\n")

    assert [code for *_, code in said(report)] == ["invited", "twice", "invited"]


async def test_two_groups_of_one_country_are_told_apart_by_their_names(app: TestApp) -> None:
    w = await world()
    other = await make.group(w.exchange, "PL", "Gdynia")

    report = await invited(await app.as_(w.coordinator), w, "name,group\nA,Poland\nB,gdynia\n")

    [row] = await JoinCode.select(JoinCode.group)
    assert ([code for *_, code in said(report)], row["group"]) == (["several_groups", "invited"], other)


async def test_reasons_are_told_in_the_readers_language_and_links_are_kept_by_no_cache(app: TestApp) -> None:
    w = await world()

    answer = await send(await app.as_(w.leader), w, "name\n\nOla\n", "?locale=pl")

    assert (answer.headers["cache-control"], answer.headers["content-language"]) == ("no-store", "pl")


async def test_a_dry_run_makes_nothing_and_says_the_same(app: TestApp, house: Settings) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    table = "name,group,email\nA,PL,a@demo.example\nB,ES,\n"

    tried = await invited(leader, w, table, "?dry_run=true&mail=true")

    assert (said(tried), await JoinCode.count(), mails(house)) == (
        [(2, "A", "invited"), (3, "B", "own_group_only")],
        0,
        [],
    )
    assert {"join_code", "link", "mailed"} & tried["lines"][0].keys() == set()


async def test_inviting_again_makes_a_new_link_and_ends_the_older_one(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    first = (await invited(leader, w, "name,gender\nEwa,f\nJan,m\n"))["lines"]
    await join(app.anybody, secret=secret(first[1]))

    second = (await invited(leader, w, "name,gender\newa,x\n"))["lines"]

    answers = [told(await join(app.anybody, secret=secret(one))) for one in (first[0], second[0])]
    assert (answers, await Particulars.count()) == ([(400, "wrong_code"), (201, "")], 2)


async def test_what_a_list_says_of_somebody_is_known_of_the_member_who_comes(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    report = await invited(leader, w, f"{HEAD}Ola,,,,pl uk,2009-05,f,yes\n")

    joined = (await join(app.anybody, secret=secret(report["lines"][0]))).json()

    [member] = await Member.select(Member.id).where(Member.person == UUID(joined["person"]))
    answer = await leader.get(f"/exchanges/{w.exchange}/members/{member['id']}/particulars")
    assert answer.json() == {
        "languages": ["pl", "uk"],
        "guardian_authorised": False,
        "gender": "f",
        "fewer_opportunities": True,
    }


async def test_who_comes_back_by_an_invitation_is_known_by_it_too(app: TestApp) -> None:
    w = await world()
    leader, left = await app.as_(w.leader), await app.as_(w.left)
    report = await invited(leader, w, "name,gender\nOla,f\n")

    answer = await join(left, secret=secret(report["lines"][0]))

    [member] = await Member.select(Member.id).where(Member.person == w.left)
    particulars = await leader.get(f"/exchanges/{w.exchange}/members/{member['id']}/particulars")
    assert (told(answer), particulars.json().get("gender")) == ((201, ""), "f")
    assert await JoinCode.exists().where(JoinCode.invited.is_not_null()) is False


async def test_without_being_asked_no_mail_is_sent(app: TestApp, house: Settings) -> None:
    w = await world()

    await invited(await app.as_(w.leader), w, "name,email\nOla,ola@demo.example\n")

    assert mails(house) == []


async def test_an_invitation_cannot_be_typed(app: TestApp) -> None:
    w = await world()
    await invited(await app.as_(w.leader), w, "name\nOla\n")
    [row] = await JoinCode.select(JoinCode.locator)

    answers = [told(await join(app.anybody, code=typed)) for typed in ("0000", "A", "1" * 14)]

    assert (answers, re.findall("[A-Z0-9]", row["locator"])) == ([(400, "wrong_code")] * 3, [])


async def test_one_link_lets_in_one_of_many_who_open_it_at_once(app: TestApp) -> None:
    w = await world()
    report = await invited(await app.as_(w.leader), w, "name\nOla\n")

    answers = await asyncio.gather(*(join(app.anybody, secret=secret(report["lines"][0])) for _ in range(8)))

    assert sorted(told(answer) for answer in answers) == [(201, "")] + [(400, "wrong_code")] * 7


async def test_five_hundred_people_are_invited_in_no_time(app: TestApp) -> None:
    w = await world()
    table = HEAD + "".join(f"Person number {n},PL,,,pl,2009-05,f,no\n" for n in range(500))

    begun = time.perf_counter()
    report = await invited(await app.as_(w.leader), w, table)
    seconds = time.perf_counter() - begun

    assert (report["invited"], await JoinCode.count(), await Particulars.count(), seconds < 5) == (500, 500, 500, True)


async def test_a_leader_without_a_group_invites_nobody(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(await make.leader(w.exchange))

    report = await invited(leader, w, "name\nOla\n")
    code = await leader.post(f"/exchanges/{w.exchange}/join-codes", json={})

    assert ([found for *_, found in said(report)], told(code)) == (["own_group_only"], (403, "own_group_only"))
