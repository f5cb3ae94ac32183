"""The canary: nothing that was written in a diary stands in clear anywhere, and no cache keeps it."""

import base64
import io
import logging
import os
import sys
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.world import world
from tests.journals.diary import author
from yema.http.log import configure_logs
from yema.ids import uuid7
from yema.settings import Settings


def forms(word: str) -> set[bytes]:
    """The word as it could stand somewhere: in three encodings, in hex, and in base64 wherever it begins."""
    plain = word.encode()
    found = {plain, word.encode("utf-16-le"), word.encode("utf-16-be"), plain.hex().encode(), plain[::-1]}
    for before in range(3):
        # The characters at both ends also depend on the neighbours of the word.
        encoded = base64.b64encode(b"?" * before + plain)[(0, 2, 3)[before] :]
        found.add(encoded[: -4 + (len(plain) + before) % 3 or None].rstrip(b"="))
    return found


def unpacked(content: bytes) -> Iterator[bytes]:
    """The content, and whatever in it is packed with gzip."""
    yield content
    at = content.find(b"\x1f\x8b\x08")
    while at >= 0:
        with suppress(zlib.error):
            yield zlib.decompressobj(31).decompress(content[at:])
        at = content.find(b"\x1f\x8b\x08", at + 1)


def holds(content: bytes, word: str) -> bool:
    return any(form in part for part in unpacked(content) for form in forms(word))


