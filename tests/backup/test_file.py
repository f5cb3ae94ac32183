"""What is no whole backup is refused, and everything stays as it was."""

import os
import random
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.backup.folders import Lived, lived_in, state, texts
from tests.demo.processes import yema
from yema.backup import BackupTrouble, back_up, restore, verify

FLIPS = 150


@pytest.fixture
async def kept(tmp_path: Path) -> Lived:
    """A folder and its backup."""
    lived = await lived_in(tmp_path)
    await back_up(lived.settings, lived.file)
    return lived


def truncated(file: Path) -> None:
    os.truncate(file, file.stat().st_size - 100)


def cut_to_half(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def emptied(file: Path) -> None:
    os.truncate(file, 0)


def of_another_kind(file: Path) -> None:
    file.write_bytes(b"%PDF-1.7 " * 1000)


def another_zip(file: Path) -> None:
    with zipfile.ZipFile(file, "w") as packed:
        packed.writestr("holiday.jpg", b"beach")


def without_its_ledger(file: Path) -> None:
    repacked(file, lambda name, held: None if name == "erasures.txt" else held)


def with_another_ledger(file: Path) -> None:
    repacked(file, lambda name, held: b"" if name == "erasures.txt" else held + b" " * (name != "manifest.json"))


def with_another_database(file: Path) -> None:
    repacked(file, lambda name, held: held[:-4096] + bytes(4096) if name == "yema.sqlite" else held)


def with_more_in_it(file: Path) -> None:
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("../../keys/server.key", bytes(32))


def of_a_later_format(file: Path) -> None:
    repacked(file, lambda name, held: held.replace(b'"format": 1', b'"format": 2') if name == "manifest.json" else held)


def repacked(file: Path, change: Callable[[str, bytes], bytes | None]) -> None:
    with zipfile.ZipFile(file) as packed:
        held = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, before in held.items():
            if (after := change(name, before)) is not None:
                packed.writestr(name, after)


def its_keyring(file: Path) -> None:
    """The keyring's copy is of another backup."""
    with closing(sqlite3.connect(f"{file}.keyring")) as raw, raw:
        raw.execute("DELETE FROM data_key")


DAMAGES = [
    truncated,
    cut_to_half,
    emptied,
    of_another_kind,
    another_zip,
    without_its_ledger,
    with_another_ledger,
    with_another_database,
    with_more_in_it,
    of_a_later_format,
    its_keyring,
]


@pytest.mark.parametrize("damage", DAMAGES)
async def test_a_damaged_or_foreign_file_changes_nothing(kept: Lived, damage: Callable[[Path], None]) -> None:
    damage(kept.file)
    before = state(kept.data)

    with pytest.raises(BackupTrouble):
        await verify(kept.file)
    with pytest.raises(BackupTrouble):
        await restore(kept.settings, kept.file)

    assert state(kept.data) == before
    assert await texts(kept) == ["Dear diary"]


async def test_no_flipped_bit_goes_unseen_but_where_nothing_is_said(kept: Lived) -> None:
    # The zip's own dates and the like say nothing; what is taken for whole has to be what it was.
    whole, moments = kept.file.read_bytes(), random.Random(7)
    with zipfile.ZipFile(kept.file) as packed:
        said = {name: packed.read(name) for name in packed.namelist()}
    refused = 0
    for place in moments.sample(range(len(whole)), FLIPS):
        kept.file.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << moments.randrange(8)]) + whole[place + 1 :])
        try:
            await verify(kept.file)
        except BackupTrouble:
            refused += 1
        else:
            with zipfile.ZipFile(kept.file) as packed:
                assert {name: packed.read(name) for name in packed.namelist()} == said
    assert refused > FLIPS * 0.8


@pytest.mark.parametrize("what", ["nothing", "folder"])
def test_a_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, what: str) -> None:
    (tmp_path / "folder").mkdir()

    ended = [
        yema(*command) for command in (("verify", tmp_path / what), ("restore", tmp_path / what, "--data", tmp_path))
    ]

    assert [(one.status, one.err.count("\n"), "Traceback" in one.err) for one in ended] == [(1, 1, False)] * 2


async def test_verify_says_what_is_in_it(kept: Lived) -> None:
    said = yema("verify", kept.file)

    assert (said.status, said.out.splitlines()[0]) == (0, "Checking …")
    assert f"{kept.file} is whole: 1 people, 1 exchanges, 1 pages of diaries" in said.out


async def test_verify_says_that_the_keyrings_copy_is_not_there(kept: Lived) -> None:
    kept.keyring_copy.unlink()

    said = yema("verify", kept.file)

    assert (said.status, f"{kept.file}.keyring is not beside it" in said.out) == (0, True)


def test_a_zip_that_grows_without_end_is_stopped(tmp_path: Path) -> None:
    # A manifest that promises little, and a part that unpacks to a gigabyte.
    file = tmp_path / "bomb.zip"
    part = '{"bytes":10,"sha256":""}'
    manifest = (
        '{"format":1,"made_at":"2027-01-01T00:00:00Z","yema":"0","migrations":[],"counts":{},"server_key":"",'
        f'"keyring":{part},"parts":{{"yema.sqlite":{part},"erasures.txt":{part},"ended.txt":{part}}}}}'
    )
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("manifest.json", manifest)
        with packed.open("yema.sqlite", "w", force_zip64=True) as endless:
            for _ in range(64):
                endless.write(bytes(1024 * 1024))
        packed.writestr("erasures.txt", b"")
        packed.writestr("ended.txt", b"")

    ended = yema("verify", file)

    assert (ended.status, "is not a whole YEMA backup" in ended.err) == (1, True)
