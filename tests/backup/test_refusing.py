"""When a backup is not put back: why is said, and nothing was touched."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.backup.folders import Lived, before_files, gone_on, lived_in, state, texts
from tests.demo.processes import serving, yema
from yema.backup import BackupTrouble, back_up, restore


@pytest.fixture
async def kept(tmp_path: Path) -> Lived:
    return await gone_on(tmp_path)


@pytest.mark.parametrize("name", ["server.key", "journals.key"])
async def test_a_missing_key_is_asked_for_and_not_made(kept: Lived, name: str) -> None:
    (kept.settings.keys_folder / name).unlink()
    before = state(kept.data)

    with pytest.raises(BackupTrouble, match=name):
        await restore(kept.settings, kept.file)

    assert state(kept.data) == before


@pytest.mark.parametrize("name", ["server.key", "journals.key"])
async def test_another_key_is_seen_before_anything_is_touched(kept: Lived, tmp_path: Path, name: str) -> None:
    other = await lived_in(tmp_path / "other")
    shutil.copy(other.settings.keys_folder / name, kept.settings.keys_folder / name)
    before = state(kept.data)

    with pytest.raises(BackupTrouble, match=name):
        await restore(kept.settings, kept.file)

    assert state(kept.data) == before


async def test_the_keyrings_copy_of_another_house_is_refused(kept: Lived, tmp_path: Path) -> None:
    other = await lived_in(tmp_path / "other")
    await back_up(other.settings, other.file)
    for end in ("", ".keyring"):
        shutil.move(f"{other.file}{end}", f"{kept.file}{end}")

    with pytest.raises(BackupTrouble, match=r"server\.key"):
        await restore(kept.settings, kept.file)
    with pytest.raises(BackupTrouble, match=r"journals\.key does not open the keys in .*backup\.zip\.keyring"):
        await restore(kept.settings, kept.file, even_so=True)


async def test_without_any_keyring_it_says_that_diaries_would_stay_closed(kept: Lived) -> None:
    (kept.data / "keyring.sqlite").unlink()
    kept.keyring_copy.unlink()
    before = state(kept.data)

    with pytest.raises(BackupTrouble, match=r"1 of the diaries in .* have no key here"):
        await restore(kept.settings, kept.file)

    assert state(kept.data) == before
    await restore(kept.settings, kept.file, even_so=True)
    assert await texts(kept) == []


async def test_no_server_may_have_the_folder(kept: Lived) -> None:
    with serving(kept.data) as server:
        ended = yema("restore", kept.file, "--data", kept.data)
        still = server.get("/journal/entries", kept.token).json()["items"]

    assert (ended.status, ended.err) == (1, f"A server is using {kept.data}: stop it first.\n")
    assert len(still) == 2


async def test_no_other_command_may_have_the_database(kept: Lived) -> None:
    with closing(sqlite3.connect(kept.data / "yema.sqlite")) as raw:
        raw.execute("SELECT count(*) FROM person").fetchone()

        with pytest.raises(BackupTrouble, match="Another command is using"):
            await restore(kept.settings, kept.file)

    assert (await texts(kept), before_files(kept.data)) == (["Dear diary", "Later"], [])


async def test_a_backup_of_a_newer_yema_is_refused(kept: Lived, tmp_path: Path) -> None:
    newer = tmp_path / "newer.zip"
    with closing(sqlite3.connect(kept.data / "yema.sqlite")) as raw, raw:
        raw.execute("INSERT INTO migration (name, app_name) VALUES ('2099-01-01T00:00:00:000000', 'journals')")
    await back_up(kept.settings, newer)

    with pytest.raises(BackupTrouble, match="made by a newer YEMA"):
        await restore(kept.settings, newer)
