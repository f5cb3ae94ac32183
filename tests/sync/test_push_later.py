"""Later: what is busy, full, throttled or broken on our side stops neither its neighbours nor its next try."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests import make
from tests.client import TestApp
from tests.sync.test_paging import beside
from tests.sync.world import (
    app_with,
    door,
    mutation,
    page_of,
    told,
    world,
)
from yema.accounts.signed_in import SignedIn
from yema.changes import Applied, Mutation, Pushed, SpaceKey, transaction
from yema.database import Statement, execute
from yema.errors import DiskFull, TooMany, Unavailable
from yema.ids import uuid7
from yema.settings import Settings
from yema.shapes import Draft


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that waits for a moment only; ask for it before the house."""
    monkeypatch.setattr("yema.database.writer.WAIT_SECONDS", 0.05)
    monkeypatch.setattr("yema.database.postgres.LOCK_SECONDS", 1)


async def test_a_busy_writer_is_later_and_not_rejected(impatient: None, app: TestApp) -> None:
    """On SQLite somebody holds the writer, on Postgres the page's row, for longer than a push waits."""
    everybody = await world()
    phone, page = await door(app, everybody.participant), page_of(everybody.exchange)
    await phone.push_one(page)
    again = page_of(everybody.exchange, "Again", page["id"], 1)
    holding, done = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with transaction() as tx:
            await execute(Statement("UPDATE journal_entry SET version = version WHERE id = {}"), page["id"])
            tx.touched(SpaceKey("person", everybody.participant), "entry", uuid7())
            holding.set()
            await done.wait()

    holder = beside(hold())
    await holding.wait()
    during = await phone.push_one(again)
    done.set()
    await holder

    assert (told(during), during["retry_after"]) == (("later", "busy"), 1)
    assert told(await phone.push_one(again)) == ("applied", "")


class Thing(Draft):
    """What the test's own kind takes."""

    error: str = ""


async def act(person: SignedIn, mutation: Mutation, thing: Thing) -> Applied:
    """Do it, or fail as the thing says."""
    errors = {
        "throttled": TooMany(retry_after=17),
        "busy": Unavailable(retry_after=1),
        "full": DiskFull(),
        "ours": ZeroDivisionError("canary-4711"),
        "key": KeyError("canary-4711"),
    }
    async with transaction(mutation.once) as tx:
        await tx.made(mutation.id, 1)
        if thing.error:
            raise errors[thing.error]
    return Applied(1)


@pytest.fixture
async def stage(house: Settings) -> AsyncIterator[TestApp]:
    """The application with a kind that fails as it is told."""
    app = app_with(house, pushed=[Pushed("thing", "make", act, Thing)])
    yield app
    await app.close()


LATER = {
    "throttled": ("too_many_requests", 17),
    "busy": ("busy", 1),
    "full": ("disk_full", 30),
    "ours": ("internal_error", 30),
    "key": ("internal_error", 30),
}


async def test_what_may_work_later_is_told_later_and_stops_nobody(stage: TestApp) -> None:
    phone = await door(stage, await make.person())
    mixed = [item for error in LATER for item in (mutation("thing", "put"), mutation("thing", "put", error=error))]

    results = await phone.push(*mixed)

    assert [told(result) for result in results[::2]] == [("applied", "")] * len(LATER)
    assert [(*told(result), result["retry_after"]) for result in results[1::2]] == [
        ("later", code, wait) for code, wait in LATER.values()
    ]


async def test_a_fault_of_ours_is_logged_without_its_words(stage: TestApp, caplog: pytest.LogCaptureFixture) -> None:
    phone = await door(stage, await make.person())

    with caplog.at_level("DEBUG"):
        result = await phone.push_one(mutation("thing", "put", error="ours"))

    logged = [record for record in caplog.records if record.msg == "unforeseen"]
    assert [getattr(record, "kind", "") for record in logged] == ["ZeroDivisionError"]
    assert "canary-4711" not in str(result) + caplog.text + str([vars(record) for record in caplog.records])
