"""Join codes as links and as QR pictures."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import segno
from litestar import Litestar

from tests import make
from tests.accounts.doors import join, told
from tests.client import TestApp
from tests.exchanges.world import world
from yema.settings import Settings, SettingsError, load_settings

PUBLIC = "https://yema.example/app"
PATH = re.compile(r' d="([^"]+)"')


@pytest.fixture
def known_address(litestar_app: Litestar, house: Settings) -> Iterator[None]:
    """The settings name the address of the server."""
    before = litestar_app.state.settings
    litestar_app.state.settings = Settings(data=house.data, public_url=PUBLIC + "/")
    yield
    litestar_app.state.settings = before


async def made(app: TestApp) -> dict[str, str]:
    w = await world()
    answer = await (await app.as_(w.leader)).post(f"/exchanges/{w.exchange}/join-codes", json={})
    assert answer.status_code == 201
    code: dict[str, str] = answer.json()
    return code


async def test_a_code_is_a_link_too_at_the_address_where_it_was_asked_for(app: TestApp) -> None:
    code = await made(app)

    assert code["link"] == f"http://yema.test/join#{code['secret']}"


async def test_a_link_has_the_address_that_the_settings_name(app: TestApp, known_address: None) -> None:
    code = await made(app)

    assert code["link"] == f"{PUBLIC}/join#{code['secret']}"


async def test_what_stands_behind_the_links_hash_lets_in(app: TestApp) -> None:
    code = await made(app)

    assert told(await join(app.anybody, secret=code["link"].partition("#")[2])) == (201, "")


async def test_an_odd_host_never_gets_into_a_link(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)

    answer = await leader.post(f"/exchanges/{w.exchange}/join-codes", json={}, headers={"host": "evil.example/x?"})

    assert told(answer) == (400, "invalid")


async def test_the_qr_holds_the_link(app: TestApp) -> None:
    code = await made(app)

    drawn = segno.make_qr(code["link"], error="m").svg_inline()
    assert (code["qr"].startswith("<svg xmlns="), PATH.findall(code["qr"])) == (True, PATH.findall(drawn))


async def test_a_list_of_codes_is_without_links(app: TestApp) -> None:
    w = await world()
    leader = await app.as_(w.leader)
    await leader.post(f"/exchanges/{w.exchange}/join-codes", json={})

    [listed] = (await leader.get(f"/exchanges/{w.exchange}/join-codes")).json()["items"]

    assert {"code", "secret", "link", "qr", "invited"} & listed.keys() == set()


async def test_a_code_that_is_asked_for_again_shows_no_link(app: TestApp) -> None:
    exchange = await make.exchange()
    leader = await app.as_(await make.leader(exchange, await make.group(exchange)))
    headers = {"idempotency-key": "once"}

    first, second = [
        (await leader.post(f"/exchanges/{exchange}/join-codes", json={}, headers=headers)).json() for _ in range(2)
    ]

    assert (first["id"] == second["id"], {"code", "secret", "link", "qr"} & second.keys()) == (True, set())


@pytest.mark.parametrize("url", ["yema.example", "ftp://yema.example", "https://yema.example/a b", "https://a/#x"])
def test_an_address_that_is_none_is_said_at_the_start(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="public_url"):
        load_settings(data=tmp_path, public_url=url)


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "https://yema.example/", "https://x.example/yema"])
def test_an_address_that_is_one_is_taken(url: str, tmp_path: Path) -> None:
    assert load_settings(data=tmp_path, public_url=url).public_url == url
