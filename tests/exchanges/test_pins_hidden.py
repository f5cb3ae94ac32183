"""What a plan and its packs tell whom: leaders of other houses and curious ones learn nothing of what is not theirs to plan with."""

from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
import yaml

from tests import make
from tests.activities import packs
from tests.client import TestApp
from tests.exchanges.test_packs import Plan, blocks, host_of, plan_in
from yema.activities.actions.store import store_pack
from yema.activities.actions.withdrawing import withdraw_version
from yema.activities.packfile import read_pack
from yema.ids import uuid7


async def in_the_workshop(tmp_path: Path, *, organisation: UUID | None = None) -> tuple[UUID, str]:
    """A public pack of which nothing was published yet, and its activity."""
    draft = packs.activity("secret", "Secret")
    place = packs.folder(tmp_path, draft)
    return await store_pack(read_pack(place), organisation=organisation, public=True), draft["id"]


async def draft_of(plan: Plan) -> str:
    """A new activity of the plan's own pack that was not published yet."""
    new = packs.activity("secret", "Secret")
    packs.edit(plan.place / "pack.yaml", activities=["lake", "hill", "secret"])
    (plan.place / "activities" / "secret.yaml").write_text(yaml.safe_dump(new), "utf-8")
    await store_pack(read_pack(plan.place), organisation=await host_of(plan.exchange), public=plan.public)
    return str(new["id"])


def told(answer: httpx.Response) -> tuple[int, dict[str, Any]]:
    """All but the number of the request."""
    return answer.status_code, {key: value for key, value in answer.json().items() if key != "request_id"}


@pytest.mark.parametrize("withdrawn", [False, True])
async def test_what_may_not_be_planned_is_refused_in_the_words_for_what_is_not_there(
    app: TestApp, tmp_path: Path, withdrawn: bool
) -> None:
    plan, theirs = await plan_in(app, tmp_path), await plan_in(app, tmp_path, public=False)
    gone, lost = await plan_in(app, tmp_path), await in_the_workshop(tmp_path)
    await withdraw_version(gone.pack, 1)
    for one in (plan, theirs):
        await one.schedule(one.lake)
    draft = await draft_of(plan)
    if withdrawn:
        await withdraw_version(plan.pack, 1)
    slot = (await plan.leader.post(f"/exchanges/{plan.exchange}/slots", json=make.draft())).json()["id"]
    hidden = {"private": theirs.lake, "never published": lost[1], "withdrawn": gone.lake, "a draft of ours": draft}

    nothing = str(uuid7())
    expected = told(await plan.schedule(nothing))
    change = {"activity": nothing}
    not_changed = told(await plan.leader.patch(f"/slots/{slot}", json=change, headers={"If-Match": "*"}))

    assert (expected[0], expected[1]["code"]) == (400, "not_of_this_exchange")
    for activity in hidden.values():
        answer = await plan.leader.patch(f"/slots/{slot}", json={"activity": activity}, headers={"If-Match": "*"})
        assert (told(await plan.schedule(activity)), told(answer)) == (expected, not_changed)


async def test_what_is_not_planned_is_read_through_no_exchange_and_said_in_the_same_words(
    app: TestApp, tmp_path: Path
) -> None:
    plan, theirs = await plan_in(app, tmp_path), await plan_in(app, tmp_path, public=False)
    for one in (plan, theirs):
        await one.schedule(one.lake)
    lost = await in_the_workshop(tmp_path)
    [file] = await theirs.pulled(theirs.member)
    ours = f"/exchanges/{plan.exchange}"

    async def asked(pack: object, activity: object) -> list[tuple[int, dict[str, Any]]]:
        return [
            told(await plan.leader.get(f"{ours}/activities/{activity}")),
            told(await plan.leader.get(f"{ours}/packs/{pack}/en/{file['sha256']}")),
            told(await plan.leader.get(f"{ours}/packs/{pack}/media/{file['sha256']}")),
            told(await plan.leader.put(f"{ours}/packs/{pack}", json={"version": 1})),
        ]

    nothing = await asked(uuid7(), uuid7())

    assert [(status, body["code"]) for status, body in nothing] == [(404, "not_found")] * 4
    assert await asked(theirs.pack, theirs.lake) == nothing
    assert await asked(lost[0], lost[1]) == nothing


