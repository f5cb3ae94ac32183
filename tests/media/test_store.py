"""The store: in a folder and in a bucket alike."""

import os
import stat
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from tests.media.buckets import in_bucket
from yema.ids import now
from yema.media.bucket import open_bucket
from yema.media.errors import BytesMissing, StoreUnreachable
from yema.media.folder import UNFINISHED, Folder
from yema.media.store import CHUNK, Store, read

CONTENT = os.urandom(CHUNK + 1000)
NAME = sha256(CONTENT).hexdigest()
TOMORROW = timedelta(days=1)


async def part(store: Store, start: int, end: int) -> bytes:
    return b"".join([chunk async for chunk in store.stream(NAME, start, end)])


async def old(store: Store) -> list[str]:
    return [name async for name in store.all_older_than(now() + TOMORROW)]


async def test_what_was_put_is_there(store: Store) -> None:
    before = await store.size(NAME)
    await store.put(NAME, CONTENT)
    await store.put(NAME, CONTENT)

    assert (before, await store.size(NAME), await read(store, NAME) == CONTENT) == (None, len(CONTENT), True)


async def test_a_part_is_exactly_that(store: Store) -> None:
    await store.put(NAME, CONTENT)

    parts = [await part(store, *asked) for asked in ((0, 1), (5, CHUNK + 500), (CHUNK, len(CONTENT)), (7, 7))]

    assert parts == [CONTENT[:1], CONTENT[5 : CHUNK + 500], CONTENT[CHUNK:], b""]


async def test_what_was_deleted_is_gone_and_twice_is_no_fault(store: Store) -> None:
    await store.put(NAME, CONTENT)

    await store.delete(NAME)
    await store.delete(NAME)

    assert await store.size(NAME) is None
    with pytest.raises(BytesMissing):
        await read(store, NAME)


async def test_it_knows_what_is_old(store: Store) -> None:
    await store.put(NAME, CONTENT)

    young = [name async for name in store.all_older_than(now() - TOMORROW)]

    assert (young, await old(store)) == ([], [NAME])


async def test_an_empty_store_has_nothing_old(store: Store) -> None:
    assert await old(store) == []


async def test_what_is_put_again_is_young_again(tmp_path: Path) -> None:
    folder = Folder(tmp_path)
    await folder.put(NAME, CONTENT)
    os.utime(tmp_path / NAME[:2] / NAME, (1, 1))

    await folder.put(NAME, CONTENT)

    assert [name async for name in folder.all_older_than(now() - TOMORROW)] == []


async def test_nobody_else_on_the_machine_can_read_it(tmp_path: Path) -> None:
    await Folder(tmp_path / "media").put(NAME, CONTENT)

    modes = {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "media").rglob("*")}

    assert modes == {0o700, 0o600}


async def test_what_a_power_cut_left_goes_one_day(tmp_path: Path) -> None:
    (tmp_path / UNFINISHED).mkdir()
    (tmp_path / UNFINISHED / "0123456789abcdef").write_bytes(b"half")
    folder = Folder(tmp_path)

    young = [name async for name in folder.all_older_than(now() - TOMORROW)], (tmp_path / UNFINISHED).stat().st_nlink
    left = await old(folder)

    assert (young[0], left, list((tmp_path / UNFINISHED).iterdir())) == ([], [], [])


async def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no SHA-256"):
        await Folder(tmp_path / "media").size("../../keys/server.key")


async def test_a_folder_that_cannot_be_written_is_said_in_our_words(tmp_path: Path) -> None:
    (tmp_path / "media").write_bytes(b"in the way")

    with pytest.raises(StoreUnreachable):
        await Folder(tmp_path / "media").put(NAME, CONTENT)


async def test_a_bucket_that_does_not_answer_is_said_in_our_words(tmp_path: Path) -> None:
    store = open_bucket(in_bucket(tmp_path, "http://127.0.0.1:9", "gone"))

    with pytest.raises(StoreUnreachable):
        await store.size(NAME)


async def test_a_bucket_that_is_not_there_is_said_in_our_words(tmp_path: Path, bucket_url: str) -> None:
    settings = in_bucket(tmp_path, bucket_url, "x")
    store = open_bucket(type(settings)(data=tmp_path, media_url="s3://no-such-bucket", media_s3_endpoint=bucket_url))

    with pytest.raises((StoreUnreachable, BytesMissing)):
        await store.put(NAME, CONTENT)
