"""The plan and its releases."""

from tests import make
from tests.client import TestApp


async def test_participants_see_a_slot_after_the_release_and_not_before(app: TestApp) -> None:
    exchange = await make.exchange()
    leader, participant = await make.leader(exchange), await make.participant(exchange)
    as_leader, as_participant = await app.as_(leader), await app.as_(participant)

    made = await as_leader.post(f"/exchanges/{exchange}/slots", json=make.draft())
    before = await as_participant.get(f"/exchanges/{exchange}/itinerary")
    await as_leader.post(f"/exchanges/{exchange}/releases")
    after = await as_participant.get(f"/exchanges/{exchange}/itinerary")

    assert made.status_code == 201
    assert before.json()["days"] == []
    assert [slot["id"] for day in after.json()["days"] for slot in day["slots"]] == [made.json()["id"]]
