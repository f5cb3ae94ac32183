"""Emergency sheets as tests write them."""

from typing import Any
from uuid import UUID

import httpx

from tests.accounts.doors import member_id
from tests.client import TestApp
from tests.exchanges.world import World
from tests.sync.world import mutation
from yema.exchanges.sealed import sheet_id

JSON = dict[str, Any]
KIND = 3
"""The `kinds_version` with which phones learned of sheets."""
FULL: JSON = {
    "contacts": [{"name": "Maria Nowak", "relation": "mother", "phone": "+48 600 000 000"}],
    "insurance": {"insurer": "Warta", "policy": "AB 12/34", "phone": "+48 22 000 00 00"},
    "allergies": "Nuts",
    "diet": "Vegan",
    "medication": "Inhaler",
    "notes": "Afraid of dogs",
}


def own_door(w: World) -> str:
    return f"/exchanges/{w.exchange}/emergency-sheet"


async def member_door(w: World, whom: UUID) -> str:
    return f"/exchanges/{w.exchange}/members/{await member_id(w.exchange, whom)}/emergency-sheet"


def group_door(w: World, group: UUID | None = None) -> str:
    return f"/exchanges/{w.exchange}/groups/{group or w.group}/emergency-sheets"


async def written(app: TestApp, w: World, who: UUID, **fields: Any) -> httpx.AsyncClient:
    """The client of somebody who wrote a sheet."""
    client = await app.as_(who)
    answer = await client.put(own_door(w), json={**FULL, **fields}, headers={"if-match": "*"})
    assert answer.status_code in (200, 201), answer.text
    return client


async def opened(client: httpx.AsyncClient, w: World, group: UUID | None = None) -> dict[UUID, JSON | None]:
    """The sheets that a leader opens, by person; None where somebody has none."""
    answer = await client.get(group_door(w, group))
    assert answer.status_code == 200, answer.text
    return {UUID(one["person"]): one.get("sheet") for one in answer.json()["items"]}


def content(sheet: JSON | None) -> JSON:
    """What it says, without what the server knows of it."""
    return {name: value for name, value in (sheet or {}).items() if name in FULL}


def sheet(w: World, who: UUID, base: int = 0, **fields: Any) -> JSON:
    """A sheet that was written offline."""
    data = {**FULL, "exchange": str(w.exchange), **fields}
    return mutation("emergency_sheet", "put", sheet_id(w.exchange, who), base, **data)


def no_sheet(w: World, who: UUID, base: int) -> JSON:
    return mutation("emergency_sheet", "delete", sheet_id(w.exchange, who), base)
