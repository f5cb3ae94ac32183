"""Keeping, finding and forgetting media, on both databases."""

import asyncio
import io
import os
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from tests.media import files
from tests.media.buckets import in_bucket
from yema.house import open_house
from yema.ids import now, uuid7
from yema.media.actions import BYTES_MAX, forget, keep, sweep_media
from yema.media.errors import BytesMissing, MediaMismatch, MediaTooLarge, MediaUnknown, MediaUnreadable
from yema.media.folder import Folder
from yema.media.queries import content_of, kept, media_made_before
from yema.media.store import opened
from yema.media.tables import Media, MediaVariant
from yema.media.working import Bench
from yema.settings import Settings

SECOND = timedelta(seconds=1)


def stored(settings: Settings) -> list[str]:
    """The names of all files that the store has written."""
    return sorted(path.name for path in (settings.data / "media").rglob("*") if path.is_file())


def with_canary(settings: Settings) -> list[Path]:
    canary = files.CANARY.encode()
    return [path for path in settings.data.rglob("*") if path.is_file() and canary in path.read_bytes()]


async def test_a_picture_is_kept_in_three_sizes(house: Settings) -> None:
    made = await keep(files.jpeg((3000, 1500)), declared="image/jpeg")

    assert (made.kind, made.content_type, made.width, made.height, made.pages) == (
        "picture",
        "image/webp",
        2048,
        1024,
        None,
    )
    assert [(one.name, one.width) for one in made.variants] == [("small", 480), ("medium", 1024), ("large", 2048)]
    assert stored(house) == sorted(one.sha256 for one in made.variants)
    assert made.sha256 == made.variants[-1].sha256 == sha256(await content_of(made.sha256)).hexdigest()


@pytest.mark.parametrize("given", [files.paper, files.wav])
async def test_a_paper_or_sound_has_one_master(house: Settings, given: object) -> None:
    assert callable(given)
    made = await keep(given())

    [master] = made.variants
    assert (master.name, master.sha256, made.width, made.placeholder) == ("master", made.sha256, None, None)
    assert (made.pages, made.seconds) == ((2, None) if given is files.paper else (None, 1.0))


async def test_no_stored_byte_says_who_or_where(house: Settings) -> None:
    for given in (
        files.jpeg(),
        files.png(),
        files.webp(),
        files.heic(),
        files.paper(),
        files.wav(),
        files.sound("mp4"),
    ):
        await keep(given)

    assert (len(stored(house)) >= 6, with_canary(house)) == (True, [])


async def test_the_same_given_twice_is_the_same_medium(house: Settings) -> None:
    first, second = await keep(files.jpeg()), await keep(files.jpeg())

    assert (first == second, await Media.count(), await MediaVariant.count()) == (True, 1, 3)


async def test_the_same_given_by_many_at_once_is_the_same_medium(house: Settings) -> None:
    made = await asyncio.gather(*[keep(files.jpeg()) for _ in range(6)])

    assert (len({one.id for one in made}), await Media.count(), await MediaVariant.count()) == (1, 1, 3)


@pytest.mark.parametrize("given", [files.jpeg, files.paper, files.wav])
async def test_a_master_that_comes_back_is_not_made_anew(house: Settings, given: object) -> None:
    assert callable(given)
    first = await keep(given())
    opened().bench = Bench(places=0)  # nobody is there who could

    again = await asyncio.wait_for(keep(await content_of(first.sha256), declared=first.content_type), 10)

    assert again == first


async def test_a_master_that_comes_back_is_there_again_where_its_bytes_were_lost(house: Settings) -> None:
    first = await keep(files.paper())
    content = await content_of(first.sha256)
    await opened().store.delete(first.sha256)

    await keep(content)

    assert await content_of(first.sha256) == content


