"""While a pack is being imported, others publish it and write in it: nothing is half, nothing is lost, nobody waits in a circle."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests.activities import packs, workshop
from tests.activities.workshop import ANY, Desk, desk
from tests.client import TestApp
from tests.http.worlds import manners, problem
from yema.activities.actions import store_steps
from yema.activities.actions.publish import publish_pack
from yema.activities.actions.store import go_on_storing, store_pack
from yema.activities.errors import ImportUnderWay
from yema.activities.pack.source import PackSource
from yema.activities.packfile import read_pack
from yema.activities.queries.frozen import frozen_source
from yema.activities.queries.source import read_source
from yema.activities.tables import Activity, PackImport


def source_of(tmp_path: Path, pack: str, *activities: dict[str, Any]) -> PackSource:
    return read_pack(packs.folder(tmp_path, *activities, id=pack))


async def store(trainer: Desk, source: PackSource, **how: Any) -> None:
    await store_pack(source, organisation=trainer.organisation, public=False, **how)


async def test_a_pack_is_not_published_while_a_file_is_carried_into_it(app: TestApp, tmp_path: Path) -> None:
    trainer = await desk(app)
    source = source_of(tmp_path, trainer.pack, packs.activity("a"), packs.activity("b"))

    class Stop(BaseException):
        pass

    def stop(*_: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        await store(trainer, source, progress=stop)
    refused = await trainer.client.post(f"/packs/{trainer.pack}/versions", json={})
    await go_on_storing()
    taken = await trainer.client.post(f"/packs/{trainer.pack}/versions", json={})

    assert (manners(refused), taken.status_code) == (problem(409, "import_under_way"), 201)


async def test_no_version_is_half_of_one_file_and_half_of_another(app: TestApp, tmp_path: Path) -> None:
    trainer = await desk(app)
    plain = [packs.activity(f"a-{n}") for n in range(12)]
    whole = [source_of(tmp_path, trainer.pack, *plain)]
    whole.append(source_of(tmp_path, trainer.pack, *({**one, "energy": "calm"} for one in plain)))
    await store(trainer, whole[0])
    numbers, done = [], asyncio.Event()

    async def publish() -> None:
        while not done.is_set():
            try:
                numbers.append(await publish_pack(UUID(trainer.pack)))
            except ImportUnderWay:
                await asyncio.sleep(0.001)

    publishing = asyncio.create_task(publish())
    for turn in range(6):
        await store(trainer, whole[(turn + 1) % 2])
    done.set()
    await publishing

    found = [(await frozen_source(UUID(trainer.pack), number)).activities for number in numbers]
    assert [one in (whole[0].activities, whole[1].activities) for one in found] == [True] * len(numbers)


async def test_who_writes_while_a_file_is_imported_loses_nothing_and_nobody_is_turned_away(
    app: TestApp, tmp_path: Path
) -> None:
    trainer = await desk(app)
    plain = [packs.activity(f"a-{n}") for n in range(8)]
    await store(trainer, source_of(tmp_path, trainer.pack, *plain))
    changed = [{**one, "blocks": [*one["blocks"], {"key": "more", "kind": "tip", "text": "More."}]} for one in plain]
    other = source_of(tmp_path, trainer.pack, *reversed(changed))
    tip = {"key": "tip", "kind": "tip", "text": "Bring tea."}

    async def write(number: int) -> list[int]:
        path, pack = f"/activities/{plain[number % 8]['id']}", f"/packs/{trainer.pack}"
        answers = [
            await trainer.client.patch(path, json={"blocks": workshop.blocks(tip)}, headers=ANY),
            await trainer.client.patch(pack, json={"slug": f"p-{number}"}, headers=ANY),
            await trainer.client.patch(pack, json={"texts": {"title": "T", "summary": "S"}}, headers=ANY),
            await trainer.client.patch(pack, json={"activities": [one["id"] for one in plain]}, headers=ANY),
        ]
        return [answer.status_code for answer in answers]

    told = await asyncio.gather(store(trainer, other), *(write(number) for number in range(24)))

    now = await read_source(UUID(trainer.pack))
    assert told == [None, *[[200] * 4] * 24]
    assert ({one.slug for one in now.activities}, await PackImport.count()) == ({one["slug"] for one in plain}, 0)
    assert {len(one.blocks) for one in now.activities} <= {3, 4}


async def test_an_activity_that_takes_a_slug_of_the_file_meanwhile_gives_way(app: TestApp, tmp_path: Path) -> None:
    trainer = await desk(app)
    source = source_of(tmp_path, trainer.pack, packs.activity("a"), packs.activity("b"))
    taken: list[dict[str, Any]] = []

    async def places_of(pack: UUID) -> Any:
        found = await store_steps.places_of(pack)
        if not taken:
            taken.append(await trainer.activity("b"))
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("yema.activities.actions.store.places_of", places_of)
        await store(trainer, source)

    assert ((await read_source(UUID(trainer.pack))).head.activities, await PackImport.count()) == (["a", "b"], 0)
    assert await Activity.count() == 3
