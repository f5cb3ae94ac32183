"""Who was erased stays erased, whatever backup is put back."""

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests import make
from tests.accounts.doors import told
from tests.backup.folders import Lived, ask, holding, lived_in, texts
from tests.demo.processes import serving
from yema.accounts.tables import Person
from yema.backup import Watch, back_up, restore
from yema.erasing import NO_NAME
from yema.house import open_house
from yema.journals.tables import Entry, Revision
from yema.vault import keyring
from yema.vault.keyring import named_in, wrapped_keys

TEXT = "A canary sang in the mine"
NAME = "Marzena Kanarek"


@pytest.fixture
async def erased(tmp_path: Path) -> Lived:
    """A backup with somebody in it who was then erased."""
    lived = await lived_in(tmp_path, TEXT, NAME)
    await back_up(lived.settings, lived.file)
    async with open_house(lived.settings):
        assert told(await ask(lived, "DELETE", "/me")) == (204, "")
    return lived


async def test_they_are_erased_again(erased: Lived) -> None:
    said: list[str] = []

    await restore(erased.settings, erased.file, Watch(say=said.append))

    async with open_house(erased.settings):
        [row] = await Person.select(Person.display_name, Person.email).where(Person.id == erased.person)
        assert (row["display_name"], row["email"], await Entry.count(), await Revision.count()) == (NO_NAME, None, 0, 0)
        assert told(await ask(erased, "GET", "/me")) == (401, "not_signed_in")
    assert said[-1] == "Erased since then, and erased again: 1."


async def test_no_file_of_the_folder_holds_their_name_or_text(erased: Lived) -> None:
    backup = await there_once(erased)

    await restore(erased.settings, erased.file)
    async with open_house(erased.settings):
        pass

    assert (backup, holding(erased.data, TEXT, NAME)) == (True, [])


async def there_once(erased: Lived) -> bool:
    """Whether the name is in the backup: else nothing could come back."""
    from yema.backup.file import unpack
    from yema.backup.watch import UNWATCHED

    folder = erased.file.parent / "looked"
    folder.mkdir()
    unpack(erased.file, folder, UNWATCHED)
    return holding(folder, NAME) == ["yema.sqlite"]


async def test_their_key_does_not_come_back_from_the_keyrings_copy(erased: Lived) -> None:
    copy = erased.keyring_copy
    wrapped, _ = wrapped_keys(copy)[erased.person]

    await restore(erased.settings, erased.file)

    async with open_house(erased.settings):
        assert keyring().key_of(erased.person) is None
    assert (wrapped in copy.read_bytes(), [path for path in erased.data.rglob("*") if holds(path, wrapped)]) == (
        True,
        [],
    )


def holds(path: Path, secret: bytes) -> bool:
    return path.is_file() and secret in path.read_bytes()


async def test_they_stay_erased_where_only_the_ledger_and_the_keys_were_saved(erased: Lived) -> None:
    for name in ("yema.sqlite", "keyring.sqlite"):
        (erased.data / name).unlink()

    await restore(erased.settings, erased.file)

    assert erased.person not in wrapped_keys(erased.data / "keyring.sqlite")
    assert holding(erased.data, TEXT, NAME) == []


async def test_who_had_been_erased_before_the_backup_is_in_its_ledger(erased: Lived) -> None:
    later = erased._replace(file=erased.file.with_name("later.zip"))
    await back_up(later.settings, later.file)
    (erased.data / "erasures.txt").unlink()  # and is so where the folder has lost its own

    await restore(later.settings, later.file)
    await restore(erased.settings, erased.file)

    assert named_in(erased.data / "erasures.txt") == {str(erased.person)}
    assert holding(erased.data, TEXT, NAME) == []


async def test_what_is_kept_from_before_has_their_text_sealed_at_most(tmp_path: Path) -> None:
    # An erasure that was broken off after its first step: the rows are still there.
    lived = await lived_in(tmp_path, TEXT, NAME)
    await back_up(lived.settings, lived.file)
    async with open_house(lived.settings):
        await keyring().destroy_key(lived.person)

    await restore(lived.settings, lived.file)

    [before] = lived.data.glob("yema.sqlite.before-*")
    with closing(sqlite3.connect(before)) as raw:
        assert raw.execute("SELECT count(*) FROM journal_revision").fetchone() == (1,)
    assert (holding(lived.data, TEXT), holding(lived.data, NAME)) == ([], [before.name])


async def test_no_free_page_is_left_in_which_something_of_them_might_stand(tmp_path: Path) -> None:
    long = await lived_in(tmp_path, TEXT * 1000)
    await back_up(long.settings, long.file)
    async with open_house(long.settings):
        await ask(long, "DELETE", "/me")
    free = free_pages(long.data)
    later = long._replace(file=long.file.with_name("later.zip"))

    await back_up(later.settings, later.file)
    await restore(long.settings, long.file)

    with zipfile.ZipFile(later.file) as packed:
        packed.extract("yema.sqlite", later.file.parent)
    assert (free > 0, free_pages(long.data), free_pages(later.file.parent)) == (True, 0, 0)


def free_pages(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "yema.sqlite")) as raw:
        found: int = raw.execute("PRAGMA freelist_count").fetchone()[0]
        return found


async def test_a_server_ends_at_its_start_what_was_broken_off(tmp_path: Path) -> None:
    lived = await lived_in(tmp_path, TEXT, NAME)
    async with open_house(lived.settings):
        await keyring().destroy_key(lived.person)
        before = await ask(lived, "GET", "/me")

    with serving(lived.data) as server:
        after = server.get("/me", lived.token)

    assert (told(before), told(after), holding(lived.data, NAME)) == ((200, ""), (401, "not_signed_in"), [])


async def test_others_are_not_erased_with_them(tmp_path: Path) -> None:
    lived = await lived_in(tmp_path, "Dear diary")
    async with open_house(lived.settings):
        other = await make.participant(lived.exchange, name=NAME)
        token = await make.token(other)
    await back_up(lived.settings, lived.file)
    async with open_house(lived.settings):
        await ask(lived, "DELETE", "/me", token=token)

    await restore(lived.settings, lived.file)

    assert (await texts(lived), holding(lived.data, NAME)) == (["Dear diary"], [])
