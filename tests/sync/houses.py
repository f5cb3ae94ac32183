"""Where the machine lives: one exchange that was founded once, cloned for each example, and put back from a backup."""

import asyncio
import secrets
import shutil
import tempfile
from contextlib import AsyncExitStack
from itertools import count
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch
from uuid import UUID

import asyncpg
import httpx
import msgspec
from litestar import Litestar

import yema.app
from tests import make
from tests.postgres import PostgresServer
from tests.sync.facts import Human, Member
from tests.sync.oracle import Oracle
from yema.app import create_app, create_asgi
from yema.backup import back_up, restore
from yema.changes import Kinds, SpaceKey, transaction
from yema.exchanges.actions.people.joining import make_join_code
from yema.exchanges.schemas.people.joining import JoinCodeDraft
from yema.exchanges.tables.exchange import Member as MemberRow
from yema.house import open_house
from yema.ids import uuid7
from yema.journals.tables import Prompt
from yema.settings import Settings

NEWER = ("venue", "feedback", "prompt")
"""Kinds of which phones learn with version 2."""
KINDS_OF_TWO = Kinds(
    [kind._replace(since=2) if kind.kind in NEWER else kind for kind in yema.app.KINDS.pulled.values()],
    yema.app.KINDS.pushed.values(),
)
PEOPLE = ("ana", "ben", "lea", "cora")
PROMPT = {"en": "What surprised you?", "pl": "Co cię zaskoczyło?"}

_numbers = count(1)
_memory = Path("/dev/shm")


class World(NamedTuple):
    """Who and what there is when an example begins."""

    exchange: str
    groups: dict[str, str]
    people: dict[str, str]
    members: dict[str, tuple[str, str, str | None]]
    venue: str
    prompt: str
    pack: str
    codes: dict[tuple[str, str], str]
    """The secret of a join code for each (group's name, role)."""

    def oracle(self) -> Oracle:
        people = {person: Human(name) for name, person in self.people.items()}
        oracle = Oracle(self.exchange, "Water connects us", {key: name for name, key in self.groups.items()}, people)
        for name, (member, role, group) in self.members.items():
            oracle.members[self.people[name]] = Member(member, role, group)
        oracle.fixed["venue", self.venue] = {"name": "Lawn"}
        oracle.prompts[self.prompt] = PROMPT
        oracle.packs.append(self.pack)
        return oracle


async def found() -> World:
    """Two groups of one exchange, two participants, a leader and a coordinator. The house is open."""
    exchange = await make.exchange()
    red, blue = await make.group(exchange, "PL", "red"), await make.group(exchange, "DE", "blue")
    people = {
        "ana": await make.participant(exchange, red, name="ana"),
        "ben": await make.participant(exchange, blue, name="ben"),
        "lea": await make.leader(exchange, red, name="lea"),
        "cora": await make.coordinator(exchange, name="cora"),
    }
    venue, pack = await make.venue(exchange), await make.pack()
    cora = await make.membership(people["cora"], exchange)
    codes = {}
    for name, group in (("red", red), ("blue", blue)):
        for role in ("participant", "leader"):
            draft = JoinCodeDraft(group=group, role=role, uses_max=500, hours=24 * 90)
            codes[name, role] = str((await make_join_code(cora, draft)).secret)
    return World(
        exchange=str(exchange),
        groups={"red": str(red), "blue": str(blue)},
        people={name: str(person) for name, person in people.items()},
        members=await _members(exchange, people),
        venue=str(venue),
        prompt=str(await _prompt(exchange)),
        pack=str(pack),
        codes=codes,
    )


async def _members(exchange: UUID, people: dict[str, UUID]) -> dict[str, tuple[str, str, str | None]]:
    rows = await MemberRow.select().where(MemberRow.exchange == exchange)
    by_person = {row["person"]: row for row in rows}
    return {
        name: (
            str(by_person[who]["id"]),
            by_person[who]["role"],
            str(by_person[who]["group"]) if by_person[who]["group"] else None,
        )
        for name, who in people.items()
    }


