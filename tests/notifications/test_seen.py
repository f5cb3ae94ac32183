"""As what a phone has seen a line of the inbox: what was told of it since is still new."""

from datetime import timedelta

import httpx
import pytest
from litestar import Litestar

from tests import make
from tests.client import TestApp
from tests.notifications.doors import BEGAN, line, states, way
from tests.notifications.kinds import kind
from tests.notifications.people import device
from yema.changes import transaction
from yema.notifications.tables import Notification


@pytest.fixture(autouse=True)
def kinds(litestar_app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(litestar_app.state, "notifications", (kind(),))


async def bodies(client: httpx.AsyncClient, query: str = "") -> list[str]:
    return [item["body"] for item in (await client.get(f"/notifications{query}")).json()["items"]]


async def test_what_was_told_anew_since_is_not_seen_by_who_saw_what_was_told_before(app: TestApp) -> None:
    """The phone said so offline, and what it had seen has changed meanwhile."""
    ana = await make.person()
    one, client = await line(ana), await app.as_(ana)
    await way(one, ana, await device(ana))
    before = (await client.get("/notifications")).json()["items"][0]["told_at"]
    async with transaction():
        await Notification.update({Notification.told_at: BEGAN + timedelta(microseconds=1)}).where(
            Notification.id == one
        )

    early = await client.post(f"/notifications/{one}/seen", json={"told_at": before})
    unseen, waiting = await bodies(client, "?unseen=true"), await states()
    [item] = (await client.get("/notifications")).json()["items"]
    late = await client.post(f"/notifications/{one}/seen", json={"told_at": item["told_at"]})

    assert (early.status_code, unseen, waiting) == (204, ["hello"], ["waiting"])
    assert (late.status_code, await bodies(client, "?unseen=true"), await states()) == (204, [], ["moot"])


async def test_without_the_instant_all_of_it_is_seen(app: TestApp) -> None:
    ana = await make.person()
    client = await app.as_(ana)

    one = await line(ana, minutes=10_000_000)

    answer = await client.post(f"/notifications/{one}/seen", json={})

    assert (answer.status_code, await bodies(client, "?unseen=true")) == (204, [])
