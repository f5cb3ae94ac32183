"""The keyring: one key for each person, on the disk, wrapped, and gone for good once it was destroyed."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from yema.ids import uuid7
from yema.settings import Settings
from yema.vault import Keyring, open_keyring, open_keys
from yema.vault.keys import KEYRING as FILE


@pytest.fixture
def folder(tmp_path: Path) -> Settings:
    settings = Settings(data=tmp_path / "data")
    open_keys(settings)
    return settings


@pytest.fixture
async def ring(folder: Settings) -> AsyncIterator[Keyring]:
    ring = await open_keyring(folder)
    yield ring
    await ring.close()


def bytes_on_disk(settings: Settings) -> bytes:
    """The keyring and whatever SQLite keeps beside it."""
    return b"".join(path.read_bytes() for path in sorted(settings.data.glob(f"{FILE}*")))


def wrapped(settings: Settings) -> list[bytes]:
    """The wrapped keys in the file."""
    raw = sqlite3.connect(settings.data / FILE)
    rows = raw.execute("SELECT wrapped FROM data_key").fetchall()
    raw.close()
    return [row[0] for row in rows]


async def test_a_person_has_no_key_before_they_write(ring: Keyring) -> None:
    assert ring.key_of(uuid7()) is None


async def test_a_key_is_made_once_for_thirty_two_at_once(ring: Keyring) -> None:
    person = uuid7()

    keys = await asyncio.gather(*(ring.make_key(person) for _ in range(32)))

    assert set(keys) == {ring.key_of(person)}
    assert len(keys[0]) == 32


async def test_two_servers_over_one_folder_make_one_key(folder: Settings) -> None:
    first, second, person = await open_keyring(folder), await open_keyring(folder), uuid7()

    keys = await asyncio.gather(*(ring.make_key(person) for ring in (first, second) * 8))
    await first.close()
    await second.close()

    assert len(set(keys)) == 1


async def test_everybody_has_a_key_of_their_own(ring: Keyring) -> None:
    keys = [await ring.make_key(uuid7()) for _ in range(5)]

    assert len(set(keys)) == 5


async def test_a_destroyed_key_is_gone_and_never_made_again(ring: Keyring) -> None:
    person = uuid7()
    await ring.make_key(person)

    await ring.destroy_key(person)

    assert (ring.key_of(person), ring.is_erased(person)) == (None, True)
    with pytest.raises(LookupError):
        await ring.make_key(person)


async def test_who_never_wrote_can_be_erased_too(ring: Keyring) -> None:
    person = uuid7()

    await ring.destroy_key(person)
    await ring.destroy_key(person)

    with pytest.raises(LookupError):
        await ring.make_key(person)


async def test_writing_while_being_erased_ends_without_a_key(ring: Keyring) -> None:
    people = [uuid7() for _ in range(16)]

    both = ([ring.make_key(person), ring.destroy_key(person)] for person in people)
    await asyncio.gather(*(one for pair in both for one in pair), return_exceptions=True)

    assert [ring.key_of(person) for person in people] == [None] * 16


async def test_others_keep_their_keys(ring: Keyring) -> None:
    ana, ola = uuid7(), uuid7()
    key = await ring.make_key(ana)
    await ring.make_key(ola)

    await ring.destroy_key(ola)

    assert ring.key_of(ana) == key


async def test_keys_and_erasures_survive_a_restart(folder: Settings) -> None:
    ana, ola = uuid7(), uuid7()
    ring = await open_keyring(folder)
    key = await ring.make_key(ana)
    await ring.make_key(ola)
    await ring.destroy_key(ola)
    await ring.close()

    again = await open_keyring(folder)
    found = (again.key_of(ana), again.key_of(ola), again.is_erased(ola))
    await again.close()

    assert found == (key, None, True)


async def test_no_file_holds_a_plain_key(folder: Settings, ring: Keyring) -> None:
    person = uuid7()
    key = await ring.make_key(person)

    found = bytes_on_disk(folder)

    assert str(person).encode() in found
    assert (found.count(key), found.count(key.hex().encode())) == (0, 0)


async def test_a_destroyed_key_is_in_no_file_any_more_not_even_wrapped(folder: Settings, ring: Keyring) -> None:
    # Whoever has the server's keys, as a host does, could unwrap what was left behind.
    person = uuid7()
    await ring.make_key(person)
    [bytes_of_key] = wrapped(folder)
    before = bytes_on_disk(folder).count(bytes_of_key)

    await ring.destroy_key(person)

    assert (before > 0, bytes_on_disk(folder).count(bytes_of_key)) == (True, 0)


async def test_a_key_that_was_given_to_somebody_else_does_not_unwrap(folder: Settings, ring: Keyring) -> None:
    from cryptography.exceptions import InvalidTag

    ana, ola = uuid7(), uuid7()
    await ring.make_key(ana)
    await ring.make_key(ola)
    raw = sqlite3.connect(folder.data / FILE)
    with raw:
        raw.execute("UPDATE data_key SET wrapped = ?", wrapped(folder)[:1])
    raw.close()

    with pytest.raises(InvalidTag):
        ring.key_of(ola)


async def test_the_keyring_is_for_its_owner_only(folder: Settings, ring: Keyring) -> None:
    await ring.make_key(uuid7())

    modes = {oct(path.stat().st_mode & 0o777) for path in folder.data.glob(f"{FILE}*")}

    assert modes == {"0o600"}