async def _prompt(exchange: UUID) -> UUID:
    prompt = uuid7()
    async with transaction() as tx:
        texts = msgspec.json.encode(PROMPT).decode()
        await Prompt.insert(Prompt(id=prompt, exchange=exchange, position=1, texts=texts))
        tx.touched(SpaceKey("exchange", exchange), "prompt", prompt)
    return prompt


class House:
    """One clone, open or closed, and its backup."""

    def __init__(self, settings: Settings, app: Litestar) -> None:
        self.settings = settings
        self._app = app
        self._open = AsyncExitStack()

    async def open(self) -> httpx.ASGITransport:
        """Open it; the application over it."""
        await self._open.enter_async_context(open_house(self.settings))
        with patch.object(yema.app, "create_app", lambda _: self._app):
            asgi = create_asgi(self.settings)
        return httpx.ASGITransport(asgi, client=("192.0.2.1", 1234))

    async def close(self) -> None:
        await self._open.aclose()

    async def back_up(self) -> None:
        """Keep a copy of what is acknowledged. The house is open."""
        raise NotImplementedError

    async def put_back(self) -> None:
        """Put the copy back, as of another epoch. The house is closed."""
        raise NotImplementedError

    def tear_down(self) -> None:
        shutil.rmtree(self.settings.data)


class SqliteHouse(House):
    """By the same functions as `yema backup` and `yema restore`."""

    @property
    def _backup(self) -> Path:
        return self.settings.data / "a.backup"

    async def back_up(self) -> None:
        for old in self.settings.data.glob(f"{self._backup.name}*"):
            old.unlink()
        await back_up(self.settings, self._backup)

    async def put_back(self) -> None:
        await restore(self.settings, self._backup)
        for old in self.settings.data.glob("yema.sqlite?*"):
            old.unlink()  # the database that was there


class PostgresHouse(House):
    def __init__(self, settings: Settings, app: Litestar, server: PostgresServer, name: str) -> None:
        super().__init__(settings, app)
        self._server, self._name = server, name

    async def back_up(self) -> None:
        """Postgres copies no database that is in use, so the house is closed for a moment."""
        await self.close()
        self._server.drop(f"{self._name}_backup")
        self._server.create(f"{self._name}_backup", self._name)
        await self.open()

    async def put_back(self) -> None:
        self._server.drop(self._name)
        self._server.create(self._name, f"{self._name}_backup")
        connection = await asyncpg.connect(self.settings.database_url)
        await connection.execute("UPDATE space SET epoch = $1", _new_epoch())
        await connection.close()

    def tear_down(self) -> None:
        super().tear_down()
        self._server.drop(self._name)
        self._server.drop(f"{self._name}_backup")


def _new_epoch() -> int:
    return secrets.randbelow(2**30) + 2


class Houses:
    """Clones of one data folder (and on Postgres of its database), in which the exchange was founded."""

    def __init__(self, settings: Settings, postgres: PostgresServer | None = None) -> None:
        self.world: World
        self._settings, self._postgres = settings, postgres
        with patch.object(yema.app, "KINDS", KINDS_OF_TWO):
            self._app = create_app(settings)
        asyncio.run(self._found())

    async def _found(self) -> None:
        async with open_house(self._settings):
            self.world = await found()

    def clone(self) -> House:
        folder = Path(tempfile.mkdtemp(prefix="yema-sync-", dir=_memory if _memory.is_dir() else None))
        shutil.copytree(self._settings.data, folder, dirs_exist_ok=True)
        if self._postgres is None:
            return SqliteHouse(Settings(data=folder, log_level="error"), self._app)
        template = self._settings.database_url.rpartition("/")[2]
        name = f"{template}_{next(_numbers)}"
        settings = Settings(data=folder, database_url=self._postgres.create(name, template), log_level="error")
        return PostgresHouse(settings, self._app, self._postgres, name)
