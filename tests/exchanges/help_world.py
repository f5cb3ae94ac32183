"""Calls for help as tests make them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from tests.client import TestApp
from tests.exchanges.world import World
from yema.changes import transaction
from yema.exchanges.tables.care import HelpRequest
from yema.ids import now

JSON = dict[str, Any]
LEADING = ("leader", "leader2", "facilitator", "coordinator")


def door(w: World) -> str:
    return f"/exchanges/{w.exchange}/help-requests"


async def call(app: TestApp, w: World, who: UUID, **fields: Any) -> JSON:
    """Somebody asks for help; what they are answered."""
    answer = await (await app.as_(who)).post(door(w), json=fields)
    assert answer.status_code == 201, answer.text
    made: JSON = answer.json()
    return made


async def listed(app: TestApp, w: World, who: UUID) -> list[JSON]:
    items: list[JSON] = (await (await app.as_(who)).get(door(w))).json()["items"]
    return items


async def seen_by(app: TestApp, w: World, *people: str) -> dict[str, list[str]]:
    """For each of them, what the requests that they see say; `-` where they do not read it."""
    return {who: [one.get("text", "-") for one in await listed(app, w, getattr(w, who))] for who in people}


async def take(app: TestApp, who: UUID, request: str) -> httpx.Response:
    return await (await app.as_(who)).put(f"/help-requests/{request}/taken")


async def close(app: TestApp, who: UUID, request: str) -> int:
    return (await (await app.as_(who)).put(f"/help-requests/{request}/closed")).status_code


async def give_back(app: TestApp, who: UUID, request: str) -> int:
    return (await (await app.as_(who)).delete(f"/help-requests/{request}/taken")).status_code


async def wait(request: str, minutes: int) -> None:
    """So many minutes ago it was that they asked."""
    async with transaction():
        await HelpRequest.update({HelpRequest.made_at: now() - timedelta(minutes=minutes)}).where(
            HelpRequest.id == UUID(request)
        )
