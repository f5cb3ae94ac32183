"""An exchange keeps the versions that it planned with, until its leaders take others."""

from pathlib import Path
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest
import yaml

from tests import make
from tests.activities import packs
from tests.client import TestApp
from yema.activities.actions.publish import publish_pack
from yema.activities.actions.store import store_pack
from yema.activities.actions.withdrawing import withdraw_version
from yema.activities.packfile import read_pack
from yema.exchanges.tables.exchange import Exchange
from yema.exchanges.tables.plan import ExchangePack

ORIGIN = "http://yema.test"


class Plan(NamedTuple):
    """An exchange whose leader plans with a pack that can go on being written."""

    exchange: UUID
    leader: httpx.AsyncClient
    member: httpx.AsyncClient
    place: Path
    pack: UUID
    public: bool
    lake: str
    hill: str

    async def write(self, *gone: str, **lake: Any) -> None:
        """Change the lake's title or fields, take activities out, and publish."""
        packs.edit(self.place / "activities" / "lake.yaml", **lake)
        if gone:
            stay = [slug for slug in ("lake", "hill") if slug not in gone]
            packs.edit(self.place / "pack.yaml", activities=stay)
            for slug in gone:
                (self.place / "activities" / f"{slug}.yaml").unlink()
        await store_pack(read_pack(self.place), organisation=await host_of(self.exchange), public=self.public)
        await publish_pack(self.pack)

    async def schedule(self, activity: str, **fields: Any) -> httpx.Response:
        body = {k: v for k, v in make.draft(activity=activity, **fields).items() if k != "title"}
        return await self.leader.post(f"/exchanges/{self.exchange}/slots", json=body)

    async def titles(self, who: httpx.AsyncClient, view: str = "plan") -> list[str]:
        found = (await who.get(f"/exchanges/{self.exchange}/itinerary?view={view}")).json()
        return [slot["title"] for day in found["days"] for slot in day["slots"]]

    async def take(self, number: int, **headers: str) -> httpx.Response:
        path = f"/exchanges/{self.exchange}/packs/{self.pack}"
        return await self.leader.put(path, json={"version": number}, headers=headers)

    async def pulled(self, who: httpx.AsyncClient, kind: str = "planned_pack") -> list[dict[str, Any]]:
        asked = {"locale": "en", "kinds_version": 2}
        changes = (await who.post("/sync/pull", json=asked)).json()["changes"]
        return [change["data"] for change in changes if change["kind"] == kind]


async def host_of(exchange: UUID) -> UUID:
    [row] = await Exchange.select(Exchange.organisation).where(Exchange.id == exchange)
    host: UUID = row["organisation"]
    return host


async def plan_in(app: TestApp, tmp_path: Path, *, public: bool = True) -> Plan:
    exchange = await make.exchange()
    lake, hill = packs.activity("lake", "Lake"), packs.activity("hill", "Hill")
    place = packs.folder(tmp_path, lake, hill)
    pack = await packs.published(place, organisation=await host_of(exchange), public=public)
    leader, member = await app.as_(await make.leader(exchange)), await app.as_(await make.participant(exchange))
    return Plan(exchange, leader, member, place, pack, public, lake["id"], hill["id"])


def blocks(title: str) -> list[dict[str, str]]:
    return [
        {"key": "title", "kind": "title", "text": title},
        {"key": "summary", "kind": "summary", "text": "Short."},
    ]


@pytest.fixture(params=["public", "private"])
async def plan(app: TestApp, tmp_path: Path, request: pytest.FixtureRequest) -> Plan:
    return await plan_in(app, tmp_path, public=request.param == "public")


async def test_a_plan_stays_with_the_version_that_it_began_with(plan: Plan) -> None:
    await plan.schedule(plan.lake)

    await plan.write(blocks=blocks("Ocean"))
    await plan.schedule(plan.lake)

    read = (await plan.member.get(f"/exchanges/{plan.exchange}/activities/{plan.lake}")).json()
    assert (await plan.titles(plan.leader), read["title"], read["version"]) == (["Lake", "Lake"], "Lake", 1)


