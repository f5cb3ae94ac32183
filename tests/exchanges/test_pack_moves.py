"""Who plans with a pack hears at once that it has become public, or private."""

from uuid import UUID

import pytest

from tests import make
from tests.activities.workshop import ANY, desk
from tests.client import TestApp
from yema.activities.actions.publish import publish_pack
from yema.changes import SpaceKey, version_of


@pytest.mark.parametrize(("change", "told"), [({"public": False}, 1), ({"public": True}, 0), ({"slug": "lakes"}, 0)])
async def test_exchanges_hear_that_a_pack_they_plan_with_has_moved(
    app: TestApp, change: dict[str, bool | str], told: int
) -> None:
    trainer = await desk(app, public=True)
    made = await trainer.activity()
    await publish_pack(UUID(trainer.pack))
    exchange = await make.exchange()
    leader = await app.as_(await make.leader(exchange))
    slot = {k: v for k, v in make.draft(activity=made["id"]).items() if k != "title"}
    planned = await leader.post(f"/exchanges/{exchange}/slots", json=slot)
    space = SpaceKey("exchange", exchange)
    before, _ = await version_of(space)

    await trainer.client.patch(f"/packs/{trainer.pack}", json=change, headers=ANY)

    after, _ = await version_of(space)
    assert (planned.status_code, after - before) == (201, told)
