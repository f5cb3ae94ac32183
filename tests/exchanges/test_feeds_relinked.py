"""The secret address of a calendar and a re-link: whoever had the lost phone, or made the code, reads on with nothing."""

from uuid import UUID

import httpx

from tests import make
from tests.accounts.diaries import phone_of
from tests.accounts.doors import by_code, member_id, told
from tests.client import TestApp
from tests.exchanges.test_feeds import SITE, address_of, read
from tests.exchanges.world import World, world
from tests.sync.world import door


async def relink_code(app: TestApp, w: World, person: UUID) -> str:
    path = f"/exchanges/{w.exchange}/members/{await member_id(w.exchange, person)}/relink"
    return str((await (await app.as_(w.leader)).post(path)).json()["code"])


async def relinked(app: TestApp, w: World, person: UUID) -> httpx.AsyncClient:
    """The phone on which the leader's code was used."""
    return phone_of(app, await by_code(app, await relink_code(app, w, person)))


async def test_a_relink_ends_the_address_of_the_lost_phone_and_phones_hear_of_it(app: TestApp) -> None:
    w = await world()
    old, phone = await address_of(app, w.participant), await door(app, w.participant)
    first = (await phone.pull()).data("me")

    await relinked(app, w, w.participant)

    after = (await phone.pull()).data("me")
    assert ["calendar_url" in me for me in (*first, *after)] == [True, False]
    assert (await read(app, old)).status_code == 404


async def test_a_code_that_nobody_uses_ends_no_address(app: TestApp) -> None:
    w = await world()
    address = await address_of(app, w.participant)

    await relink_code(app, w, w.participant)

    assert (await read(app, address)).status_code == 200


async def test_a_relinked_phone_neither_sees_an_address_nor_makes_one(app: TestApp) -> None:
    w = await world()
    phone = await relinked(app, w, w.participant)
    await address_of(app, w.participant)  # on another phone of theirs

    refused = told(await phone.post("/me/calendar"))
    pulled = await phone.post("/sync/pull", json={"locale": "en", "kinds_version": 3, "limit": 500})

    assert refused == (403, "diary_closed")
    assert "calendar_url" not in (await phone.get("/me")).json()
    assert "calendar_url" not in pulled.text


async def test_once_somebody_has_vouched_the_relinked_phone_makes_an_address(app: TestApp) -> None:
    w = await world()
    phone = await relinked(app, w, w.participant)
    vouching = await app.as_(await make.coordinator(w.exchange))
    member = await member_id(w.exchange, w.participant)
    await vouching.post(f"/exchanges/{w.exchange}/members/{member}/diary-opening")

    made = await phone.post("/me/calendar")

    assert made.status_code == 201
    assert (await read(app, SITE + made.json()["calendar_url"])).status_code == 200