async def test_members_read_what_is_planned_and_nobody_else_does(app: TestApp, plan: Plan) -> None:
    await plan.schedule(plan.lake)
    stranger = await app.as_(await make.participant(await make.exchange("Elsewhere")))
    path = f"/exchanges/{plan.exchange}/activities"

    found = [
        (await who.get(f"{path}/{activity}")).status_code
        for who in (plan.member, stranger, app.anybody)
        for activity in (plan.lake, plan.hill, plan.pack)
    ]

    assert found == [200, 200, 404, 404, 404, 404, 401, 401, 401]


async def test_a_phone_is_told_where_the_file_is_and_gets_it(plan: Plan) -> None:
    await plan.schedule(plan.lake)

    [told] = await plan.pulled(plan.member)

    answer = await plan.member.get(ORIGIN + told["url"])
    place = f"packs/{plan.pack}/versions/1" if plan.public else f"exchanges/{plan.exchange}/packs/{plan.pack}"
    assert told["url"] == f"/api/v1/{place}/en/{told['sha256']}"
    assert (told["version"], "newer" in told, len(answer.content), answer.json()["version"]) == (
        1,
        False,
        told["bytes"],
        1,
    )
    visible = "public" if plan.public else "private"
    assert answer.headers["cache-control"] == f"{visible}, max-age=31536000, immutable"


async def test_older_phones_are_not_told_of_planned_packs(plan: Plan) -> None:
    await plan.schedule(plan.lake)

    changes = (await plan.member.post("/sync/pull", json={"locale": "en", "kinds_version": 1})).json()["changes"]

    assert {change["kind"] for change in changes} & {"planned_pack"} == set()


async def test_leaders_are_offered_a_newer_version_with_what_changed(plan: Plan) -> None:
    await plan.schedule(plan.lake)
    await plan.write(blocks=blocks("Ocean"))

    [offered] = (await plan.leader.get(f"/exchanges/{plan.exchange}/packs")).json()["items"]

    [lake] = offered["changes"]["activities"]
    [block] = lake["blocks"]
    assert (offered["version"], offered["latest"], offered["withdrawn"]) == (1, 2, False)
    assert (lake["title"], block["before"], block["after"]) == ("Ocean", "Lake", "Ocean")
    assert [told["newer"] for told in await plan.pulled(plan.member)] == [2]


async def test_a_version_that_was_taken_changes_the_plan_and_is_told_by_the_next_release(plan: Plan) -> None:
    await plan.schedule(plan.lake)
    await plan.leader.post(f"/exchanges/{plan.exchange}/releases")
    await plan.write(blocks=blocks("Ocean"))

    taken = await plan.take(2, **{"If-Match": "1"})

    before = await plan.titles(plan.leader), await plan.titles(plan.member, "released")
    release = (await plan.leader.post(f"/exchanges/{plan.exchange}/releases")).json()
    assert (taken.status_code, taken.json()["version"], "latest" in taken.json()) == (200, 2, False)
    assert before == (["Ocean"], ["Lake"])
    assert (len(release["difference"]["changed"]), await plan.titles(plan.member, "released")) == (1, ["Ocean"])
    assert [(told["version"], "newer" in told) for told in await plan.pulled(plan.member)] == [(2, False)]


async def test_taking_a_version_needs_the_one_that_was_seen(plan: Plan) -> None:
    await plan.schedule(plan.lake)
    for title in ("Ocean", "Sea"):
        await plan.write(blocks=blocks(title))
    await plan.take(2)

    answer = await plan.take(3, **{"If-Match": "1"})

    assert (answer.status_code, answer.json()["current"]["version"]) == (412, 2)


async def test_a_version_without_a_planned_activity_is_refused_and_the_slots_are_named(plan: Plan) -> None:
    slot = (await plan.schedule(plan.hill)).json()["id"]
    await plan.write("hill")

    answer = await plan.take(2)

    assert (answer.status_code, answer.json()["code"]) == (409, "slots_need_it")
    assert [(e["pointer"], "Hill" in e["detail"]) for e in answer.json()["errors"]] == [(f"/slots/{slot}", True)]
    assert (await plan.titles(plan.leader), (await plan.pulled(plan.member))[0]["version"]) == (["Hill"], 1)


