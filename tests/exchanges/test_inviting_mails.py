"""Mails with invitations: to whom they go, how many, and what they never say."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest
import time_machine
from litestar import Litestar

from tests import make
from tests.accounts.doors import mails
from tests.client import TestApp
from tests.exchanges.test_inviting import invited, said
from tests.exchanges.world import world
from yema.settings import Settings

PUBLIC = "https://yema.example.org"


def named_public(litestar_app: Litestar, house: Settings) -> None:
    """The operator says at which address phones reach this server."""
    litestar_app.state.settings = msgspec.structs.replace(house, public_url=PUBLIC)


def table(count: int, first: int = 0) -> str:
    return "name,email\n" + "".join(f"N {n},n{n}@demo.example\n" for n in range(first, first + count))


def mailed(report: dict[str, Any]) -> list[bool | None]:
    return [one.get("mailed") for one in report["lines"]]


async def test_links_are_mailed_in_a_language_of_who_gets_them(
    app: TestApp, litestar_app: Litestar, house: Settings
) -> None:
    named_public(litestar_app, house)
    w = await world()
    lines = "name,email,languages\nOla,ola@demo.example,pl\nJan,,\nBo,bo@demo.example,\n"

    report = await invited(await app.as_(w.leader), w, lines, "?mail=true")

    sent = mails(house)
    assert [mail["To"] for mail in sent] == ["ola@demo.example", "bo@demo.example"]
    assert mailed(report) == [True, None, True]
    assert all(f"{PUBLIC}/" in mail.get_content() for mail in sent)
    assert [report["lines"][n]["link"] in mail.get_content() for n, mail in zip((0, 2), sent, strict=True)] == [
        True,
        True,
    ]


async def test_nothing_is_mailed_where_only_the_request_says_where_this_server_is(
    app: TestApp, house: Settings
) -> None:
    w = await world()

    report = await invited(await app.as_(w.leader), w, "name,email\nOla,ola@demo.example\nJan,\n", "?mail=true")

    assert (report["invited"], mailed(report), mails(house)) == (2, [False, None], [])


async def test_of_a_long_list_a_hundred_are_mailed_and_the_others_are_named(
    app: TestApp, litestar_app: Litestar, house: Settings
) -> None:
    named_public(litestar_app, house)
    w = await world()

    report = await invited(await app.as_(w.leader), w, table(103), "?mail=true")

    assert (report["invited"], len(mails(house))) == (103, 100)
    assert mailed(report) == [True] * 100 + [False] * 3


async def test_in_a_day_two_hundred_are_mailed_for_one_exchange(
    app: TestApp, litestar_app: Litestar, house: Settings
) -> None:
    named_public(litestar_app, house)
    w, noon = await world(), datetime.now(UTC).replace(hour=12)
    leader, other = await app.as_(w.leader), await app.as_(w.leader2)
    with time_machine.travel(noon):
        counts = [
            mailed(await invited(who, w, table(90, 100 * n), "?mail=true")).count(True)
            for n, who in enumerate((leader, other, leader))
        ]

    with time_machine.travel(noon + timedelta(hours=13)):
        counts.append(mailed(await invited(await app.as_(w.leader), w, table(1, 500), "?mail=true")).count(True))

    assert (counts, len(mails(house))) == ([90, 90, 20, 1], 201)


async def test_one_person_mails_no_more_in_several_exchanges(
    app: TestApp, litestar_app: Litestar, house: Settings
) -> None:
    named_public(litestar_app, house)
    w, w2 = await world(), await world()
    await make.coordinator(w2.exchange, who=w.coordinator)
    with time_machine.travel(datetime.now(UTC).replace(hour=12)):
        client = await app.as_(w.coordinator)
        counts = [
            mailed(await invited(client, one, table(100, 100 * n), "?mail=true")).count(True)
            for n, one in enumerate((w, w, w2))
        ]

    assert counts == [100, 100, 0]


@pytest.mark.parametrize("name", ["You won http://evil.example", "WWW.evil.example", "HTTPS://x"])
async def test_a_name_that_is_a_link_is_mailed_to_nobody(
    app: TestApp, litestar_app: Litestar, house: Settings, name: str
) -> None:
    named_public(litestar_app, house)
    w = await world()
    lines = f"name,email\n{name},ola@demo.example\nJan,jan@demo.example\n"

    report = await invited(await app.as_(w.leader), w, lines, "?mail=true")

    assert [code for *_, code in said(report)] == ["bad_name", "invited"]
    assert [mail["To"] for mail in mails(house)] == ["jan@demo.example"]