@pytest.mark.parametrize(
    ("content", "declared", "error"),
    [
        (files.jpeg(), "image/png", MediaMismatch),
        (files.paper(1), "image/jpeg", MediaMismatch),
        (files.jpeg()[:300], "image/jpeg", MediaUnreadable),
        (b"<svg onload='alert(1)'/>", "image/svg+xml", MediaUnknown),
        (b"GIF89a" + bytes(100), None, MediaUnknown),
        (b"", None, MediaUnknown),
        (b"%PDF-" + bytes(BYTES_MAX), None, MediaTooLarge),
    ],
    ids=["mismatch", "other-kind", "cut-off", "svg", "gif", "empty", "large"],
)
async def test_a_refusal_leaves_nothing_behind(
    house: Settings, content: bytes, declared: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        await keep(content, declared=declared)

    assert (stored(house), await Media.count()) == ([], 0)


@pytest.mark.parametrize("declared", [None, "", "application/octet-stream", "IMAGE/JPEG; charset=binary"])
async def test_a_type_that_says_nothing_or_the_truth_is_no_mismatch(house: Settings, declared: str | None) -> None:
    assert (await keep(files.jpeg(), declared=declared)).kind == "picture"


async def test_kept_finds_those_that_are_there(house: Settings) -> None:
    first, second = await keep(files.jpeg()), await keep(files.paper())

    found = await kept([second.id, uuid7(), first.id, first.id])

    assert (found, await kept([])) == ({first.id: first, second.id: second}, {})


async def test_what_was_forgotten_is_gone_with_its_bytes(house: Settings) -> None:
    first, second = await keep(files.jpeg()), await keep(files.paper())

    await forget([first.id, uuid7()])

    assert (await kept([first.id, second.id]), stored(house)) == ({second.id: second}, [second.sha256])
    assert await MediaVariant.count() == 1


async def test_bytes_that_another_medium_needs_stay(house: Settings) -> None:
    # Two white squares: of different size, and small they are the same.
    first, second = [await keep(white(edge)) for edge in (900, 1000)]
    shared = first.variants[0].sha256
    assert (first.id == second.id, shared) == (False, second.variants[0].sha256)

    await forget([first.id])

    assert set(stored(house)) == {one.sha256 for one in second.variants}


def white(edge: int) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (edge, edge), "white").save(target, "PNG")
    return target.getvalue()


class SlowFolder(Folder):
    """A disk on which deleting takes a while."""

    async def delete(self, sha256: str) -> None:
        await asyncio.sleep(0.5)
        await super().delete(sha256)


async def test_what_is_kept_while_it_is_forgotten_has_its_bytes(house: Settings) -> None:
    opened().store = SlowFolder(house.data / "media")
    first = await keep(files.jpeg((8, 8)))

    _, again = await asyncio.gather(forget([first.id]), keep(files.jpeg((8, 8))))

    assert (await kept([again.id]), sha256(await content_of(again.sha256)).hexdigest()) == (
        {again.id: again},
        again.sha256,
    )


async def test_what_was_handed_in_again_is_not_forgotten(house: Settings) -> None:
    first = await keep(files.jpeg())
    instant = now()
    before = await media_made_before(instant)
    await keep(files.jpeg())

    await forget(before, made_before=instant)

    assert (before, await media_made_before(instant), len(stored(house))) == ([first.id], [], 1)


async def test_the_sweep_takes_old_bytes_without_a_row_and_no_others(house: Settings) -> None:
    made = await keep(files.jpeg())
    lost = {name: sha256(name.encode()).hexdigest() for name in ("old", "young")}
    for name in lost.values():
        await opened().store.put(name, b"lost")
    for name in (lost["old"], made.sha256):
        os.utime(house.data / "media" / name[:2] / name, (1, 1))

    await sweep_media()

    assert stored(house) == sorted([lost["young"], made.sha256])


async def test_bytes_that_cannot_be_written_leave_no_row(house: Settings) -> None:
    (house.data / "media").write_bytes(b"in the way")

    with pytest.raises(Exception, match="media_unavailable"):
        await keep(files.jpeg())

    assert await Media.count() == 0


async def test_what_is_not_there_is_not_found(house: Settings) -> None:
    with pytest.raises(BytesMissing):
        await content_of("0" * 64)


async def test_a_house_keeps_its_media_in_a_bucket(settings: Settings, bucket_url: str) -> None:
    there = in_bucket(settings.data, bucket_url, settings.data.name)
    async with open_house(replace(there, database_url=settings.database_url)):
        made = await keep(files.jpeg())
        content = await content_of(made.sha256)
        await forget([made.id])
        with pytest.raises(BytesMissing):
            await content_of(made.sha256)

    assert (sha256(content).hexdigest(), (settings.data / "media").exists()) == (made.sha256, False)
