"""Making a backup: whole, complete, private, and nothing else changed by it."""

import asyncio
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import time
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.backup.folders import Lived, lived_in, mode, state, texts, write
from tests.demo.processes import ROOT, serving, yema
from tests.faults.people import crowd
from tests.faults.writing import Writers, Written, read
from yema.backup import BackupTrouble, back_up, restore, verify
from yema.house import open_house
from yema.settings import Settings


@pytest.fixture
async def lived(tmp_path: Path) -> Lived:
    return await lived_in(tmp_path)


async def test_a_backup_is_whole(lived: Lived) -> None:
    await back_up(lived.settings, lived.file)

    manifest = await verify(lived.file)

    assert (manifest.counts["person"], manifest.counts["journal_entry"]) == (1, 1)


async def test_the_house_may_be_open_in_the_same_process(lived: Lived) -> None:
    async with open_house(lived.settings):
        await write(lived, "Before")
        making = asyncio.create_task(back_up(lived.settings, lived.file))
        await asyncio.gather(making, *(write(lived, f"During {number}") for number in range(10)))
        await write(lived, "After")

    found = await texts(lived)
    assert (await verify(lived.file)).counts["journal_entry"] in range(2, 13)
    assert len(found) == 13


def test_a_backup_reads_what_a_killed_server_left_in_its_wal(tmp_path: Path) -> None:
    people = crowd(tmp_path / "data", 4)
    with serving(tmp_path / "data") as server, Writers(server, people.exchange, people.tokens) as writers:
        time.sleep(0.3)
        server.process.kill()
    wal = (tmp_path / "data" / "yema.sqlite-wal").read_bytes()

    asyncio.run(back_up(Settings(data=tmp_path / "data"), tmp_path / "b.zip"))

    assert asyncio.run(verify(tmp_path / "b.zip")).counts["journal_entry"] >= len(writers.acknowledged) > 0
    assert (tmp_path / "data" / "yema.sqlite-wal").read_bytes() == wal


def test_a_backup_beside_a_server_under_writes_holds_all_that_was_acknowledged_before(tmp_path: Path) -> None:
    data = tmp_path / "data"
    people = crowd(data, 20)
    with serving(data) as server, Writers(server, people.exchange, people.tokens) as writers:
        backups: list[tuple[Path, list[Written]]] = []
        for number in range(2):
            before = list(writers.acknowledged)
            ended = yema("backup", tmp_path / f"{number}.zip", "--data", data)
            assert ended.status == 0, ended.err
            backups.append((tmp_path / f"{number}.zip", before))
        server.process.kill()
    assert (writers.refused, len(backups[1][1]) > len(backups[0][1])) == ([], True)

    for number, (file, before) in enumerate(backups):
        again = tmp_path / f"again-{number}"
        shutil.copytree(data / "keys", again / "keys")
        assert [yema("verify", file).status, yema("restore", file, "--data", again).status] == [0, 0]
        with serving(again) as server:
            latest = before[-300:]  # the first ones are there if these are
            assert sorted(read(server, latest)) == sorted(latest)


async def test_only_its_owner_reads_it(lived: Lived) -> None:
    before = os.umask(0)
    try:
        await back_up(lived.settings, lived.file)
    finally:
        os.umask(before)

    assert [mode(path) for path in (lived.file, lived.keyring_copy)] == ["0o600", "0o600"]


async def test_nothing_else_is_left_beside_it(lived: Lived) -> None:
    await back_up(lived.settings, lived.file)

    assert sorted(path.name for path in lived.file.parent.iterdir()) == ["backup.zip", "backup.zip.keyring", "data"]


async def test_neither_file_holds_a_key_or_a_word_of_a_diary(lived: Lived) -> None:
    await back_up(lived.settings, lived.file)
    secrets = [path.read_bytes() for path in lived.settings.keys_folder.iterdir()] + [b"Dear diary"]

    with zipfile.ZipFile(lived.file) as packed:
        held = b"".join(packed.read(name) for name in packed.namelist()) + lived.keyring_copy.read_bytes()

    assert (len(secrets), [secret in held for secret in secrets], b"Nina" in held) == (3, [False] * 3, True)


