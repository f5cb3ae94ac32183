"""A stage on which what was read changes."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import httpx
import time_machine

from tests import make
from tests.activities import packs
from tests.client import TestApp
from yema.accounts.tables import Staff
from yema.activities.actions.store import store_pack
from yema.activities.packfile import read_pack
from yema.changes import SpaceKey, transaction
from yema.exchanges.tables.exchange import Member

LONG = "Long enough to be worth compressing. " * 40


class Stage:
    """A participant of one group, who also works for an organisation with a pack of its own; and what they read."""

    def __init__(self, app: TestApp, folder: Path, clock: time_machine.Traveller) -> None:
        self.app = app
        self.folder = folder
        self.clock = clock

    async def set_up(self) -> None:
        self.organisation = await make.organisation()
        self.person = await make.staff(self.organisation)
        public, private = (packs.activity(slug, slug.title()) for slug in ("lake", "secret"))
        public["blocks"][1]["text"] = LONG
        self.pack = packs.folder(self.folder, public)
        packs.po(self.pack, "pl", lake__title=("Lake", "Jezioro"))
        await packs.published(self.pack)
        own = packs.folder(self.folder, private, slug="own")
        await packs.published(own, organisation=self.organisation, public=False)
        self.activity = public["id"]

        self.exchange = await make.exchange()
        self.group, self.other_group = await make.group(self.exchange, "PL"), await make.group(self.exchange, "DE")
        await make.participant(self.exchange, self.group, who=self.person)
        self.coordinator = await self.app.as_(await make.coordinator(self.exchange))
        await make.slot(self.exchange, "09:00-10:00", title="", activity=UUID(self.activity))
        await make.slot(self.exchange, "10:00-11:00", title="Ours", groups=(self.group,))
        await make.slot(self.exchange, "10:00-11:00", title="Theirs", groups=(self.other_group,))
        await self.release()

        self.token = await make.token(self.person)
        itinerary = f"/exchanges/{self.exchange}/itinerary"
        self.paths = {
            "itinerary": itinerary,
            "itinerary, if changed": itinerary,
            "activities": "/activities",
            "activity": f"/activities/{self.activity}",
            "own activity": f"/activities/{private['id']}",
        }
        tag = (await self.ask("itinerary")).headers["etag"]
        self.headers = {"itinerary, if changed": {"if-none-match": tag}}

    headers: dict[str, dict[str, str]] = {}

    async def ask(self, read: str, app: TestApp | None = None) -> httpx.Response:
        """Always the same request, with the same headers."""
        client = (app or self.app).with_token(self.token)
        return await client.get(self.paths[read], headers=self.headers.get(read))

    async def settle(self, read: str, app: TestApp | None = None) -> httpx.Response:
        """Ask until the next answer would be a replay: the first request may have to fill the shelf, the second is kept."""
        await self.ask(read, app)
        return await self.ask(read, app)

    async def ask_around(self, read: str, change: "Change") -> httpx.Response:
        """The answer after something has changed that stood in the way of no request before."""
        before = await self.settle(read)
        assert before.status_code == (304 if read == "itinerary, if changed" else 200)
        await change(self)
        return await self.ask(read)

    async def member_id(self) -> UUID:
        [row] = await Member.select(Member.id).where(Member.person == self.person)
        found: UUID = row["id"]
        return found

    async def change_member(self, **fields: str) -> None:
        answer = await self.coordinator.patch(
            f"/exchanges/{self.exchange}/members/{await self.member_id()}", json=fields
        )
        assert answer.status_code == 200

    async def release(self) -> None:
        assert (await self.coordinator.post(f"/exchanges/{self.exchange}/releases")).status_code == 201


Change = Callable[[Stage], Awaitable[None]]


async def signs_out(stage: Stage) -> None:
    assert (await stage.app.with_token(stage.token).post("/sign-out")).status_code == 204


async def waits_for_an_hour(stage: Stage) -> None:
    stage.clock.shift(timedelta(hours=1, seconds=1))


async def is_suspended(stage: Stage) -> None:
    await make.suspend(stage.person)


async def leaves(stage: Stage) -> None:
    answer = await (await stage.app.as_(stage.person)).delete(f"/exchanges/{stage.exchange}/members/me")
    assert answer.status_code == 204


async def is_removed(stage: Stage) -> None:
    await stage.change_member(state="left")


async def is_deleted(stage: Stage) -> None:
    member = await stage.member_id()
    async with transaction() as tx:
        await Member.delete().where(Member.id == member)
        tx.gone(SpaceKey("exchange", stage.exchange), "member", member)


async def moves(stage: Stage) -> None:
    await stage.change_member(group=str(stage.other_group))


async def hears_of_a_release(stage: Stage) -> None:
    await make.slot(stage.exchange, "15:00-16:00", title="New")
    await stage.release()


async def gets_a_new_version(stage: Stage) -> None:
    blocks = packs.activity("lake", "Ocean")["blocks"]
    packs.edit(stage.pack / "activities" / "lake.yaml", blocks=blocks)
    await packs.published(stage.pack)


async def takes_the_new_version(stage: Stage) -> None:
    place = f"/exchanges/{stage.exchange}/packs"
    [planned] = (await stage.coordinator.get(place)).json()["items"]
    answer = await stage.coordinator.put(f"{place}/{planned['pack']}", json={"version": planned["latest"]})
    assert answer.status_code == 200


async def speaks_polish(stage: Stage) -> None:
    assert (await (await stage.app.as_(stage.person)).patch("/me", json={"locale": "pl"})).status_code == 200


async def is_staff_no_more(stage: Stage) -> None:
    async with transaction():
        await Staff.delete().where(Staff.person == stage.person)


async def loses_the_public_pack(stage: Stage) -> None:
    await store_pack(read_pack(stage.pack), organisation=await make.organisation("Another"), public=False)
