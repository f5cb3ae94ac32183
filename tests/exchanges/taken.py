"""Ids that somebody has taken before us."""

from uuid import UUID

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World
from tests.sync.world import knowing, mutation


async def take_id(app: TestApp, w: World, slot: UUID) -> None:
    """A coordinator of another exchange uses the id on the plan of that one."""
    phone = await knowing(app, w.stranger)
    data = {"exchange": str(w.elsewhere), **make.draft()}
    result = await phone.push_one({**mutation("slot", "put", slot), "data": data})
    assert result["status"] == "applied", result
