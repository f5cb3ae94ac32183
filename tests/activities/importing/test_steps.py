"""A pack is carried in small steps: one after the other, by the latest import alone, and to its end whatever stops it."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.activities import packs
from tests.demo.processes import ROOT
from tests.measuring import unwatched
from yema.activities.actions.store import go_on_storing, store_pack
from yema.activities.pack.source import PackSource
from yema.activities.packfile import read_pack
from yema.activities.packfile.faults import ActivityElsewhere, ImportOvertaken
from yema.activities.queries.source import read_source
from yema.activities.tables import Activity, PackImport
from yema.changes import transaction
from yema.house import open_house
from yema.ids import uuid7
from yema.settings import Settings


async def store(source: PackSource) -> None:
    await store_pack(source, organisation=None, public=False)


def source_of(tmp_path: Path, *activities: dict[str, Any], pack: UUID | None = None, **head: Any) -> PackSource:
    return read_pack(packs.folder(tmp_path, *activities, **({"id": str(pack)} if pack else {}), **head))


async def stored_twice(tmp_path: Path, first: list[dict[str, Any]], second: list[dict[str, Any]]) -> list[str]:
    """The slugs that the workshop holds, in their order, after both."""
    pack = uuid7()
    await store(source_of(tmp_path, *first, pack=pack))
    wanted = source_of(tmp_path, *second, pack=pack)
    await store(wanted)
    assert await read_source(pack) == wanted
    return (await read_source(pack)).head.activities


async def test_two_activities_may_swap_their_slugs(house: Settings, tmp_path: Path) -> None:
    a, b = packs.activity("a"), packs.activity("b")

    found = await stored_twice(tmp_path, [a, b], [{**a, "slug": "b"}, {**b, "slug": "a"}])

    assert found == ["b", "a"]


async def test_a_slug_may_pass_on_from_one_that_goes(house: Settings, tmp_path: Path) -> None:
    a, b, c = packs.activity("a"), packs.activity("b"), packs.activity("c")

    found = await stored_twice(tmp_path, [a, b, c], [{**c, "slug": "b"}, {**b, "slug": "a"}, packs.activity("c")])

    assert found == ["b", "a", "c"]


async def test_what_went_may_come_again(house: Settings, tmp_path: Path) -> None:
    a, b = packs.activity("a"), packs.activity("b")
    pack = uuid7()
    for some in ([a, b], [a], [b, a]):
        await store(source_of(tmp_path, *some, pack=pack))

    assert (await read_source(pack)).head.activities == ["b", "a"]


async def test_the_order_is_that_of_the_file_whatever_was_between(house: Settings, tmp_path: Path) -> None:
    a, b, c, d = (packs.activity(slug) for slug in "abcd")
    pack = uuid7()
    for some in ([a, b, c], [b, c], [b, d, c], [d, a, c, b]):
        await store(source_of(tmp_path, *some, pack=pack))
        assert (await read_source(pack)).head.activities == [one["slug"] for one in some]


async def test_only_what_differs_gets_a_new_version(house: Settings, tmp_path: Path) -> None:
    a, b, c = packs.activity("a"), packs.activity("b"), packs.activity("c")
    pack = uuid7()
    await store(source_of(tmp_path, a, b, pack=pack))
    before = {row["slug"]: row["version"] for row in await Activity.select(Activity.slug, Activity.version)}

    await store(source_of(tmp_path, c, {**a, "energy": "calm"}, b, pack=pack))

    after = {row["slug"]: row["version"] for row in await Activity.select(Activity.slug, Activity.version)}
    assert (after["a"], after["b"]) == (before["a"] + 1, before["b"])


async def test_a_language_that_is_not_in_the_file_goes(house: Settings, tmp_path: Path) -> None:
    place = packs.folder(tmp_path, packs.activity("a"))
    for locale in ("de", "pl"):
        packs.po(place, locale, a__title=("a", "A"), pack__title=("Small", "S"))
    await store(read_pack(place))
    (place / "po" / "de.po").unlink()
    packs.po(place, "pl", a__summary=("Short.", "K"))

    await store(read_pack(place))

    assert await read_source(read_pack(place).head.id) == read_pack(place)


async def test_an_activity_of_another_pack_is_not_taken_away(house: Settings, tmp_path: Path) -> None:
    activity = packs.activity("a")
    theirs = source_of(tmp_path, activity)
    await store(theirs)

    with pytest.raises(ActivityElsewhere):
        await store(source_of(tmp_path, packs.activity("b"), {**activity, "slug": "mine"}))

    assert await read_source(theirs.head.id) == theirs
    assert await PackImport.count() == 0


async def test_of_two_imports_at_once_the_later_one_counts(house: Settings, tmp_path: Path) -> None:
    pack = uuid7()
    ids = [str(uuid7()) for _ in range(12)]
    sources = [
        source_of(
            tmp_path, *(packs.activity(f"a-{n}", f"{turn} {n}", id=which) for n, which in enumerate(ids)), pack=pack
        )
        for turn in range(4)
    ]

    told = await asyncio.gather(*(store(source) for source in sources), return_exceptions=True)

    assert {type(one) for one in told if one} == {ImportOvertaken}
    assert told.count(None) == 1
    assert await read_source(pack) == sources[told.index(None)]
    assert await PackImport.count() == 0


async def test_what_was_interrupted_goes_on(house: Settings, tmp_path: Path) -> None:
    pack = uuid7()
    a, b = packs.activity("a"), packs.activity("b")
    await store(source_of(tmp_path, a, b, pack=pack))
    wanted = source_of(
        tmp_path, {**b, "slug": "a"}, {**a, "slug": "b"}, *(packs.activity(f"c-{n}") for n in range(5)), pack=pack
    )

    class Stop(BaseException):
        pass

    def stop(done: int, _: int) -> None:
        if done == 3:
            raise Stop

    with pytest.raises(Stop):
        await store_pack(wanted, organisation=None, public=False, progress=stop)
    between = await read_source(pack)

    assert await go_on_storing() == 1
    assert between != wanted
    assert await read_source(pack) == wanted
    assert await go_on_storing() == 0


async def test_an_import_that_can_never_end_is_given_up(house: Settings, tmp_path: Path) -> None:
    from yema.activities.pack.source import frozen

    activity = packs.activity("a")
    await store(source_of(tmp_path, activity))
    mine = source_of(tmp_path, {**activity, "slug": "b"})
    async with transaction() as tx:
        await PackImport.insert(
            PackImport(
                id=uuid7(), pack=mine.head.id, organisation=None, public=False, content=frozen(mine), made_at=tx.at
            )
        )

    assert await go_on_storing() == 1
    assert await PackImport.count() == 0


@pytest.mark.parametrize("after", [1, 2, 3, 4, 6, 9])
async def test_a_killed_import_goes_on_at_the_next_start(tmp_path: Path, after: int) -> None:
    settings = Settings(data=tmp_path / "data")
    pack = uuid7()
    a, b, gone = packs.activity("a"), packs.activity("b"), packs.activity("gone")
    async with open_house(settings):
        await store(source_of(tmp_path, a, b, gone, pack=pack))
    place = packs.folder(
        tmp_path, {**b, "slug": "a"}, {**a, "slug": "b"}, packs.activity("c"), packs.activity("d"), id=str(pack)
    )

    command = [sys.executable, "-m", "tests.activities.killed", str(after), str(place), str(settings.data)]
    done = await asyncio.to_thread(
        subprocess.run, command, cwd=ROOT, env=unwatched(), capture_output=True, timeout=60, check=False
    )

    assert done.returncode == -9, done.stderr.decode()
    async with open_house(settings):
        assert await go_on_storing() == 1
        assert await read_source(pack) == read_pack(place)


async def test_nothing_is_known_of_a_pack_before_it_is_staged(house: Settings, tmp_path: Path) -> None:
    organisation = await make.organisation()
    source = source_of(tmp_path, packs.activity("a"))

    await store_pack(source, organisation=organisation, public=False)

    assert (await PackImport.count(), await Activity.count()) == (0, 1)


def test_a_pack_of_two_hundred_activities_is_brought_in_within_its_bounds() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.activities.importing_numbers"],
        cwd=ROOT,
        env=unwatched(),
        capture_output=True,
        timeout=120,
        check=True,
    )
    numbers = json.loads(done.stdout)

    print(numbers)  # noqa: T201 - with `-s` these are the numbers of the notes
    assert (numbers["cpu_seconds"] < 5, numbers["memory_mb"] < 200, numbers["longest_transaction_ms"] < 50) == (
        True,
    ) * 3
