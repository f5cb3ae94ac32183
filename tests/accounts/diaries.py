"""Somebody with a diary, who loses the phone that opens it."""

from typing import NamedTuple
from uuid import UUID

import httpx

from tests import make
from tests.accounts.doors import by_code, join, join_code, member_id, write
from tests.client import TestApp

OPEN = (200, "")


class Diary(NamedTuple):
    """A participant of a group with a leader, a recovery code and one page written."""

    exchange: UUID
    person: UUID
    leader: UUID
    phone: httpx.AsyncClient
    recovery_code: str
    page: UUID


async def diary(app: TestApp) -> Diary:
    exchange = await make.exchange()
    group = await make.group(exchange)
    leader = await make.leader(exchange, group)
    code = await join_code(exchange, group=group, admits=True)
    joined = (await join(app.anybody, secret=code.secret)).json()
    phone = app.with_token(joined["tokens"]["access_token"])
    page = await write(phone, exchange, "Before the phone was lost")
    return Diary(exchange, UUID(joined["person"]), leader, phone, joined["recovery_code"], page)


async def relink_code(app: TestApp, of: Diary) -> str:
    member = await member_id(of.exchange, of.person)
    answer = await (await app.as_(of.leader)).post(f"/exchanges/{of.exchange}/members/{member}/relink")
    return str(answer.json()["code"])


async def relinked(app: TestApp, of: Diary) -> httpx.AsyncClient:
    """The phone that was signed in by a leader's code."""
    return phone_of(app, await by_code(app, await relink_code(app, of)))


def phone_of(app: TestApp, answer: httpx.Response) -> httpx.AsyncClient:
    return app.with_token(answer.json()["tokens"]["access_token"])


async def notices(client: httpx.AsyncClient) -> list[str]:
    return [notice["kind"] for notice in (await client.get("/me/sign-ins")).json()["notices"]]
