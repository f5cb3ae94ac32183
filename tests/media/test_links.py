"""Signed links: what they open, for how long, and what they say."""

import asyncio
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import httpx
import pytest
import time_machine

from tests.accounts.doors import told
from tests.client import TestApp
from tests.media import files
from tests.media.buckets import in_bucket
from yema.app import create_asgi
from yema.house import open_house
from yema.media.actions import forget, keep
from yema.media.links import link_to
from yema.media.queries import content_of
from yema.media.schemas import Kept
from yema.settings import Settings

HOUR = 3600
NOTHING = (404, "not_found")
START = datetime(2027, 5, 1, 12, 0, tzinfo=UTC)


def path_to(made: Kept) -> str:
    return link_to(made.sha256, made.content_type, seconds=HOUR).removeprefix("/api/v1")


async def read(app: TestApp, path: str, **headers: str) -> httpx.Response:
    return await app.anybody.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


async def test_a_picture_is_shown_to_whoever_has_its_link(app: TestApp) -> None:
    with time_machine.travel(START, tick=False):
        made = await keep(files.jpeg())
        answer = await read(app, path_to(made))

    assert (answer.status_code, answer.content) == (200, await content_of(made.sha256))
    assert {name: answer.headers[name] for name in SAID} == {
        "content-type": "image/webp",
        "content-length": str(made.bytes),
        "content-disposition": f'inline; filename="{made.sha256[:12]}.webp"',
        "cache-control": "private, max-age=7200, immutable",
        "x-content-type-options": "nosniff",
        "content-security-policy": "default-src 'none'; sandbox",
        "accept-ranges": "bytes",
    }


SAID = (
    "content-type",
    "content-length",
    "content-disposition",
    "cache-control",
    "x-content-type-options",
    "content-security-policy",
    "accept-ranges",
)


async def test_a_paper_is_saved_and_a_sound_is_played(app: TestApp) -> None:
    answers = [await read(app, path_to(await keep(given))) for given in (files.paper(), files.wav())]

    assert [(one.headers["content-type"], one.headers["content-disposition"].split(";")[0]) for one in answers] == [
        ("application/pdf", "attachment"),
        ("audio/mpeg", "inline"),
    ]


async def test_a_link_works_until_it_expires(app: TestApp) -> None:
    with time_machine.travel(START, tick=False) as clock:
        path = path_to(await keep(files.jpeg()))
        found = []
        for seconds in (0, HOUR, 2 * HOUR - 1, 2 * HOUR):
            clock.move_to(START + timedelta(seconds=seconds))
            found.append((await read(app, path)).status_code)

    assert found == [200, 200, 200, 404]


def test_a_link_is_the_same_for_a_while(house: Settings) -> None:
    links = []
    for seconds in (0, HOUR - 1, HOUR):
        with time_machine.travel(START + timedelta(seconds=seconds), tick=False):
            links.append(link_to("a" * 64, "image/webp", seconds=HOUR))

    assert (links[0] == links[1], links[1] == links[2]) == (True, False)


def other(path: str, name: str, value: str) -> str:
    return re.sub(f"{name}=[^&]*", f"{name}={quote(value)}", path)


async def test_only_a_whole_and_true_link_opens_anything(app: TestApp) -> None:
    made, secret = await keep(files.jpeg()), await keep(files.paper())
    path = path_to(made)
    bad = [
        path.replace(made.sha256, secret.sha256),
        other(path, "type", "text/html"),
        other(path, "expires", "99999999999"),
        other(path, "expires", "9" * 400),
        other(path, "expires", "1e9"),
        other(path, "expires", "٣"),
        other(path, "signature", "A" * 43),
        other(path, "signature", "\udcff".encode("utf-8", "surrogateescape").decode("latin-1")),
        path.partition("&signature")[0],
        path.partition("?")[0],
        f"/media/{quote('../../keys/server.key', safe='')}",
        f"/media/%00?{path.partition('?')[2]}",
    ]

    answers = [await read(app, one) for one in bad]

    bodies = {re.sub(rb'"request_id":"[^"]*"', b"", one.content) for one in answers}
    assert ((await read(app, path)).status_code, {told(one) for one in answers}, len(bodies)) == (200, {NOTHING}, 1)


