"""Putting a backup back: what stands there then, and what is kept."""

import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import make
from tests.accounts.doors import told
from tests.backup.folders import Lived, ask, before_files, epochs, gone_on, mode, texts, write
from tests.demo.processes import serving, yema
from yema.backup import Watch, back_up, restore
from yema.changes import SpaceKey, transaction, version_of
from yema.house import open_house
from yema.ids import uuid7
from yema.settings import Settings
from yema.vault import keyring
from yema.vault.keyring import wrapped_keys


@pytest.fixture
async def kept(tmp_path: Path) -> Lived:
    return await gone_on(tmp_path)


async def refresh(lived: Lived, token: str, rotation: str) -> dict[str, Any]:
    answer = await ask(lived, "POST", "/sign-in/refresh", {"refresh_token": token, "rotation_id": rotation})
    return {"status": answer.status_code, **answer.json()}


async def test_what_was_there_when_it_was_made_is_there_again(kept: Lived) -> None:
    assert await texts(kept) == ["Dear diary", "Later"]

    await restore(kept.settings, kept.file)

    assert await texts(kept) == ["Dear diary"]


async def test_what_was_there_before_is_kept_whole_and_said(kept: Lived) -> None:
    said: list[str] = []

    await restore(kept.settings, kept.file, Watch(say=said.append))

    [before] = before_files(kept.data)
    with closing(sqlite3.connect(before)) as raw:
        held = (
            raw.execute("PRAGMA integrity_check").fetchall(),
            raw.execute("SELECT count(*) FROM journal_entry").fetchone(),
        )
    assert held == ([("ok",)], (2,))
    assert said[0] == f"The database that was there is kept as {before}: delete it when all is well."


async def test_all_files_are_for_their_owner_only(kept: Lived) -> None:
    await restore(kept.settings, kept.file)

    files = [path for path in kept.data.rglob("*") if path.is_file() and path.name != "serving"]
    assert {mode(path) for path in files} == {"0o600"}


async def test_the_wal_of_what_was_there_is_not_laid_over_what_comes(kept: Lived) -> None:
    with serving(kept.data) as server, server.client(kept.token) as phone:
        phone.put(f"/journal/entries/{uuid7()}", json=make.entry(kept.exchange, "In the WAL"))
        server.process.kill()
        server.process.wait()
    assert (kept.data / "yema.sqlite-wal").stat().st_size > 0

    await restore(kept.settings, kept.file)

    left = sorted(path.name for path in kept.data.iterdir() if path.name.startswith("yema.sqlite"))
    [before] = before_files(kept.data)
    assert left == ["yema.sqlite", before.name]
    assert await texts(kept) == ["Dear diary"]
    shutil.copy(before, kept.data / "yema.sqlite")
    for log in ("-wal", "-shm"):
        (kept.data / f"yema.sqlite{log}").unlink(missing_ok=True)
    assert await texts(kept) == ["Dear diary", "In the WAL", "Later"]


async def test_a_database_that_is_damaged_is_kept_as_it_was(kept: Lived) -> None:
    damaged = b"not a database " * 300
    (kept.data / "yema.sqlite").write_bytes(damaged)

    await restore(kept.settings, kept.file)

    assert [path.read_bytes() for path in before_files(kept.data)] == [damaged]
    assert await texts(kept) == ["Dear diary"]


async def test_a_wal_that_has_lost_its_database_is_not_laid_over_what_comes(kept: Lived) -> None:
    with serving(kept.data) as server, server.client(kept.token) as phone:
        phone.put(f"/journal/entries/{uuid7()}", json=make.entry(kept.exchange, "In the WAL"))
        server.process.kill()
        server.process.wait()
    (kept.data / "yema.sqlite").unlink()

    await restore(kept.settings, kept.file)

    assert await texts(kept) == ["Dear diary"]


async def test_an_empty_folder_takes_a_backup_where_the_keys_are_put_first(kept: Lived, tmp_path: Path) -> None:
    new = kept._replace(settings=Settings(data=tmp_path / "new"))
    shutil.copytree(kept.settings.keys_folder, new.settings.keys_folder)

    await restore(new.settings, kept.file)

    assert (await texts(new), before_files(new.data)) == (["Dear diary"], [])


async def test_the_present_keyring_is_kept_and_takes_only_what_it_lacks(kept: Lived) -> None:
    async with open_house(kept.settings):
        newcomer = await make.participant(kept.exchange)
        key = await keyring().make_key(newcomer)
    lacking = wrapped_keys(kept.data / "keyring.sqlite")[kept.person]
    with closing(sqlite3.connect(kept.data / "keyring.sqlite")) as raw, raw:
        raw.execute("DELETE FROM data_key WHERE person = ?", [str(kept.person)])

    await restore(kept.settings, kept.file)

    assert wrapped_keys(kept.data / "keyring.sqlite")[kept.person] == lacking
    async with open_house(kept.settings):
        assert keyring().key_of(newcomer) == key


