"""Pictures of what is planned: members see them through their exchange, whoever may read the pack elsewhere, and nobody else does."""

import hashlib
from typing import Any, NamedTuple
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.activities.workshop import Desk, blocks, pack
from tests.client import TestApp
from tests.exchanges.test_packs import ORIGIN, host_of
from tests.http.worlds import manners, problem
from tests.media import files
from yema.activities.actions.publish import publish_pack
from yema.activities.actions.withdrawing import withdraw_version
from yema.exchanges.tables.exchange import Member

PICTURE = {"key": "hands", "kind": "picture", "text": "Two hands.", "media": "hands.jpg"}


class Illustrated(NamedTuple):
    """An exchange that plans with a pack with a picture; `sha256` is the one of its smallest size."""

    exchange: UUID
    trainer: Desk
    leader: httpx.AsyncClient
    member: httpx.AsyncClient
    person: UUID
    activity: str
    sha256: str

    async def find(self, who: httpx.AsyncClient, sha256: str = "", *, pack: object = None) -> httpx.Response:
        place = f"/exchanges/{self.exchange}/packs/{pack or self.trainer.pack}"
        return await who.get(f"{place}/media/{sha256 or self.sha256}")


async def hand_in(trainer: Desk, content: bytes = files.jpeg((64, 48))) -> str:
    path = f"/packs/{trainer.pack}/media?name=hands.jpg"
    answer = await trainer.client.post(path, content=content, headers={"content-type": "image/jpeg"})
    return str(answer.json()["renditions"][0]["sha256"])


async def desk_of(app: TestApp, organisation: UUID, *, public: bool) -> Desk:
    person = await make.staff(organisation, "trainer")
    client = await app.as_(person)
    made = (await client.post("/packs", json=pack(organisation, public=public))).json()
    return Desk(client, organisation, made["id"], person)


async def plan_in(app: TestApp, *, public: bool = False) -> Illustrated:
    exchange = await make.exchange()
    trainer = await desk_of(app, await host_of(exchange), public=public)
    sha256 = await hand_in(trainer)
    activity = (await trainer.activity(blocks=blocks(PICTURE)))["id"]
    await publish_pack(UUID(trainer.pack))
    person = await make.participant(exchange)
    plan = Illustrated(
        exchange, trainer, await app.as_(await make.leader(exchange)), await app.as_(person), person, activity, sha256
    )
    body = {key: value for key, value in make.draft(activity=activity).items() if key != "title"}
    assert (await plan.leader.post(f"/exchanges/{exchange}/slots", json=body)).status_code == 201
    return plan


@pytest.mark.parametrize("how", ["private", "withdrawn", "public"])
async def test_a_member_sees_the_pictures_of_what_is_planned(app: TestApp, how: str) -> None:
    plan = await plan_in(app, public=how != "private")
    if how == "withdrawn":
        await withdraw_version(UUID(plan.trainer.pack), 1, "Too cold.")

    found = await plan.find(plan.member)

    library = await plan.member.get(f"/packs/{plan.trainer.pack}/media/{plan.sha256}")
    shown = await app.anybody.get(ORIGIN + found.headers["location"])
    assert (found.status_code, library.status_code) == (302, 302 if how == "public" else 404)
    assert found.headers["cache-control"] == "private, no-cache"
    assert (shown.headers["content-type"], hashlib.sha256(shown.content).hexdigest()) == ("image/webp", plan.sha256)


async def test_an_activity_that_is_read_through_the_exchange_names_its_door(app: TestApp) -> None:
    plan = await plan_in(app)

    read = (await plan.member.get(f"/exchanges/{plan.exchange}/activities/{plan.activity}")).json()

    [medium] = [block["media"] for block in read["blocks"] if "media" in block]
    answers = [await plan.member.get(ORIGIN + one["url"]) for one in medium["renditions"]]
    assert [answer.status_code for answer in answers] == [302] * len(medium["renditions"])


async def test_to_strangers_and_those_who_wait_there_is_nothing(app: TestApp) -> None:
    plan = await plan_in(app)
    stranger = await app.as_(await make.leader(await make.exchange("Elsewhere")))
    waiting = await app.as_(await make.participant(plan.exchange, state="pending"))

    answers = [await plan.find(who) for who in (stranger, waiting)]

    assert [manners(answer) for answer in answers] == [problem(404, "not_found")] * 2
    assert (await plan.find(app.anybody)).status_code == 401


async def test_who_has_left_finds_nothing_at_the_next_request(app: TestApp) -> None:
    plan = await plan_in(app)
    before = await plan.find(plan.member)
    [row] = await Member.select(Member.id).where(Member.exchange == plan.exchange, Member.person == plan.person)
    path = f"/exchanges/{plan.exchange}/members/{row['id']}"
    coordinator = await app.as_(await make.coordinator(plan.exchange))
    assert (await coordinator.patch(path, json={"state": "left"})).status_code == 200

    after = await plan.find(plan.member)

    assert (before.status_code, manners(after)) == (302, problem(404, "not_found"))


async def test_only_what_the_kept_version_shows_is_there(app: TestApp) -> None:
    plan = await plan_in(app)
    other = await plan_in(app, public=True)
    newer = await hand_in(plan.trainer, files.jpeg((48, 64)))
    await publish_pack(UUID(plan.trainer.pack))
    another = await hand_in(other.trainer, files.jpeg((32, 32)))

    asked: list[dict[str, Any]] = [
        {"sha256": newer},
        {"sha256": another},
        {"pack": other.trainer.pack},
        {"sha256": another, "pack": other.trainer.pack},
        {"sha256": "0" * 64},
        {"sha256": "hands.jpg"},
    ]
    answers = [await plan.find(plan.leader, **one) for one in asked]

    assert [manners(answer) for answer in answers] == [problem(404, "not_found")] * len(asked)


async def test_with_another_version_come_its_pictures(app: TestApp) -> None:
    plan = await plan_in(app)
    newer = await hand_in(plan.trainer, files.jpeg((48, 64)))
    await publish_pack(UUID(plan.trainer.pack))
    path = f"/exchanges/{plan.exchange}/packs/{plan.trainer.pack}"
    await plan.leader.put(path, json={"version": 2})

    answers = [(await plan.find(plan.member, sha256)).status_code for sha256 in (newer, plan.sha256)]

    assert answers == [302, 404]