@pytest.mark.parametrize("taken", ["backup.zip", "backup.zip.keyring"])
async def test_a_file_that_is_there_is_not_overwritten(lived: Lived, taken: str) -> None:
    (lived.file.parent / taken).write_text("precious")
    before = state(lived.file.parent)

    with pytest.raises(BackupTrouble, match="is there already"):
        await back_up(lived.settings, lived.file)

    assert state(lived.file.parent) == before


async def test_what_a_killed_backup_left_is_cleared(lived: Lived) -> None:
    left = lived.file.with_name(".backup.zip.part")
    left.mkdir()
    (left / "yema.sqlite").write_text("half")

    await back_up(lived.settings, lived.file)

    assert not left.exists()


async def test_two_backups_at_once_into_one_file_are_one(lived: Lived) -> None:
    both = await asyncio.gather(*(back_up(lived.settings, lived.file) for _ in range(2)), return_exceptions=True)

    assert sorted(type(one).__name__ for one in both) == ["BackupTrouble", "NoneType"]
    assert (await verify(lived.file)).counts["person"] == 1


def test_a_full_disk_leaves_no_half_file(tmp_path: Path) -> None:
    data, folder = tmp_path / "data", tmp_path / "out"
    folder.mkdir()
    crowd(data, 5)
    size = (data / "yema.sqlite").stat().st_size
    # Where coverage watches, it could not write its own file either, and would say so.
    uncovered = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE")}
    ended = []
    for room in (1, 20_000, size - 4096, 2 * size):

        def small(room: int = room) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (room, resource.RLIM_INFINITY))

        done = subprocess.run(
            [sys.executable, "-m", "yema", "backup", str(folder / "b.zip"), "--data", str(data)],
            env={**uncovered, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            preexec_fn=small,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        names = sorted(path.name for path in folder.iterdir())
        ended.append((done.returncode, names, "Traceback" in done.stderr, done.stderr.count("\n")))

    assert ended[:3] == [(1, [], False, 1)] * 3
    assert ended[3] == (0, ["b.zip", "b.zip.keyring"], False, 0)


async def test_a_folder_without_data_is_said_to_be_one(tmp_path: Path) -> None:
    with pytest.raises(BackupTrouble, match="There is no YEMA data"):
        await back_up(Settings(data=tmp_path / "nothing"), tmp_path / "b.zip")


@pytest.mark.parametrize("name", ["server.key", "journals.key"])
async def test_a_missing_key_is_said_before_anything_is_made(lived: Lived, name: str) -> None:
    (lived.settings.keys_folder / name).unlink()

    with pytest.raises(BackupTrouble, match=name):
        await back_up(lived.settings, lived.file)

    assert not lived.file.exists()


@pytest.mark.parametrize("command", ["backup", "restore"])
def test_with_postgres_a_sentence_says_that_this_is_for_sqlite_yet(tmp_path: Path, command: str) -> None:
    ended = yema(command, tmp_path / "b.zip", "--data", tmp_path, YEMA_DATABASE_URL="postgresql://u@127.0.0.1:1/none")

    assert (ended.status, ended.out, ended.err.count("\n")) == (1, "", 1)
    assert "for the SQLite data folder yet" in ended.err


def test_the_command_says_what_to_keep_and_for_how_long(tmp_path: Path) -> None:
    crowd(tmp_path / "data", 1)

    ended = yema("backup", tmp_path / "b.zip", "--data", tmp_path / "data")

    said = ended.out.splitlines()
    assert (ended.status, said[:2]) == (0, ["Copying …", "Packing …"])
    assert [word in ended.out for word in ("b.zip.keyring", "within 30 days", str(tmp_path / "data" / "keys"))] == [
        True
    ] * 3


async def test_the_backup_is_in_the_mode_that_leaves_no_wal_beside_it(lived: Lived, tmp_path: Path) -> None:
    await back_up(lived.settings, lived.file)
    with zipfile.ZipFile(lived.file) as packed:
        packed.extract("yema.sqlite", tmp_path)

    with closing(sqlite3.connect(tmp_path / "yema.sqlite")) as raw:
        assert raw.execute("PRAGMA journal_mode").fetchone() == ("delete",)
    await restore(lived.settings, lived.file)
    assert await texts(lived) == ["Dear diary"]
