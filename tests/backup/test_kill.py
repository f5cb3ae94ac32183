"""`kill -9` in the middle: there is one database, whole, and the next command goes on from there."""

import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from tests import make
from tests.backup.folders import Lived, epochs, lived_in, texts
from tests.demo.processes import serving, surroundings, yema
from tests.measuring import unwatched
from yema.backup import back_up, verify
from yema.ids import uuid7
from yema.settings import Settings

DENSE = 9


@pytest.fixture
def prove(request: pytest.FixtureRequest) -> bool:
    """`--prove` kills at every point."""
    return bool(request.config.getoption("prove", False))


@pytest.fixture
async def killed(tmp_path: Path) -> Lived:
    """A folder whose server was killed, so that it has a WAL, and an older backup of it."""
    lived = await lived_in(tmp_path)
    await back_up(lived.settings, lived.file)
    with serving(lived.data) as server, server.client(lived.token) as phone:
        phone.put(f"/journal/entries/{uuid7()}", json=make.entry(lived.exchange, "Later"))
        server.process.kill()
        server.process.wait()
    return lived


def kill_at(number: int, folder: Path, *command: str | Path) -> "subprocess.CompletedProcess[str]":
    """Run a command, and kill it at that point."""
    arguments = [sys.executable, "-m", "tests.backup.killed", str(number), str(folder), *map(str, command)]
    # Nobody counts the lines of what is killed: it does not live to tell them, and would only take twice the time.
    alone = unwatched(surroundings({}))
    return subprocess.run(arguments, env=alone, capture_output=True, text=True, timeout=90, check=False)


def points(count: int, *, all_of_them: bool) -> list[int]:
    """Where to kill: everywhere, or here and there, and everywhere at the end, when one takes the place of the other."""
    return [n for n in range(1, count + 1) if all_of_them or n % 6 == 1 or n > count - DENSE]


def integrity(data: Path) -> list[str]:
    with closing(sqlite3.connect(data / "yema.sqlite")) as raw:
        return [row[0] for row in raw.execute("PRAGMA integrity_check")]


async def test_a_restore_that_is_killed_leaves_the_old_database_or_the_new_one(
    killed: Lived, tmp_path: Path, prove: bool
) -> None:
    old = epochs(killed.data)
    found = []
    for number in points(restored_in(killed, tmp_path / "at-0", 0)[1], all_of_them=prove):
        data = tmp_path / f"at-{number}"
        here = killed._replace(settings=Settings(data=data))

        ended, _ = restored_in(killed, data, number)

        is_new = epochs(data) != old
        assert (integrity(data), await texts(here)) == (["ok"], ["Dear diary"] if is_new else ["Dear diary", "Later"])
        found.append((ended, is_new))
        if number % 3 == 0:
            assert yema("restore", killed.file, "--data", data).status == 0
            assert (await texts(here), (data / "restoring").exists()) == (["Dear diary"], False)
            assert await first_kept(here) == ["Dear diary", "Later"]

    assert {ended for ended, _ in found} == {-signal.SIGKILL}
    assert found == sorted(found)
    assert {is_new for _, is_new in found} == {False, True}


def restored_in(killed: Lived, data: Path, number: int) -> tuple[int, int]:
    """Restore into a copy of the folder, and be killed at that point; how it ended, and how many points there were."""
    shutil.copytree(killed.data, data)
    done = kill_at(number, data, "restore", killed.file, "--data", data)
    return done.returncode, int(done.stderr or 0)


async def first_kept(lived: Lived) -> list[str]:
    """What that person would find in the database that was kept first."""
    first = min(lived.data.glob("yema.sqlite.before-*"))
    data = lived.data.parent / f"{lived.data.name}-before"
    shutil.copytree(lived.data, data)
    shutil.copy(first, data / "yema.sqlite")
    return await texts(lived._replace(settings=Settings(data=data)))


async def test_a_backup_that_is_killed_leaves_none_and_the_next_one_is_whole(
    killed: Lived, tmp_path: Path, prove: bool
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    count = int(kill_at(0, out, "backup", out / "0.zip", "--data", killed.data).stderr)
    for number in points(count, all_of_them=prove):
        file = out / "b.zip"
        ended = kill_at(number, out, "backup", file, "--data", killed.data)

        assert ended.returncode == -signal.SIGKILL
        if file.exists():
            assert (await verify(file)).counts["journal_entry"] == 2
            assert (out / "b.zip.keyring").exists()
        for path in (file, out / "b.zip.keyring"):
            path.unlink(missing_ok=True)

    assert yema("backup", out / "b.zip", "--data", killed.data).status == 0
    assert sorted(path.name for path in out.iterdir()) == ["0.zip", "0.zip.keyring", "b.zip", "b.zip.keyring"]
