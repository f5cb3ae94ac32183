"""What was told is known by its key only: no ids of people stay in the outbox."""

from tests.client import TestApp
from tests.exchanges.world import world
from yema.app import NOTIFICATIONS
from yema.changes.tables import Outbox
from yema.notifications.loop import run_once


async def test_nobody_who_has_seen_an_announcement_stays_in_the_outbox(app: TestApp) -> None:
    w = await world()
    draft = {"title": "Storm", "text": "Everybody to the hall."}
    made = (await (await app.as_(w.leader)).post(f"/exchanges/{w.exchange}/announcements", json=draft)).json()["id"]
    await (await app.as_(w.participant)).post(f"/announcements/{made}/seen")

    await run_once(NOTIFICATIONS, {})

    done = [row for row in await Outbox.select() if row["done_at"]]
    assert {row["event"] for row in done} >= {"announcement_made", "announcement_seen"}
    assert [row["event"] for row in done if row["about"] != "{}" or str(w.participant) in row["dedupe_key"]] == []
