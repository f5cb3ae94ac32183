"""After yesterday's backup was put back: phones fetch everything again, push what they keep, and no diary has lost a line."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.demo.processes import Server, serving, yema
from tests.phone import Carried, Phone
from yema.accounts.schemas import TokensView
from yema.house import open_house
from yema.settings import Settings


class People(NamedTuple):
    """An exchange, and the tokens of two participants of a group and of its leader."""

    exchange: UUID
    ana: TokensView
    ben: TokensView
    leader: TokensView


async def people(data: Path) -> People:
    async with open_house(Settings(data=data)):
        exchange = await make.exchange()
        group = await make.group(exchange)
        ana, ben = [await make.participant(exchange, group) for _ in range(2)]
        leader = await make.leader(exchange, group)
        return People(exchange, *[await make.tokens(who) for who in (ana, ben, leader)])


@asynccontextmanager
async def online(server: Server, phones: dict[Phone, str]) -> AsyncIterator[list[Carried]]:
    """These phones with a network, each with its access token."""
    clients = [
        httpx.AsyncClient(
            base_url=f"{server.url}/api/v1", headers={"authorization": f"Bearer {token}"}, trust_env=False, timeout=20
        )
        for token in phones.values()
    ]
    try:
        yield [Carried(client, phone) for client, phone in zip(clients, phones, strict=True)]
    finally:
        for client in clients:
            await client.aclose()


async def refreshed(server: Server, refresh_token: str, rotation: str) -> dict[str, str]:
    with server.client() as client:
        answer = client.post("/sign-in/refresh", json={"refresh_token": refresh_token, "rotation_id": rotation})
    assert answer.status_code == 200, answer.text
    tokens: dict[str, str] = answer.json()
    return tokens


def back_up(data: Path, file: Path) -> None:
    ended = yema("backup", file, "--data", data)
    assert ended.status == 0, ended.err


def restore(data: Path, file: Path) -> None:
    ended = yema("restore", file, "--data", data)
    assert ended.status == 0, ended.err


def diary(phone: Phone) -> list[str]:
    return sorted(page["text"] for page in phone.diary().values())


def shared(phone: Phone) -> list[str]:
    return sorted(page["text"] for page in phone.all("reflection").values())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


async def test_after_a_restore_nothing_that_phones_keep_is_lost_or_comes_back(folder: Path, tmp_path: Path) -> None:
    file, who = tmp_path / "b.zip", await people(folder)
    ana, tablet, ben, leader = Phone(), Phone(), Phone(), Phone()
    with serving(folder) as server:
        tokens = [who.ana.access_token, who.ana.access_token, who.ben.access_token, who.leader.access_token]
        everybody = dict(zip((ana, tablet, ben, leader), tokens, strict=True))
        async with online(server, everybody) as carried:
            pages = {text: ana.write(who.exchange, text) for text in ("stays", "edited", "deleted", "taken back")}
            ben.write(who.exchange, "of Ben")
            await carried[0].sync()
            ana.share(pages["taken back"], "leader")
            for one in carried:
                await one.sync()
            assert (diary(tablet), shared(leader)) == (["deleted", "edited", "stays", "taken back"], ["taken back"])

            await asyncio.to_thread(back_up, folder, file)

            ana.write(who.exchange, "edited since", pages["edited"])
            ana.write(who.exchange, "new since")
            ana.delete(pages["deleted"])
            ana.take_back(pages["taken back"])
            ben.write(who.exchange, "of Ben since")
            await carried[0].sync()
            ana.share(pages["stays"], "leader")
            for one in carried:
                await one.sync()
            ben.write(who.exchange, "of Ben, answer lost")
            await carried[2].push_once(lose_answer=True)
            assert shared(leader) == ["stays"]
        newer = await refreshed(server, who.ana.refresh_token, "rotation-1")
        newest = await refreshed(server, newer["refresh_token"], "rotation-2")
    tablet.write(who.exchange, "written on the tablet meanwhile")

    restore(folder, file)

    with serving(folder) as server:
        access = (await refreshed(server, newest["refresh_token"], "rotation-3"))["access_token"]
        async with online(server, {**everybody, ana: access, tablet: access}) as carried:
            answer = await carried[3].client.post("/sync/pull", json=leader.to_pull())
            states = {space["state"] for space in answer.json()["spaces"]}
            for _ in range(2):
                for one in carried:
                    await one.sync()
        async with online(server, {Phone(): access, Phone(): everybody[ben], Phone(): everybody[leader]}) as fresh:
            for one in fresh:
                await one.sync()

    hers = ["edited since", "new since", "stays", "taken back", "written on the tablet meanwhile"]
    assert states == {"refetch"}
    assert [diary(one.phone) for one in fresh[:2]] == [hers, ["of Ben", "of Ben since", "of Ben, answer lost"]]
    assert [diary(ana), diary(tablet), diary(ben)] == [hers, hers, diary(fresh[1].phone)]
    assert [shared(leader), shared(fresh[2].phone)] == [["stays"], ["stays"]]


async def test_the_same_backup_put_back_twice_is_fetched_twice(folder: Path, tmp_path: Path) -> None:
    file, who, ana = tmp_path / "b.zip", await people(folder), Phone()
    states = []
    with serving(folder) as server:
        async with online(server, {ana: who.ana.access_token}) as [phone]:
            ana.write(who.exchange, "before")
            await phone.sync()
            await asyncio.to_thread(back_up, folder, file)
            ana.write(who.exchange, "since")
            await phone.sync()
    for _ in range(2):
        restore(folder, file)
        with serving(folder) as server:
            async with online(server, {ana: who.ana.access_token}) as [phone]:
                answer = (await phone.client.post("/sync/pull", json=ana.to_pull())).json()
                states.append({space["state"] for space in answer["spaces"]})
                await phone.sync()
                assert diary(ana) == ["before", "since"]

    assert states == [{"refetch"}, {"refetch"}]