async def test_all_spaces_have_one_epoch_that_was_never_there(kept: Lived) -> None:
    seen = [epochs(kept.data)]
    for _ in range(2):
        await restore(kept.settings, kept.file)
        seen.append(epochs(kept.data))

    assert [len(one) for one in seen] == [1, 1, 1]
    assert len(set().union(*seen)) == 3
    assert max(set().union(*seen)) < 2**31


async def test_a_space_that_is_founded_later_has_that_epoch_too(kept: Lived) -> None:
    await restore(kept.settings, kept.file)

    async with open_house(kept.settings):
        exchange = await make.exchange()
        assert {(await version_of(SpaceKey("exchange", exchange)))[1]} == epochs(kept.data)


async def test_a_backup_without_any_space_gives_its_epoch_to_the_first_one(tmp_path: Path) -> None:
    settings, file = Settings(data=tmp_path / "data"), tmp_path / "b.zip"
    async with open_house(settings):
        pass
    await back_up(settings, file)

    await restore(settings, file)

    async with open_house(settings):
        exchange = await make.exchange()
        assert (await version_of(SpaceKey("exchange", exchange)))[1] > 1


async def test_a_refresh_token_that_is_newer_than_the_backup_works(kept: Lived) -> None:
    async with open_house(kept.settings):
        newer = await refresh(kept, kept.refresh_token, "rotation-1")
        newest = await refresh(kept, newer["refresh_token"], "rotation-2")

    await restore(kept.settings, kept.file)

    async with open_house(kept.settings):
        assert (await refresh(kept, newest["refresh_token"], "rotation-3"))["status"] == 200


async def test_sign_ins_that_were_ended_since_stay_ended(kept: Lived) -> None:
    async with open_house(kept.settings):
        assert told(await ask(kept, "POST", "/sign-out")) == (204, "")

    await restore(kept.settings, kept.file)

    async with open_house(kept.settings):
        assert told(await ask(kept, "GET", "/me")) == (401, "not_signed_in")
        assert (await refresh(kept, kept.refresh_token, "rotation-1"))["status"] == 401


async def test_they_stay_ended_also_where_only_the_ledger_is_left(kept: Lived) -> None:
    async with open_house(kept.settings):
        await refresh(kept, kept.refresh_token, "rotation-1")
        await refresh(kept, kept.refresh_token, "rotation-2")  # a replay: somebody stole it
    (kept.data / "yema.sqlite").unlink()

    await restore(kept.settings, kept.file)

    async with open_house(kept.settings):
        assert (await refresh(kept, kept.refresh_token, "rotation-3"))["status"] == 401


async def test_they_stay_ended_also_where_the_ledger_could_not_be_written(kept: Lived) -> None:
    async with open_house(kept.settings):
        (kept.data / "ended.txt").mkdir()
        assert told(await ask(kept, "POST", "/sign-out")) == (204, "")
        (kept.data / "ended.txt").rmdir()

    await restore(kept.settings, kept.file)

    async with open_house(kept.settings):
        assert told(await ask(kept, "GET", "/me")) == (401, "not_signed_in")


async def test_a_backup_of_an_older_yema_is_brought_up_to_date(kept: Lived, tmp_path: Path) -> None:
    # As if the last migration, which is an index, had not been there yet.
    older = kept._replace(file=tmp_path / "older.zip")
    with closing(sqlite3.connect(kept.data / "yema.sqlite")) as raw, raw:
        raw.execute("DROP INDEX change_gone_at")
        raw.execute("DELETE FROM migration WHERE app_name = 'changes' AND name LIKE '%07:35%'")
    await back_up(older.settings, older.file)

    await restore(older.settings, older.file)

    with closing(sqlite3.connect(kept.data / "yema.sqlite")) as raw:
        assert raw.execute("SELECT count(*) FROM sqlite_master WHERE name = 'change_gone_at'").fetchone() == (1,)


async def test_a_write_after_the_restore_is_like_any_other(kept: Lived) -> None:
    await restore(kept.settings, kept.file)

    async with open_house(kept.settings):
        await write(kept, "After the storm")
        async with transaction():
            pass

    assert await texts(kept) == ["After the storm", "Dear diary"]


async def test_the_command_says_what_happened_in_lines(kept: Lived) -> None:
    ended = yema("restore", kept.file, "--data", kept.data)

    assert (ended.status, ended.err) == (0, "")
    assert [re.sub(r"\d{8}T\d{6}Z|\d{4}-.* UTC", "TIME", line) for line in ended.out.splitlines()] == [
        "Checking …",
        "Bringing up to date …",
        f"The database that was there is kept as {kept.data}/yema.sqlite.before-TIME: delete it when all is well.",
        "The data of TIME is in place; phones fetch everything again.",
        (
            "Everything is as it was then, but for erasures and ended sign-ins: look through members and join codes. A page that"
            " was taken back or deleted since is so again when its author's phone has synced."
        ),
        "Phones get notifications again when their apps were opened; what had not been told yet is not told any more.",
    ]
