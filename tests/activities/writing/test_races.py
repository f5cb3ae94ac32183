"""Many who write the same at once: one wins, the others are told and see what is there now."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.activities import workshop
from tests.activities.workshop import Desk, desk
from tests.client import TestApp
from tests.database.outside import between
from yema.activities.actions import writing
from yema.database import Statement, fetch
from yema.settings import Settings

TRAINERS = 64


async def _all_change(trainer: Desk, made: dict[str, Any]) -> list[httpx.Response]:
    """Each gives the activity another age and another text."""
    changes = [
        {"age_from": number, "blocks": workshop.blocks({"key": "aim", "kind": "aim", "text": f"Aim {number}"})}
        for number in range(TRAINERS)
    ]
    return await asyncio.gather(*(trainer.change(made, **change) for change in changes))


async def test_of_64_who_change_an_activity_at_once_one_wins(app: TestApp) -> None:
    trainer = await desk(app)
    made = await trainer.activity()

    answers = await _all_change(trainer, made)

    won = [answer.json() for answer in answers if answer.status_code == 200]
    lost = [(answer.status_code, answer.json()["current"]) for answer in answers if answer.status_code != 200]
    now = await trainer.read(made["id"])
    assert (won, lost) == ([now], [(412, now)] * (TRAINERS - 1))
    assert now["blocks"][2]["text"] == f"Aim {now['age_from']}"


@pytest.mark.postgres
@pytest.mark.parametrize(("held", "told"), [(True, [200, 412]), (False, [200, 200])], ids=["held", "not held"])
async def test_whoever_changes_an_activity_holds_it_from_its_first_look(
    app: TestApp, house: Settings, monkeypatch: pytest.MonkeyPatch, held: bool, told: list[int]
) -> None:
    """The same at the worst moment, and that without the lock it would be lost."""
    if not held:
        monkeypatch.setattr(writing, "_ACTIVITY", Statement(writing._ACTIVITY.sqlite.replace("?", "{}")))
    trainer = await desk(app)
    made = await trainer.activity()

    answers = await between(house, "activity", trainer.change(made, age_from=13), trainer.change(made, age_from=14))

    assert [answer.status_code for answer in answers] == told


async def test_of_64_who_change_a_pack_at_once_one_wins(app: TestApp) -> None:
    trainer = await desk(app)
    before = await trainer.read_pack()
    match = {"if-match": str(before["version"])}

    answers = await asyncio.gather(
        *(
            trainer.client.patch(f"/packs/{trainer.pack}", json={"slug": f"p-{number}"}, headers=match)
            for number in range(TRAINERS)
        )
    )

    now = await trainer.read_pack()
    won = [answer.json() for answer in answers if answer.status_code == 200]
    lost = [(answer.status_code, answer.json()["current"]) for answer in answers if answer.status_code != 200]
    assert (won, lost) == ([now], [(412, now)] * (TRAINERS - 1))


async def test_activities_that_are_written_at_once_each_have_a_place_of_their_own(app: TestApp) -> None:
    trainer = await desk(app)

    made = await asyncio.gather(*(trainer.activity(f"a-{number}") for number in range(16)))

    rows = await fetch(Statement("SELECT position FROM activity WHERE pack = {} ORDER BY position"), UUID(trainer.pack))
    assert [position for [position] in rows] == list(range(16))
    assert {row["id"] for row in (await trainer.read_pack())["activities"]} == {one["id"] for one in made}


async def test_of_two_who_take_one_slug_at_once_one_gets_it(app: TestApp) -> None:
    trainer = await desk(app)

    answers = await asyncio.gather(
        *(trainer.client.post("/activities", json=workshop.activity(trainer.pack)) for _ in range(8))
    )

    assert sorted(answer.status_code for answer in answers) == [201] + [409] * 7