async def test_a_cancelled_slot_keeps_its_title_as_its_own(plan: Plan) -> None:
    slot = (await plan.schedule(plan.hill)).json()["id"]
    await plan.leader.delete(f"/slots/{slot}", headers={"If-Match": "*"})
    await plan.write("hill")

    answer = await plan.take(2)

    assert (answer.status_code, await plan.titles(plan.leader)) == (200, ["Hill"])


async def test_an_activity_of_a_newer_version_waits_until_that_one_is_taken(app: TestApp, plan: Plan) -> None:
    await plan.schedule(plan.lake)
    new = packs.activity("wood", "Wood")
    (plan.place / "activities" / "wood.yaml").write_text(yaml.safe_dump(new), "utf-8")
    packs.edit(plan.place / "pack.yaml", activities=["lake", "hill", "wood"])
    await plan.write()

    before = await plan.schedule(new["id"])
    await plan.take(2)
    after = await plan.schedule(new["id"])

    assert (before.status_code, before.json()["code"], after.status_code) == (409, "not_in_planned_version", 201)


async def test_who_planned_with_a_withdrawn_version_reads_it_on_and_plans_nothing_new(app: TestApp, plan: Plan) -> None:
    slot = (await plan.schedule(plan.lake)).json()["id"]
    [before] = await plan.pulled(plan.member)
    await withdraw_version(plan.pack, 1, "Too cold.")

    [told] = await plan.pulled(plan.member)
    file = await plan.member.get(ORIGIN + told["url"])
    new = await plan.schedule(plan.hill)
    moved = await plan.leader.patch(f"/slots/{slot}", json={"title": "Ours"}, headers={"If-Match": "*"})
    [offered] = (await plan.leader.get(f"/exchanges/{plan.exchange}/packs")).json()["items"]
    elsewhere = await make.exchange("Elsewhere")
    theirs = await app.as_(await make.leader(elsewhere))
    stranger = await theirs.post(f"/exchanges/{elsewhere}/slots", json=make.draft(activity=plan.lake))

    assert told["url"] == f"/api/v1/exchanges/{plan.exchange}/packs/{plan.pack}/en/{before['sha256']}"
    assert (file.status_code, file.json()["version"]) == (200, 1)
    assert (new.status_code, new.json()["code"], moved.status_code) == (409, "version_withdrawn", 200)
    assert (offered["withdrawn"], offered["reason"], "latest" in offered) == (True, "Too cold.", False)
    assert (stranger.status_code, stranger.json()["code"]) == (400, "not_of_this_exchange")


async def test_an_organisations_own_pack_is_planned_by_its_own_exchanges_only(app: TestApp, tmp_path: Path) -> None:
    plan = await plan_in(app, tmp_path, public=False)
    elsewhere = await make.exchange("Elsewhere")
    theirs = await app.as_(await make.leader(elsewhere))

    own = await plan.schedule(plan.lake)
    other = await theirs.post(f"/exchanges/{elsewhere}/slots", json=make.draft(activity=plan.lake))

    assert (own.status_code, other.status_code, other.json()["code"]) == (201, 400, "not_of_this_exchange")
    assert (await plan.member.get(f"/packs/{plan.pack}")).status_code == 404


async def test_changing_to_another_activity_keeps_its_pack_too(plan: Plan) -> None:
    slot = (await plan.leader.post(f"/exchanges/{plan.exchange}/slots", json=make.draft())).json()["id"]

    change = {"activity": plan.lake}
    answer = await plan.leader.patch(f"/slots/{slot}", json=change, headers={"If-Match": "*"})

    assert (answer.status_code, await ExchangePack.select(ExchangePack.pack, ExchangePack.number)) == (
        200,
        [{"pack": plan.pack, "number": 1}],
    )


@pytest.mark.parametrize("number", [3, 2**31 - 1])
async def test_a_version_that_is_not_there_is_not_taken(plan: Plan, number: int) -> None:
    await plan.schedule(plan.lake)

    assert (await plan.take(number)).status_code == 404
