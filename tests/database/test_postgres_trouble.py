"""When Postgres says no, or says nothing any more: the phone hears that it should come again, and then it works."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import asyncpg
import httpx
import pytest

from tests import make
from tests.client import TestApp
from tests.database.outside import Outside, outside
from tests.http.worlds import manners, problem
from yema.changes import transaction
from yema.database import engine, trouble
from yema.database.postgres import CONNECTIONS_MAX
from yema.ids import uuid7
from yema.settings import Settings

pytestmark = pytest.mark.postgres

REPEATABLE_READ = """
    DO $$ BEGIN
        EXECUTE format('ALTER DATABASE %I SET default_transaction_isolation = %L', current_database(), 'repeatable read');
    END $$"""
BUSY = (problem(503, "busy"), "1")


class Stage(NamedTuple):
    """A leader's phone, the slot that it changes, and somebody outside who holds what that change has to wait for."""

    phone: httpx.AsyncClient
    exchange: UUID
    slot: UUID
    somebody: Outside

    async def change(self) -> httpx.Response:
        return await self.phone.patch(f"/slots/{self.slot}", json={"title": "Other"}, headers={"If-Match": "*"})

    async def push(self) -> list[dict[str, Any]]:
        """Three mutations, of which the middle one changes the slot; what became of each."""
        entry = {**make.entry(self.exchange), "written_at": datetime.now(UTC).isoformat()}
        mutations = [
            mutation("entry", uuid7(), 0, entry),
            mutation("slot", self.slot, 1, {"title": "Other"}),
            mutation("entry", uuid7(), 0, entry),
        ]
        answer = await self.phone.post("/sync/push", json={"mutations": mutations})
        return list(answer.json()["results"])


def mutation(kind: str, thing: UUID, base: int, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "mutation_id": str(uuid7()),
        "kind": kind,
        "id": str(thing),
        "op": "put",
        "base_version": base,
        "made_at": datetime.now(UTC).isoformat(),
        "data": data,
    }


@pytest.fixture
async def stage(app: TestApp, house: Settings) -> AsyncIterator[Stage]:
    exchange = await make.exchange()
    phone = await app.as_(await make.leader(exchange))
    slot = await make.slot(exchange)
    async with outside(house) as somebody:
        await somebody.session.execute(
            "SET deadlock_timeout = '1min'"
        )  # so that the server's session finds the deadlock
        yield Stage(phone, exchange, slot, somebody)


Trouble = Callable[[Stage, int], Awaitable[None]]
"""What happens to a session of the server, by its id, while it waits."""


async def waits_too_long(stage: Stage, session: int) -> None:
    """Nothing happens."""


async def is_in_a_deadlock(stage: Stage, session: int) -> None:
    await stage.somebody.session.execute("UPDATE slot SET version = version WHERE id = $1", stage.slot)


async def loses_its_connection(stage: Stage, session: int) -> None:
    await stage.somebody.tell("SELECT pg_terminate_backend($1)", session)


async def is_cancelled(stage: Stage, session: int) -> None:
    await stage.somebody.tell("SELECT pg_cancel_backend($1)", session)


async def sees_an_older_state(stage: Stage, session: int) -> None:
    await stage.somebody.session.execute("COMMIT")


TROUBLES = [waits_too_long, is_in_a_deadlock, loses_its_connection, is_cancelled, sees_an_older_state]


@pytest.fixture(params=TROUBLES, ids=lambda happens: happens.__name__)
def happens(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch, settings: Settings) -> Trouble:
    """A trouble, and what has to be so for it before the house is opened."""
    if request.param is waits_too_long:
        monkeypatch.setattr("yema.database.postgres.LOCK_SECONDS", 0.3)
    found: Trouble = request.param
    return found


async def during(stage: Stage, happens: Trouble, act: Awaitable[Any]) -> Any:
    """What comes of something that has to wait for the leaders' space while that happens."""
    session = stage.somebody.session
    if happens is sees_an_older_state:
        await stage.somebody.tell(REPEATABLE_READ)
        await engine().pool.expire_connections()  # type: ignore[union-attr]
    await session.execute("BEGIN")
    await session.execute(
        "UPDATE space SET version = version WHERE kind = 'exchange_leaders' AND owner = $1", stage.exchange
    )
    acting = asyncio.ensure_future(act)
    [waiting] = await stage.somebody.waiting()
    await happens(stage, waiting)
    found = await acting
    await session.execute("ROLLBACK")
    return found


