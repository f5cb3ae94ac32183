"""When the server is busy, and whom it takes a caller for."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from litestar import Request
from msgspec.structs import replace

from tests import make
from tests.client import TestApp
from tests.http.worlds import manners, problem
from yema.accounts.throttle import Tries
from yema.app import create_app, create_asgi
from yema.changes import transaction
from yema.http.network import network_of
from yema.ids import uuid7
from yema.settings import Settings

PROXY = "198.51.100.1"
NEAR = "198.51.100.2"
PHONE = "192.0.2.7"


async def test_a_busy_writer_is_503_and_says_when_to_come_back(
    app: TestApp, house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("yema.database.writer.WAIT_SECONDS", 0.05)
    exchange = await make.exchange()
    client = await app.as_(await make.participant(exchange))
    path, entry = f"/journal/entries/{uuid7()}", make.entry(exchange)
    holding, done = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with transaction():
            holding.set()
            await done.wait()

    holder = asyncio.create_task(hold())
    await holding.wait()
    during = await client.put(path, json=entry)
    meanwhile = await client.get(f"/exchanges/{exchange}/itinerary")
    done.set()
    await holder
    after = await client.put(path, json=entry)

    # On Postgres others write beside an open transaction.
    if house.database_url:
        assert (during.status_code, meanwhile.status_code, after.status_code) == (201, 200, 200)
    else:
        assert manners(during) == problem(503, "busy")
        assert (during.headers["retry-after"], meanwhile.status_code, after.status_code) == ("1", 200, 201)


def caller(folder: Path, address: str, *forwarded: str, trusted: tuple[str, ...] = (PROXY, NEAR)) -> str:
    """The network that a request from this address counts for; each of `forwarded` is a line X-Forwarded-For."""
    scope: dict[str, Any] = {
        "type": "http",
        "client": (address, 1234),
        "headers": [(b"x-forwarded-for", line.encode()) for line in forwarded],
        "litestar_app": create_app(Settings(data=folder, trusted_proxies=list(trusted))),
    }
    request: Request[Any, Any, Any] = Request(scope)  # type: ignore[arg-type]  # no more of it is asked for
    return network_of(request)


@pytest.mark.parametrize(
    ("address", "forwarded", "network"),
    [
        (PROXY, PHONE, PHONE),
        (PROXY, f"203.0.113.66, {PHONE}", PHONE),  # what a phone itself sends stands before what the proxy adds
        (PROXY, f"203.0.113.66, {PHONE}, {NEAR}", PHONE),
        (PROXY, f" {PHONE} ,, ", PHONE),
        (PROXY, "", PROXY),
        (PROXY, f"{NEAR}, {PROXY}", PROXY),
        (PHONE, "203.0.113.66", PHONE),
        ("203.0.113.66", f"{PHONE}, {PROXY}", "203.0.113.66"),
    ],
)
def test_a_forwarded_address_is_believed_from_a_trusted_proxy_only(
    tmp_path: Path, address: str, forwarded: str, network: str
) -> None:
    assert caller(tmp_path, address, forwarded) == network


def test_without_trusted_proxies_nobody_is_believed(tmp_path: Path) -> None:
    assert caller(tmp_path, PROXY, PHONE, trusted=()) == PROXY


@pytest.mark.parametrize(
    ("address", "forwarded"),
    [
        (f"::ffff:{PHONE}", ()),
        (PROXY, (f"::ffff:{PHONE}",)),
        (f"::ffff:{PROXY}", (PHONE,)),
        (f"::ffff:{PROXY}", (f"::ffff:{PHONE}, ::ffff:{NEAR}",)),
    ],
)
def test_an_ipv4_address_in_ipv6_clothes_counts_as_itself(
    tmp_path: Path, address: str, forwarded: tuple[str, ...]
) -> None:
    assert caller(tmp_path, address, *forwarded) == PHONE


def test_an_ipv6_address_counts_by_its_network(tmp_path: Path) -> None:
    networks = [
        caller(tmp_path, address)
        for address in ("2001:db8:0:1::7", "2001:db8:0:1:aaaa::9", "2001:db8:0:2::7", f"::ffff:{PHONE}")
    ]

    assert (networks[0] == networks[1], len(set(networks))) == (True, 3)


def test_a_caller_without_a_readable_address_is_cut_to_a_short_name(tmp_path: Path) -> None:
    assert caller(tmp_path, "x" * 1000) == "x" * 64


@pytest.mark.parametrize(
    ("trusted", "statuses"),
    [((), [429, 429]), (("192.0.2.1",), [400, 429])],
    ids=["nobody is believed", "the proxy is believed"],
)
async def test_behind_a_trusted_proxy_each_network_waits_for_its_own_failures(
    house: Settings, trusted: tuple[str, ...], statuses: list[int]
) -> None:
    for _ in range(70):
        await Tries(None, "203.0.113.66").failed()
        if not trusted:
            await Tries(None, "192.0.2.1").failed()
    app = TestApp(create_asgi(replace(house, trusted_proxies=list(trusted))))

    answers = [
        await app.anybody.post("/sign-in/code", json={"code": "wrong"}, headers={"x-forwarded-for": address})
        for address in (PHONE, "203.0.113.66")
    ]
    await app.close()

    assert [answer.status_code for answer in answers] == statuses


@pytest.mark.parametrize(
    ("lines", "network"),
    [
        (["203.0.113.66", "192.0.2.7"], "192.0.2.7"),
        (["192.0.2.7:4711"], "192.0.2.7"),
        (["::FFFF:192.0.2.7"], "192.0.2.7"),
        (["::ffff:c000:207"], "192.0.2.7"),
    ],
)
def test_the_last_hop_counts_in_whatever_form_it_is_written(tmp_path: Path, lines: list[str], network: str) -> None:
    """What a caller writes into the header themselves stands before what the proxy adds."""
    assert caller(tmp_path, PROXY, *lines) == network