async def test_before_the_release_a_participant_learns_of_the_pack_and_of_no_slot(app: TestApp, tmp_path: Path) -> None:
    plan = await plan_in(app, tmp_path)
    slot = (await plan.schedule(plan.lake)).json()["id"]

    changes = (await plan.member.post("/sync/pull", json={"locale": "en", "kinds_version": 2})).json()["changes"]
    answers = [
        (await plan.member.get(path)).status_code
        for path in (
            f"/exchanges/{plan.exchange}/packs",
            f"/exchanges/{plan.exchange}/itinerary?view=plan",
            f"/slots/{slot}",
        )
    ]

    of_plans = [change["data"] for change in changes if change["kind"] in ("planned_pack", "slot", "released_slot")]
    assert [(one["pack"], plan.lake in str(one)) for one in of_plans] == [(str(plan.pack), False)]
    assert (answers, await plan.titles(plan.member, "released")) == ([403, 403, 404], [])


async def test_leaders_go_back_to_the_version_before_the_one_that_was_withdrawn(app: TestApp, tmp_path: Path) -> None:
    plan = await plan_in(app, tmp_path)
    await plan.schedule(plan.lake)
    await plan.write(blocks=blocks("Ocean"))
    await plan.take(2)
    await withdraw_version(plan.pack, 2, "Too deep.")

    [offered] = (await plan.leader.get(f"/exchanges/{plan.exchange}/packs")).json()["items"]
    back = await plan.take(1)
    again = await plan.take(2)

    assert (offered["withdrawn"], offered["reason"], offered["latest"]) == (True, "Too deep.", 1)
    assert (back.status_code, back.json()["version"], again.status_code, again.json()["code"]) == (
        200,
        1,
        409,
        "version_withdrawn",
    )
    assert ((await plan.schedule(plan.hill)).status_code, await plan.titles(plan.leader)) == (201, ["Lake", "Hill"])


async def test_a_withdrawn_pack_that_is_published_again_is_offered_and_taken(app: TestApp, tmp_path: Path) -> None:
    plan = await plan_in(app, tmp_path, public=False)
    await plan.schedule(plan.lake)
    await withdraw_version(plan.pack, 1, "Too cold.")
    refused = await plan.schedule(plan.hill)
    await plan.write(blocks=blocks("Warm lake"))

    [told_now] = await plan.pulled(plan.member)
    await plan.take(2)

    assert (refused.json()["code"], told_now["version"], told_now["newer"]) == ("version_withdrawn", 1, 2)
    assert ((await plan.schedule(plan.hill)).status_code, (await plan.pulled(plan.member))[0]["version"]) == (201, 2)


async def test_a_cancelled_slot_is_told_with_its_title_in_every_language(app: TestApp, tmp_path: Path) -> None:
    plan = await plan_in(app, tmp_path)
    packs.po(plan.place, "pl", hill__title=("Hill", "Wzgórze"))
    await plan.write()
    slot = (await plan.schedule(plan.hill)).json()["id"]
    await plan.leader.post(f"/exchanges/{plan.exchange}/releases")
    await plan.leader.delete(f"/slots/{slot}", headers={"If-Match": "*"})
    (plan.place / "po" / "pl.po").unlink()
    await plan.write("hill")

    taken = await plan.take(3)
    await plan.leader.post(f"/exchanges/{plan.exchange}/releases")

    seen = [
        (await plan.member.get(f"/slots/{slot}", headers={"Accept-Language": language})).json()
        for language in ("en", "pl")
    ]
    assert (taken.status_code, [(one["title"], one["state"]) for one in seen]) == (
        200,
        [("Hill", "cancelled"), ("Wzgórze", "cancelled")],
    )