async def test_what_was_forgotten_is_not_there_any_more(app: TestApp) -> None:
    made = await keep(files.jpeg())
    path = path_to(made)
    before = await read(app, path)

    await forget([made.id])

    assert (before.status_code, told(await read(app, path))) == (200, NOTHING)


async def test_a_link_of_another_house_opens_nothing(app: TestApp, house: Settings) -> None:
    made = await keep(files.jpeg())
    path = path_to(made)
    (house.keys_folder / "server.key").write_bytes(bytes(32))
    from yema.vault import open_keys

    open_keys(house)

    assert told(await read(app, path)) == NOTHING


RANGES = [
    ("bytes=0-0", 206, (0, 1)),
    ("bytes=0-1", 206, (0, 2)),
    ("bytes=100-199", 206, (100, 200)),
    ("bytes=100-", 206, (100, None)),
    ("bytes=-10", 206, (-10, None)),
    ("bytes=-99999999", 200, (0, None)),
    ("bytes=5-99999999", 206, (5, None)),
    ("bytes=0-", 200, (0, None)),
    ("bytes=9-3", 200, (0, None)),
    ("bytes=0-1,5-6", 200, (0, None)),
    ("bytes=-", 200, (0, None)),
    ("lines=1-2", 200, (0, None)),
]


@pytest.mark.parametrize(("asked", "status", "span"), RANGES)
async def test_a_part_of_a_sound_can_be_asked_for(
    app: TestApp, asked: str, status: int, span: tuple[int, int | None]
) -> None:
    made = await keep(files.wav())
    content = await content_of(made.sha256)

    answer = await read(app, path_to(made), range=asked)

    part = content[slice(*span)]
    start = span[0] % len(content)
    said = f"bytes {start}-{start + len(part) - 1}/{len(content)}" if status == 206 else None
    assert (answer.status_code, answer.content == part, answer.headers.get("content-range")) == (status, True, said)
    assert answer.headers["content-length"] == str(len(part))


@pytest.mark.parametrize("asked", ["bytes=99999999-", "bytes=-0"])
async def test_a_part_behind_the_end_is_416(app: TestApp, asked: str) -> None:
    made = await keep(files.wav())

    assert told(await read(app, path_to(made), range=asked)) == (416, "range_not_satisfiable")


async def test_a_part_of_what_has_changed_is_all_of_it(app: TestApp) -> None:
    made = await keep(files.wav())

    answers = [
        await read(app, path_to(made), range="bytes=0-1", if_range=tag) for tag in (f'"{made.sha256}"', '"other"')
    ]

    assert [answer.status_code for answer in answers] == [206, 200]


async def test_who_has_it_already_gets_304(app: TestApp) -> None:
    made = await keep(files.jpeg())
    first = await read(app, path_to(made))

    again = await read(app, path_to(made), if_none_match=first.headers["etag"])

    assert (again.status_code, again.content) == (304, b"")


async def test_many_may_listen_at_once(app: TestApp) -> None:
    made = await keep(files.wav(60))
    content = await content_of(made.sha256)

    answers = await asyncio.gather(*[read(app, path_to(made)) for _ in range(20)])

    assert {answer.content == content for answer in answers} == {True}


async def test_a_bucket_answers_through_the_same_door(settings: Settings, bucket_url: str) -> None:
    there = in_bucket(settings.data, bucket_url, settings.data.name)
    async with open_house(Settings(**{name: getattr(there, name) for name in there.__struct_fields__})):
        made = await keep(files.wav())
        app = TestApp(create_asgi(there))
        whole, part = [await read(app, path_to(made), range=asked) for asked in ("", "bytes=10-19")]
        await app.close()

    assert (len(whole.content), part.status_code, part.content == whole.content[10:20]) == (made.bytes, 206, True)
