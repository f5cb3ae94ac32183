"""A plan, as leaders change and release it over HTTP."""

from typing import Any, NamedTuple
from uuid import UUID

import httpx

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World, world

JSON = dict[str, Any]


class Plan(NamedTuple):
    """An exchange, with a leader and a participant at their phones."""

    world: World
    leader: httpx.AsyncClient
    participant: httpx.AsyncClient

    @property
    def path(self) -> str:
        return f"/exchanges/{self.world.exchange}"

    async def slot(self, hours: str = "10:00-11:00", **fields: Any) -> str:
        """A slot that the leader has scheduled."""
        answer = await self.leader.post(f"{self.path}/slots", json=make.draft(hours, **fields))
        assert answer.status_code == 201
        return str(answer.json()["id"])

    async def change(self, slot: str, **fields: Any) -> JSON:
        answer = await self.leader.patch(f"/slots/{slot}", json=fields, headers={"If-Match": "*"})
        assert answer.status_code == 200
        return dict(answer.json())

    async def move(self, slot: str, hours: str) -> JSON:
        return await self.change(slot, starts_at=make.instants(hours)[0].isoformat())

    async def cancel(self, slot: str) -> None:
        assert (await self.leader.delete(f"/slots/{slot}", headers={"If-Match": "*"})).status_code == 200

    async def release(self) -> JSON:
        answer = await self.leader.post(f"{self.path}/releases")
        assert answer.status_code == 201
        return dict(answer.json())

    async def undo(self, number: int, **headers: str) -> httpx.Response:
        return await self.leader.post(f"{self.path}/releases/{number}/undo", headers=headers)

    async def told(self, who: httpx.AsyncClient | None = None) -> dict[str, JSON]:
        """What was last told to the participant: slots by their ids, without their versions."""
        found = (await (who or self.participant).get(f"{self.path}/itinerary")).json()
        slots = [slot for day in found["days"] for slot in day["slots"]]
        return {slot["id"]: {k: v for k, v in slot.items() if k != "version"} for slot in slots}

    async def history(self, slot: str | UUID = "", **params: str) -> JSON:
        answer = await self.leader.get(f"/slots/{slot}/history" if slot else f"{self.path}/history", params=params)
        assert answer.status_code == 200
        return dict(answer.json())


async def planning(app: TestApp) -> Plan:
    everybody = await world()
    return Plan(everybody, await app.as_(everybody.leader), await app.as_(everybody.participant))


def ids_of(difference: JSON) -> dict[str, list[str]]:
    """The ids by their words, without the details."""
    return {word: ids for word, ids in difference.items() if word != "details"}
