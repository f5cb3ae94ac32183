"""Pictures, papers and sounds are in a backup, and come back with it."""

import zipfile
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.backup.folders import Lived, lived_in
from tests.media import files
from yema.backup import BackupTrouble, Watch, back_up, restore, verify
from yema.house import open_house
from yema.media.actions import forget, keep
from yema.media.queries import content_of
from yema.media.schemas import Kept


@pytest.fixture
async def kept(tmp_path: Path) -> tuple[Lived, Kept, bytes]:
    """A folder with a paper and a picture, and its backup; the paper's bytes."""
    lived = await lived_in(tmp_path)
    async with open_house(lived.settings):
        paper = await keep(files.paper())
        await keep(files.jpeg((900, 600)))
        content = await content_of(paper.sha256)
    await back_up(lived.settings, lived.file)
    return lived, paper, content


def path_of(lived: Lived, medium: Kept) -> Path:
    return lived.data / "media" / medium.sha256[:2] / medium.sha256


async def test_they_are_in_it_once_each(kept: tuple[Lived, Kept, bytes]) -> None:
    lived, paper, content = kept

    manifest = await verify(lived.file)

    with zipfile.ZipFile(lived.file) as packed:
        assert packed.read(f"media/{paper.sha256}") == content
        names = {name for name in packed.namelist() if name.startswith("media/")}
    assert (len(manifest.media), names) == (3, {f"media/{sha256}" for sha256 in manifest.media})


async def test_what_was_forgotten_or_lost_since_is_there_again(kept: tuple[Lived, Kept, bytes]) -> None:
    lived, paper, content = kept
    async with open_house(lived.settings):
        await forget([paper.id])

    await restore(lived.settings, lived.file)

    async with open_house(lived.settings):
        assert await content_of(paper.sha256) == content


async def test_what_is_damaged_in_the_folder_is_mended(kept: tuple[Lived, Kept, bytes]) -> None:
    lived, paper, content = kept
    path_of(lived, paper).write_bytes(b"mould")

    await restore(lived.settings, lived.file)

    assert path_of(lived, paper).read_bytes() == content


async def test_a_backup_says_what_it_lacks(kept: tuple[Lived, Kept, bytes]) -> None:
    lived, paper, _ = kept
    path_of(lived, paper).write_bytes(b"mould")
    later, said = lived.file.with_name("later.zip"), list[str]()

    await back_up(lived.settings, later, Watch(say=said.append))

    assert (len((await verify(later)).media), said[0].split(" are ")[0]) == (2, "1 pictures, papers or sounds")


@pytest.mark.parametrize("damage", ["changed", "missing", "more"])
async def test_a_backup_whose_media_are_not_whole_is_refused(kept: tuple[Lived, Kept, bytes], damage: str) -> None:
    lived, paper, content = kept
    name = f"media/{paper.sha256}"
    with zipfile.ZipFile(lived.file) as packed:
        held = {info: packed.read(info) for info in packed.infolist()}
    with zipfile.ZipFile(lived.file, "w") as packed:
        for info, before in held.items():
            if info.filename == name and damage == "missing":
                continue
            packed.writestr(info, before[:-1] + b"?" if info.filename == name and damage == "changed" else before)
        if damage == "more":
            packed.writestr("media/../../keys/server.key", bytes(32))

    for refusing in (verify(lived.file), restore(lived.settings, lived.file)):
        with pytest.raises(BackupTrouble, match="not a whole YEMA backup"):
            await refusing
    assert path_of(lived, paper).read_bytes() == content


async def test_those_in_a_bucket_are_said_to_be_elsewhere(kept: tuple[Lived, Kept, bytes]) -> None:
    lived, _, _ = kept
    there = replace(lived.settings, media_url="s3://pictures")
    later, said = lived.file.with_name("later.zip"), list[str]()

    await back_up(there, later, Watch(say=said.append))
    await restore(there, lived.file, Watch(say=said.append))

    assert ((await verify(later)).media, said[0].split(", and ")[0], said[2].split(" in ")[0]) == (
        {},
        "Pictures, papers and sounds (3 files) are in s3://pictures",
        "The 3 files of media",
    )


async def test_nothing_but_the_backup_stays_where_it_was_written(kept: tuple[Lived, Kept, bytes]) -> None:
    lived, _, _ = kept

    assert sorted(path.name for path in lived.file.parent.iterdir()) == ["backup.zip", "backup.zip.keyring", "data"]
