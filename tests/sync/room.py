"""Where the rules play: the phones and their networks, the house, the oracle; what picks from them, and the comparison."""

import asyncio
import copy
import sys
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
from hypothesis.stateful import RuleBasedStateMachine

from tests import make
from tests.sync.facts import JSON, LEADING, Known
from tests.sync.houses import House, World
from tests.sync.watched import Watched

OWNERS = ("ana", "ana", "ben", "lea", "cora")
SKEW = (0, -95, 24 * 60, -3, 7)
"""Minutes by which the clocks of the phones are wrong."""
MORNING = datetime(2027, 7, 15, 8, tzinfo=UTC)
SETTLED_AFTER = 12
OLD_PUSHES = 6


class Room(RuleBasedStateMachine):
    """Opened over a clone of a house; `teardown` settles, compares and clears up."""

    def __init__(self, house: House, world: World) -> None:
        super().__init__()
        self.house, self.world = house, world
        self.oracle = world.oracle()
        self.kept: JSON | None = None
        self.kept_at = 0
        self.old_pushes: list[tuple[Watched, JSON]] = []
        self.said = 0
        self.pages: list[str] = []
        self._loop = asyncio.Runner()
        self._run(self._begin())

    def _run(self, work: Any) -> Any:
        return self._loop.run(work)

    async def _begin(self) -> None:
        self._transport = await self.house.open()
        self._tokens = {name: await make.token(UUID(person)) for name, person in self.world.people.items()}
        self._clients: dict[str, httpx.AsyncClient] = {}
        self._connect()
        self.phones = [
            Watched(self._clients[name], self.oracle, self.world.people[name], minutes)
            for name, minutes in zip(OWNERS, SKEW, strict=True)
        ]

    def _connect(self) -> None:
        for name, token in self._tokens.items():
            self._clients[name] = httpx.AsyncClient(
                transport=self._transport,
                base_url="http://yema.test/api/v1",
                headers={"authorization": f"Bearer {token}"},
            )

    async def _restore(self) -> None:
        await self.house.close()
        await self.house.put_back()
        self._transport = await self.house.open()
        self.oracle.restore(copy.deepcopy(self.kept or {}), self._known(), self._closed())
        await self._close_clients()
        self._connect()
        for phone, name in zip(self.phones, OWNERS, strict=True):
            phone.client = self._clients[name]

    # The comparison.

    async def _settle(self) -> None:
        for _ in range(SETTLED_AFTER):
            before = self.oracle.writes
            for phone in self.phones:
                await phone.sync()
            if self.oracle.writes == before and not any(
                p.phone.outbox and not p.phone.retry_after for p in self.phones
            ):
                break
        else:
            raise AssertionError("The phones do not come to rest.")
        for phone in self.phones:
            phone.check_diary()
        for name, person in self.world.people.items():
            for entry, page in self.oracle.pages.items():
                if page.author == person:
                    await self._check_revisions(name, entry)
        self.oracle.check_promises({text for phone in self.phones for text in phone.waiting()})

    async def _check_revisions(self, name: str, entry: str) -> None:
        page = self.oracle.pages[entry]
        path = f"/journal/entries/{entry}/revisions"
        answer = await self._ask(name, "GET", path, 404 if page.deleted else 200)
        if not page.deleted:
            found = {view["version"]: view["text"] for view in answer["items"]}
            assert found == {version: said["text"] for version, said in page.texts.items()}

    def teardown(self) -> None:
        try:
            if sys.exception() is None:
                self._run(self._settle())
        finally:
            self._run(self._end())
            self._loop.close()
            self.house.tear_down()

    async def _end(self) -> None:
        await self._close_clients()
        await self.house.close()

    async def _close_clients(self) -> None:
        for client in self._clients.values():
            await client.aclose()

    # Finding things.

    def _closed(self) -> set[str]:
        """Of those who have one phone: two may disagree."""
        return {page for phone in self.phones[2:] for page in phone.closed()}

    def _known(self) -> Known:
        return [page for phone in self.phones for page in phone.confirmed()]

    def _phone(self, at: int) -> Any:
        return self.phones[at].phone

    def _person(self, at: int) -> str:
        return self.world.people[OWNERS[at]]

    def _state(self, at: int) -> str:
        return self.oracle.members[self._person(at)].state

    def _leads(self, at: int) -> bool:
        return self._state(at) == "active" and self.oracle.members[self._person(at)].role in LEADING

    def _may_act(self, by: int, at: int) -> bool:
        """Whether the one may admit or remove the other: a leader for the participants of their own group."""
        leader, member = self.oracle.members[self._person(by)], self.oracle.members[self._person(at)]
        own = leader.role == "leader" and member.role == "participant" and member.group == leader.group
        return leader.state == "active" and (leader.role == "coordinator" or own)

    def _words(self) -> str:
        """Words that nobody has said before."""
        self.said += 1
        return f"words {self.said}"

    def _page(self, at: int, pick: int) -> str:
        """A page that the phone shows, counted from the latest; its first one is written now."""
        shown = self._phone(at).diary()
        pages = [page for page in self.pages if page in shown] or [self._write(at)]
        return pages[-1 - pick % len(pages)]

    def _write(self, at: int, **fields: str) -> str:
        page: str = self._phone(at).write(self.world.exchange, self._words(), **fields)
        self.pages.append(page)
        return page

    def _slot(self, at: int, pick: int) -> str | None:
        slots = list(self._phone(at).all("slot"))
        return slots[pick % len(slots)] if slots else None

    def _audience(self, pick: int) -> JSON:
        groups, people = list(self.world.groups.values()), list(self.world.people.values())
        who = people[pick % len(people)]
        drafts: list[JSON] = [
            {"audience": {"kind": "all"}},
            {"audience": {"kind": "groups", "groups": groups[:1]}},
            {"audience": {"kind": "groups", "groups": groups[1:]}, "responsible": [who]},
            {"audience": {"kind": "people", "people": [who]}},
            {"audience": {"kind": "people", "people": people[:2]}, "responsible": [who]},
        ]
        return drafts[pick % len(drafts)]

    def _path(self, rest: str) -> str:
        return f"/exchanges/{self.world.exchange}/{rest}"

    async def _change_member(self, by: int, at: int, change: JSON) -> None:
        member = self.oracle.members[self._person(at)].id
        await self._ask(OWNERS[by], "PATCH", self._path(f"members/{member}"), 200, change)

    async def _ask(self, who: str, method: str, path: str, status: int, body: JSON | None = None) -> Any:
        answer = await self._clients[who].request(method, path, json=body)
        assert answer.status_code == status, (method, path, answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def _remember(self, phone: Watched, asked: JSON) -> None:
        self.old_pushes = [*self.old_pushes, (phone, copy.deepcopy(asked))][-OLD_PUSHES:]


def hours(hour: int) -> JSON:
    starts = MORNING + timedelta(hours=hour)
    return {"starts_at": starts.isoformat(), "ends_at": (starts + timedelta(hours=1)).isoformat()}
