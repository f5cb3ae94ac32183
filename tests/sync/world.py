"""A phone's bare requests, and what they bring, in words that a test can say."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import msgspec

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World, world
from yema.app import KINDS, create_app
from yema.changes import Kinds, Pulled, Pushed, SpaceKey, SpaceKind, transaction
from yema.changes.tables import Change, Space
from yema.exchanges.tables.exchange import Venue
from yema.ids import uuid7
from yema.journals.tables import Prompt
from yema.settings import Settings

JSON = dict[str, Any]
PAGES_MAX = 100
MADE_AT = "2027-07-14T21:00:00+02:00"
TOMBSTONE = {"space", "kind", "id", "seq", "op"}


class Came(NamedTuple):
    """What the pages of one pull brought."""

    pages: list[JSON]

    @property
    def changes(self) -> list[JSON]:
        return [change for page in self.pages for change in page["changes"]]

    @property
    def states(self) -> list[tuple[str, str]]:
        """(kind of space, state), of those whose state has changed."""
        return sorted((space["kind"], space["state"]) for page in self.pages for space in page["spaces"])

    def ops(self, *kinds: str) -> list[tuple[str, str, str]]:
        """(kind, op, id) in their order, of these kinds or of all."""
        return [(c["kind"], c["op"], c["id"]) for c in self.changes if not kinds or c["kind"] in kinds]

    def ids(self, kind: str, op: str = "put") -> list[str]:
        return [thing for _, its, thing in self.ops(kind) if its == op]

    def data(self, kind: str) -> list[JSON]:
        return [c["data"] for c in self.changes if c["kind"] == kind and c["op"] == "put"]

    def kinds(self) -> set[str]:
        return {change["kind"] for change in self.changes}


class Door:
    """The phone's door for somebody; it keeps the cursor."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self.cursor: str | None = None

    async def ask(
        self, cursor: str | None = None, *, locale: str = "en", version: int = 1, **more: Any
    ) -> httpx.Response:
        """One request, as it is."""
        known = {} if cursor is None else {"cursor": cursor}
        return await self.client.post("/sync/pull", json={"locale": locale, "kinds_version": version, **known, **more})

    async def page(self, **asked: Any) -> JSON:
        """The next page."""
        answer = await self.ask(self.cursor, **asked)
        assert answer.status_code == 200, answer.text
        page: JSON = answer.json()
        self.cursor = page["cursor"]
        return page

    async def pull(self, **asked: Any) -> Came:
        """All pages."""
        pages = [await self.page(**asked)]
        while not pages[-1]["complete"]:
            pages.append(await self.page(**asked))
            assert len(pages) < PAGES_MAX, "A pull does not come to an end."
        return Came(pages)

    async def push(self, *mutations: Any) -> list[JSON]:
        """The results."""
        answer = await self.client.post("/sync/push", json={"mutations": list(mutations)})
        assert answer.status_code == 200, answer.text
        results: list[JSON] = answer.json()["results"]
        return results

    async def write(self, exchange: UUID, text: str = "Dear diary") -> str:
        """A new page of the diary; its id."""
        page = page_of(exchange, text)
        assert (await self.push_one(page))["status"] == "applied"
        return str(page["id"])

    async def push_one(self, mutation: JSON) -> JSON:
        [result] = await self.push(mutation)
        return result


async def door(app: TestApp, person: UUID, via: str = "email") -> Door:
    return Door(app.with_token(await make.token(person, via)))


async def knowing(app: TestApp, person: UUID, **asked: Any) -> Door:
    """The door of a phone that has pulled everything."""
    opened = await door(app, person)
    await opened.pull(**asked)
    return opened


def mutation(kind: str, op: str, thing: UUID | str | None = None, base: int = 0, **data: Any) -> JSON:
    """Something that was done offline."""
    named: JSON = {"mutation_id": str(uuid7()), "kind": kind, "id": str(thing or uuid7()), "op": op}
    named |= {"base_version": base, "made_at": MADE_AT}
    return {**named, "data": data} if op == "put" else named


def page_of(
    exchange: UUID, text: str = "Dear diary", thing: UUID | str | None = None, base: int = 0, **data: Any
) -> JSON:
    """A page of a diary, to be pushed."""
    return mutation("entry", "put", thing, base, **make.entry(exchange, text, **data))


def told(result: JSON) -> tuple[str, str]:
    """The status, and the code of the problem where there is one."""
    return result["status"], result.get("problem", {}).get("code", "")


def statuses(results: Iterable[JSON]) -> list[str]:
    return [result["status"] for result in results]


def app_with(settings: Settings, pulled: Iterable[Pulled] = (), pushed: Iterable[Pushed] = ()) -> TestApp:
    """The application with kinds of a test's own, beside those of the house or in their place."""
    app = create_app(settings)
    app.state.kinds = Kinds([*KINDS.pulled.values(), *pulled], [*KINDS.pushed.values(), *pushed])
    return TestApp(app)


def here(world: World) -> SpaceKey:
    """The space of the exchange's members."""
    return SpaceKey("exchange", world.exchange)


async def space_row(kind: SpaceKind, owner: UUID) -> JSON:
    [row] = await Space.select().where(Space.kind == kind, Space.owner == owner)
    return dict(row)


async def rewrite_space(kind: SpaceKind, owner: UUID, **fields: Any) -> None:
    """Write into a space's row what only time or a restore would."""
    values: dict[Any, Any] = {getattr(Space, name): value for name, value in fields.items()}
    async with transaction():
        await Space.update(values).where(Space.kind == kind, Space.owner == owner)


async def prompt(exchange: UUID, **texts: str) -> UUID:
    """A question of the evening, in these languages."""
    row = Prompt(id=uuid7(), exchange=exchange, position=1, texts=msgspec.json.encode(texts).decode())
    async with transaction() as tx:
        await Prompt.insert(row)
        tx.touched(SpaceKey("exchange", exchange), "prompt", row.id)
    return row.id


async def rename(venue: UUID, exchange: UUID, name: str) -> None:
    """Something happens to a venue."""
    async with transaction() as tx:
        await Venue.update({Venue.name: name}).where(Venue.id == venue)
        tx.touched(SpaceKey("exchange", exchange), "venue", venue)


async def demolish(venue: UUID, exchange: UUID) -> None:
    """A venue is no longer there."""
    async with transaction() as tx:
        await Venue.delete().where(Venue.id == venue)
        tx.gone(SpaceKey("exchange", exchange), "venue", venue)


async def age_changes(at: datetime) -> None:
    """All changes happened then."""
    async with transaction():
        await Change.update({Change.at: at}, force=True)


def now() -> datetime:
    return datetime.now(UTC)


async def full_world(app: TestApp) -> World:
    """A world with something of each kind."""
    found = await world()
    await make.small_pack()
    await make.venue(found.exchange)
    await prompt(found.exchange, en="What surprised you?", pl="Co cię zaskoczyło?")
    await make.slot(found.exchange)
    await make.slot(found.exchange, "14:00-15:00", groups=(found.group,))
    leader = await app.as_(found.leader)
    released = await leader.post(f"/exchanges/{found.exchange}/releases")
    author, entry = await app.as_(found.participant), uuid7()
    written = await author.put(f"/journal/entries/{entry}", json=make.entry(found.exchange))
    shared = await author.put(f"/journal/entries/{entry}/sharing", json={"shared_with": "leader"})
    answered = await leader.post(f"/reflections/{entry}/feedback", json={"text": "Well seen"})
    assert [a.is_success for a in (released, written, shared, answered)] == [True] * 4
    return found


__all__ = ["World", "world"]