async def test_a_write_that_cannot_go_on_is_503_and_works_afterwards(happens: Trouble, stage: Stage) -> None:
    answer = await during(stage, happens, stage.change())
    after = await stage.change()

    assert ((manners(answer), answer.headers["retry-after"]), after.status_code) == (BUSY, 200)


async def test_a_mutation_that_cannot_go_on_comes_later_and_the_others_are_applied(
    happens: Trouble, stage: Stage
) -> None:
    results = await during(stage, happens, stage.push())

    told = [(result["status"], result.get("retry_after")) for result in results]
    assert told == [("applied", None), ("later", 1), ("applied", None)]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for long."""
    monkeypatch.setattr("yema.database.postgres.LOCK_SECONDS", 0.3)


async def hold(held: asyncio.Event, done: asyncio.Event) -> None:
    async with transaction():
        held.set()
        await done.wait()


async def test_when_all_connections_are_in_use_reads_and_writes_are_503_after_a_while(
    impatient: None, stage: Stage
) -> None:
    done = asyncio.Event()
    async with asyncio.TaskGroup() as holders:
        for _ in range(CONNECTIONS_MAX):
            holders.create_task(hold(held := asyncio.Event(), done))
            await held.wait()
        async with asyncio.timeout(5):
            answers = [await stage.phone.get(f"/exchanges/{stage.exchange}/members"), await stage.change()]
        done.set()
    after = await stage.change()

    told = [(manners(answer), answer.headers["retry-after"]) for answer in answers]
    assert (told, after.status_code) == ([BUSY, BUSY], 200)


@pytest.mark.parametrize("path", ["/exchanges/{}/venues", "/sync/pull"], ids=["a read", "a snapshot"])
@pytest.mark.parametrize("happens", [waits_too_long, loses_its_connection, is_cancelled], ids=lambda h: h.__name__)
async def test_a_read_that_cannot_go_on_is_503_and_works_afterwards(
    impatient: None, stage: Stage, happens: Trouble, path: str
) -> None:
    await make.venue(stage.exchange)

    async def read() -> httpx.Response:
        if path == "/sync/pull":
            return await stage.phone.post(path, json={"locale": "en", "kinds_version": 1})
        return await stage.phone.get(path.format(stage.exchange))

    await stage.somebody.session.execute("BEGIN; LOCK TABLE venue")
    reading = asyncio.create_task(read())
    [waiting] = await stage.somebody.waiting()
    await happens(stage, waiting)
    answer = await reading
    await stage.somebody.session.execute("ROLLBACK")
    after = await read()

    assert ((manners(answer), answer.headers["retry-after"]), after.status_code) == (BUSY, 200)


def test_a_fault_of_the_program_is_not_called_busy() -> None:
    assert trouble(asyncpg.InterfaceError("the server expects 2 arguments for this query, 1 was passed")) is None


REFUSE = """
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION USING ERRCODE = '{}'; END $$;
    CREATE TRIGGER refuse BEFORE UPDATE ON slot EXECUTE FUNCTION refuse()"""


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("disk_full", (problem(507, "disk_full"), None)),
        ("out_of_memory", BUSY),
        ("too_many_connections", BUSY),
        ("io_error", BUSY),
        ("crash_shutdown", BUSY),
        ("statement_completion_unknown", BUSY),
        ("internal_error", (problem(500, "internal_error"), None)),
    ],
)
async def test_what_postgres_says_is_told_in_our_words(stage: Stage, said: str, told: Any) -> None:
    await stage.somebody.tell(REFUSE.format(said))

    answer = await stage.change()

    assert (manners(answer), answer.headers.get("retry-after")) == told


async def test_a_mutation_for_which_there_is_no_room_comes_later_and_the_others_are_applied(stage: Stage) -> None:
    await stage.somebody.tell(REFUSE.format("disk_full"))

    results = await stage.push()

    assert [(result["status"], "retry_after" in result) for result in results] == [
        ("applied", False),
        ("later", True),
        ("applied", False),
    ]
