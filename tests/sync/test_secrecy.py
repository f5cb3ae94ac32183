"""Nothing that was written in a diary stays where sync keeps its books, and nothing comes to whom it was not shared with."""

import io
import logging
from collections.abc import Iterator
from typing import Any

import pytest

from tests import make
from tests.accounts.doors import logged
from tests.client import TestApp
from tests.journals.test_secrecy import canary, dump, files_of, holds
from tests.sync.world import Door, World, door, knowing, mutation, page_of, statuses, world
from yema.changes.tables import Change, OnceRow, Outbox
from yema.settings import Settings

BOOKS = {"change": Change, "once": OnceRow, "outbox": Outbox}


@pytest.fixture
def logs(app: TestApp, caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """What the house logs, and all that every logger of the process could say."""
    caplog.set_level(logging.DEBUG)
    yield logged()
    logging.getLogger("yema").handlers.clear()


async def everything_that_can_happen_to_a_text(app: TestApp, words: str) -> World:
    """It is pushed, pushed again, overtakes, is in conflict, is shared and refused; in the end it is there, twice."""
    everybody = await world()
    author, other = await door(app, everybody.participant), await door(app, everybody.participant)
    page = page_of(everybody.exchange, f"{words} one")
    entry, changed = page["id"], {**page, "data": {**page["data"], "text": f"{words} changed"}}
    too_long, unknown = page_of(everybody.exchange, words * 4000), mutation("pigeon", "put", text=words)
    pending, waits = await door(app, everybody.pending), page_of(everybody.exchange, words)
    results = [
        *await author.push(page, page, changed, page_of(everybody.exchange, f"{words} two", entry, 1)),
        *await other.push(
            page_of(everybody.exchange, f"{words} three", entry, 1), mutation("entry", "delete", entry, 1)
        ),
        *await author.push(too_long, unknown, page_of(everybody.elsewhere, words), {"text": words}),
        *await author.push(mutation("reflection", "put", entry, 3, shared_with="leader")),
        *await pending.push(waits),
    ]
    assert statuses(results) == [
        *("applied", "duplicate", "rejected", "applied"),
        *("conflict", "conflict"),
        *("rejected", "rejected", "rejected", "rejected"),
        *("applied", "later"),
    ]
    leader = await app.as_(everybody.leader)
    assert (await leader.post(f"/reflections/{entry}/feedback", json={"text": f"{words} four"})).status_code == 201
    return everybody


async def test_no_text_is_in_the_books_or_in_the_logs(
    app: TestApp, house: Settings, logs: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    words = canary()
    everybody = await everything_that_can_happen_to_a_text(app, words)
    readers = [await door(app, who) for who in (everybody.participant, everybody.leader)]
    shown = [str((await reader.pull()).changes) for reader in readers]

    books = {name: str(await table.select()).encode() for name, table in BOOKS.items()}
    said = {"log": logs.getvalue().encode(), "loggers": str([vars(record) for record in caplog.records]).encode()}

    assert [words in page for page in shown] == [True, True]
    assert [len(content) > 100 for content in (*books.values(), *said.values())] == [True] * 5
    assert {name for name, content in {**books, **said}.items() if holds(content, words)} == set()


async def test_no_text_is_anywhere_on_the_disk(app: TestApp, house: Settings) -> None:
    words = canary()
    everybody = await everything_that_can_happen_to_a_text(app, words)
    plain = await canary_as_a_name(everybody)

    places = files_of(house.data) | (await dump(house.database_url) if house.database_url else {})

    assert any(holds(content, plain) for content in places.values())
    assert {name for name, content in places.items() if holds(content, words)} == set()


async def canary_as_a_name(everybody: World) -> str:
    """A word that may stand on the disk, so that the search is seen to find one."""
    words = canary()
    await make.venue(everybody.exchange, words)
    return words


async def test_a_text_comes_to_nobody_but_its_author_and_those_it_was_shared_with(app: TestApp) -> None:
    words = canary()
    everybody = await everything_that_can_happen_to_a_text(app, words)

    seen = {
        who: words in str((await (await door(app, getattr(everybody, who))).pull()).pages) for who in World._fields[4:]
    }

    assert {who for who, found in seen.items() if found} == {"participant", "leader"}


async def test_a_problem_and_a_result_never_repeat_what_was_sent(app: TestApp) -> None:
    words, phone = canary(), await door(app, (await world()).participant)
    odd: list[Any] = [
        words,
        {"mutation_id": words},
        {"words": words},
        mutation("entry", "put", text=words),
        {**mutation("entry", "put"), "kind": "pigeon", "words": words},
        {**mutation("entry", "put"), "op": words},
        {**mutation("entry", "put"), "made_at": words},
    ]

    results = await phone.push(*odd)

    assert statuses(results) == ["rejected"] * len(odd)
    assert words not in str(results)


async def test_who_left_pulls_nothing_of_what_others_share_from_then_on(app: TestApp) -> None:
    everybody = await world()
    gone, author = await knowing(app, everybody.groupmate), await door(app, everybody.participant)
    await gone.client.delete(f"/exchanges/{everybody.exchange}/members/me")
    words = canary()
    await author.push_one(page := page_of(everybody.exchange, words))
    await author.push_one(mutation("reflection", "put", page["id"], 1, shared_with="group"))

    fresh: list[Door] = [gone, await door(app, everybody.groupmate)]

    assert [words in str((await phone.pull()).pages) for phone in (author, *fresh)] == [True, False, False]