class Places:
    """Everything that a thief, an operator or a backup could get hold of."""

    def __init__(self, settings: Settings, logs: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
        self._settings = settings
        self._logs = logs
        self._capsys = capsys
        self._printed = ""

    async def holding(self, word: str) -> set[str]:
        """The names of the places where this word stands."""
        return {name for name, content in (await self._contents()).items() if holds(content, word)}

    async def _contents(self) -> dict[str, bytes]:
        contents = files_of(self._settings.data)
        if self._settings.database_url:
            contents |= await dump(self._settings.database_url)
        captured = self._capsys.readouterr()
        self._printed += captured.out + captured.err
        return contents | {"printed": self._printed.encode(), "logs": self._logs.getvalue().encode()}


def files_of(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


async def dump(url: str) -> dict[str, bytes]:
    """Every table of a Postgres database, bytes as they are."""
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {
            f"table {name}": b"\n".join(
                [
                    value if isinstance(value, bytes) else str(value).encode()
                    for row in await connection.fetch(f'SELECT * FROM "{name}"')
                    for value in row.values()
                ]
            )
            for [name] in tables
        }
    finally:
        await connection.close()


@pytest.fixture
def places(house: Settings, app: TestApp, capsys: pytest.CaptureFixture[str]) -> Iterator[Places]:
    """The places, with every logger of the process saying all that it can say."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s %(args)s %(pathname)s"))
    root, ours = logging.getLogger(), logging.getLogger("yema")
    configure_logs("debug")  # again, so that it writes to what is captured now
    for logger in (root, ours):
        logger.addHandler(handler)
    level = root.level
    root.setLevel(logging.DEBUG)
    yield Places(house, stream, capsys)
    root.setLevel(level)
    root.removeHandler(handler)
    ours.handlers.clear()


def canary() -> str:
    return f"canary-{os.urandom(12).hex()}"


@pytest.mark.parametrize("before", range(6))
def test_the_search_sees_a_word_in_every_form(before: int) -> None:
    word = canary()
    said = b"x" * before + word.encode() + b"yz"
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    texts = [
        said,
        base64.b64encode(said),
        said.hex().encode(),
        said.decode().encode("utf-16-le"),
        said.decode().encode("utf-16-be"),
        b"before" + packer.compress(said) + packer.flush() + b"after",
    ]

    assert [holds(text, word) for text in texts] == [True] * 6


async def test_the_search_sees_what_is_not_a_diary(app: TestApp, places: Places, database_kind: str) -> None:
    word, logged, printed = canary(), canary(), canary()
    exchange = await make.exchange()
    client = await app.as_(await make.participant(exchange))
    await client.patch("/me", json={"display_name": word})
    logging.getLogger("somebody.else").debug("said %s", logged)
    sys.stdout.write(printed)

    found = [await places.holding(one) for one in (word, logged, printed)]

    database = {"table person"} if database_kind == "postgres" else {"yema.sqlite-wal"}
    assert found == [database, {"logs"}, {"printed"}]


async def test_nothing_that_was_written_stands_in_clear_anywhere(app: TestApp, places: Places) -> None:
    w = await world()
    writer, somebody = await author(app, w.participant, w.exchange), await author(app, w.groupmate, w.exchange)
    leader = await app.as_(w.leader)
    words = {name: canary() for name in ("entry", "revised", "shared", "feedback", "refused", "taken", "stale", "long")}

    async def refused(entry: Any, word: str, headers: dict[str, str] | None = None, **fields: Any) -> int:
        body = make.entry(w.exchange, fields.pop("text", word)) | fields
        answer = await writer.client.put(f"/journal/entries/{entry}", json=body, headers=headers)
        return answer.status_code

    entry = await writer.write(words["entry"], mood=1)
    await writer.write(words["revised"], entry)
    await writer.write(words["shared"], entry)
    await writer.share(entry, "leader")
    seen = (await leader.get(f"/exchanges/{w.exchange}/reflections")).json()["items"][0]["text"]
    answered = await leader.post(
        f"/reflections/{entry}/feedback", json={"text": words["feedback"]}, headers={"Idempotency-Key": "once"}
    )
    refusals = [
        await refused(uuid7(), words["refused"], mood=99),
        await refused(uuid7(), words["refused"], competences=[words["refused"]]),
        await refused(uuid7(), words["refused"], unknown={words["refused"]: words["refused"]}),
        await refused(uuid7(), words["refused"], locale=words["refused"]),
        await refused(uuid7(), words["refused"], slot=str(uuid7())),
        await refused(await somebody.write(), words["taken"]),
        await refused(entry, words["stale"], {"If-Match": '"1"'}),
        await refused(uuid7(), words["long"], text=words["long"] * 4000),
    ]
    assert (seen, answered.status_code, refusals) == (words["shared"], 201, [400] * 5 + [409, 412, 413])

    found = {name: await places.holding(word) for name, word in words.items()}

    assert found == {name: set() for name in words}


async def test_no_cache_keeps_what_a_diary_answers(app: TestApp) -> None:
    w = await world()
    writer, leader = await author(app, w.participant, w.exchange), await app.as_(w.leader)
    entry = await writer.shared("leader")
    path, new = f"/journal/entries/{entry}", uuid7()
    etag = (await writer.client.get(path)).headers["etag"]
    body = make.entry(w.exchange)
    answers = [
        await leader.get(f"/exchanges/{w.exchange}/prompts"),
        await leader.get(f"/exchanges/{w.exchange}/reflections"),
        await leader.get(f"/reflections/{entry}"),
        await leader.post(f"/reflections/{entry}/feedback", json={"text": "Well done"}),
        await leader.get(f"/reflections/{entry}/feedback"),
        await writer.client.get("/journal/entries"),
        await writer.client.get(path, headers={"If-None-Match": etag}),
        await writer.client.put(f"/journal/entries/{new}", json=body),
        await writer.client.put(path, json=body),
        await writer.client.put(path, json=body, headers={"If-Match": '"1"'}),
        await writer.client.put(f"{path}/sharing", json={"shared_with": "group"}),
        await writer.client.delete(f"{path}/sharing"),
        await writer.client.delete(path),
        await writer.client.get(path),
    ]

    shown = [(answer.status_code, "no-store" in answer.headers.get("cache-control", "")) for answer in answers]

    assert shown == [
        (status, True) for status in (200, 200, 200, 201, 200, 200, 304, 201, 200, 412, 200, 200, 204, 404)
    ]
