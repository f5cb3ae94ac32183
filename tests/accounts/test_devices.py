"""Where a person's pushes go: registering a phone or a browser, and letting go of it."""

import asyncio
import base64
from typing import Any
from uuid import UUID

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests import make
from tests.accounts.doors import refresh, told
from tests.client import TestApp
from yema.accounts.actions import devices
from yema.accounts.actions.sign_in_codes import make_relink_code, use_sign_in_code
from yema.accounts.schemas import DeviceDraft, TokensView
from yema.accounts.signed_in import SignedIn
from yema.accounts.tables import Device, SignIn
from yema.changes import transaction
from yema.erasing import erase
from yema.errors import NotSignedIn
from yema.ids import uuid7

PHONE = {"platform": "android", "channel": "fcm", "token": "token-of-ana", "locale": "pl", "zone": "Europe/Warsaw"}


def browser(**fields: Any) -> dict[str, Any]:
    point = generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return {
        **PHONE,
        "platform": "web",
        "channel": "webpush",
        "token": "https://push.example/send/abc?x=1",
        "keys": {"p256dh": base64.urlsafe_b64encode(point).decode(), "auth": "A" * 22},
        **fields,
    }


async def register(client: httpx.AsyncClient, device: UUID | None = None, **fields: Any) -> httpx.Response:
    return await client.put(f"/me/devices/{device or uuid7()}", json={**PHONE, **fields})


async def rows() -> list[tuple[UUID, UUID, str]]:
    """(device, person, address) of all."""
    found = await Device.select(Device.id, Device.person, Device.address).order_by(Device.registered_at)
    return [(row["id"], row["person"], row["address"]) for row in found]


async def test_a_phone_is_listed_without_its_address(app: TestApp) -> None:
    ana = await app.as_(await make.person())
    device = uuid7()

    made = await register(ana, device)
    listed = await ana.get("/me/devices")

    [item] = listed.json()["items"]
    times = {"made_at": item["made_at"], "registered_at": item["made_at"]}
    shown = {field: PHONE[field] for field in ("platform", "channel", "locale", "zone")}
    assert item == made.json() == {"id": str(device), "current": True, **shown, **times}
    assert PHONE["token"] not in listed.text


async def test_one_who_registers_again_renews(app: TestApp) -> None:
    person, device = await make.person(), uuid7()
    ana = await app.as_(person)
    await register(ana, device)
    async with transaction() as tx:
        await Device.update({Device.gone_at: tx.at}).where(Device.id == device)
    gone = (await ana.get("/me/devices")).json()["items"][0].get("gone_at")

    again = await register(ana, device, token="token-2", locale="uk", zone="Europe/Kyiv")

    assert (gone is None, again.json().get("gone_at")) == (False, None)
    assert (again.json()["locale"], again.json()["zone"]) == ("uk", "Europe/Kyiv")
    assert await rows() == [(device, person, "token-2")]


@pytest.mark.parametrize("same_id", [True, False])
async def test_on_a_shared_phone_the_last_one_who_signed_in_has_it(app: TestApp, same_id: bool) -> None:
    ana, bo = await make.person(), await make.person()
    first, second = uuid7(), uuid7()
    second = first if same_id else second
    phones = {who: await app.as_(who) for who in (ana, bo)}
    found = []

    for who, device in ((ana, first), (bo, second), (ana, first)):
        answer = await register(phones[who], device)
        lists = [len((await phones[one].get("/me/devices")).json()["items"]) for one in (ana, bo)]
        found.append((answer.status_code, lists, await rows()))

    assert found == [
        (200, [1, 0], [(first, ana, PHONE["token"])]),
        (200, [0, 1], [(second, bo, PHONE["token"])]),
        (200, [1, 0], [(first, ana, PHONE["token"])]),
    ]


@pytest.mark.parametrize("first", ["token", "fid"])
async def test_an_installation_is_the_same_by_its_token_and_by_its_id(app: TestApp, first: str) -> None:
    """An app that was updated in between registers the same phone by the other one."""
    ana, bo = await make.person(), await make.person()
    ways: list[dict[str, Any]] = [{"token": "fid-1:APA91-x"}, {"token": "fid-1", "token_kind": "fid"}]
    ways = ways if first == "token" else ways[::-1]
    await register(await app.as_(ana), token="fid-2:APA91-x")
    await register(await app.as_(ana), **ways[0])

    await register(await app.as_(bo), **ways[1])

    assert [(person, address) for _, person, address in await rows()] == [
        (ana, "fid-2:APA91-x"),
        (bo, ways[1]["token"]),
    ]


async def test_a_token_without_an_installation_is_itself(app: TestApp) -> None:
    ana, bo = await make.person(), await make.person()
    await register(await app.as_(ana), token=":a")

    await register(await app.as_(bo), token=":b")

    assert [address for *_, address in await rows()] == [":a", ":b"]


async def test_the_id_of_somebody_elses_other_phone_is_taken(app: TestApp) -> None:
    ana, device = await make.person(), uuid7()
    await register(await app.as_(ana), device)

    answer = await register(await app.as_(await make.person()), device, token="another")

    assert told(answer) == (409, "id_taken")
    assert await rows() == [(device, ana, PHONE["token"])]


async def test_of_sixty_four_who_register_one_phone_at_once_one_has_it(house: Any) -> None:
    people = [await signed_in(await make.tokens(await make.person())) for _ in range(64)]
    draft = DeviceDraft(**PHONE)  # type: ignore[arg-type]

    await asyncio.gather(*(devices.register_device(one, uuid7(), draft, private=False) for one in people))

    assert [address for *_, address in await rows()] == [PHONE["token"]]


async def test_of_one_id_for_sixty_four_phones_one_has_it(house: Any) -> None:
    device = uuid7()
    people = [await signed_in(await make.tokens(await make.person())) for _ in range(64)]
    drafts = [DeviceDraft(**{**PHONE, "token": f"token-{number}"}) for number in range(64)]  # type: ignore[arg-type]

    answers = await asyncio.gather(
        *(
            devices.register_device(one, device, draft, private=False)
            for one, draft in zip(people, drafts, strict=True)
        ),
        return_exceptions=True,
    )

    assert sorted(type(answer).__name__ for answer in answers) == ["IdTaken"] * 63 + ["NoneType"]


async def signed_in(tokens: TokensView) -> SignedIn:
    """Whose tokens these are: the newest sign-in."""
    [row] = await SignIn.select(SignIn.id, SignIn.person).order_by(SignIn.id, ascending=False).limit(1)
    return SignedIn(("en",), row["person"], row["id"], "en", "email", None)


async def test_nobody_removes_or_sees_somebody_elses_device(app: TestApp) -> None:
    ana, eve = await app.as_(await make.person()), await app.as_(await make.person())
    device = uuid7()
    await register(ana, device)

    answers = [told(await eve.delete(f"/me/devices/{one}")) for one in (device, uuid7())]

    assert answers == [(404, "not_found")] * 2
    assert (await eve.get("/me/devices")).json() == {"items": []}
    assert (await ana.delete(f"/me/devices/{device}")).status_code == 204
    assert await rows() == []


async def test_signing_out_takes_the_device_and_leaves_ones_others(app: TestApp) -> None:
    person, kept = await make.person(), uuid7()
    here, there = await app.as_(person), await app.as_(person)
    await register(here)
    await register(there, kept, token="other")

    await here.post("/sign-out")

    assert await rows() == [(kept, person, "other")]


async def test_a_revoked_sign_in_takes_its_device_along(app: TestApp) -> None:
    tokens = await make.tokens(await make.person())
    await register(app.with_token(tokens.access_token))
    new = (await refresh(app, tokens.refresh_token, "rotation-1")).json()
    await refresh(app, new["refresh_token"], "rotation-2")

    replay = await refresh(app, tokens.refresh_token, "rotation-3")

    assert told(replay) == (401, "sign_in_revoked")
    assert await rows() == []


async def test_who_signs_in_anew_on_a_phone_has_it_in_the_new_sign_in(app: TestApp) -> None:
    person, device = await make.person(), uuid7()
    old, new = await app.as_(person), await app.as_(person)
    await register(old, device)
    await register(new, device)

    await old.post("/sign-out")

    assert [item["current"] for item in (await new.get("/me/devices")).json()["items"]] == [True]


async def test_erasing_a_person_takes_their_devices(app: TestApp) -> None:
    person = await make.person()
    await register(await app.as_(person))

    await erase(person)

    assert await rows() == []


async def test_a_sign_in_that_ended_meanwhile_registers_nothing(app: TestApp) -> None:
    who = await signed_in(await make.tokens(await make.person()))
    async with transaction() as tx:
        await SignIn.update({SignIn.ended_at: tx.at}).where(SignIn.id == who.sign_in)

    with pytest.raises(NotSignedIn):
        await devices.register_device(who, uuid7(), DeviceDraft(**PHONE), private=False)  # type: ignore[arg-type]


async def test_an_operators_token_registers_nothing_and_a_relinked_phone_does(app: TestApp) -> None:
    person = await make.person()
    operator = app.with_token(await make.token(person, "operator"))
    code = await make_relink_code(person, by=await make.person())
    relinked = app.with_token((await use_sign_in_code(code, "192.0.2.1")).tokens.access_token)

    assert told(await register(operator)) == (403, "no_device_here")
    assert told(await register(relinked)) == (200, "")


async def test_of_more_than_twenty_the_oldest_go(app: TestApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "DEVICES_MAX", 3)
    ana, ids = await app.as_(await make.person()), [uuid7() for _ in range(4)]
    await register(await app.as_(await make.person()), token="somebody-else")
    for number in (0, 1, 2, 0, 3):
        await register(ana, ids[number], token=f"token-{number}")

    listed = [item["id"] for item in (await ana.get("/me/devices")).json()["items"]]

    assert listed == [str(ids[number]) for number in (3, 0, 2)]
    assert len(await rows()) == 4


async def test_a_browser_is_kept_with_its_keys(app: TestApp) -> None:
    ana, sent = await app.as_(await make.person()), browser()

    answer = await ana.put(f"/me/devices/{uuid7()}", json=sent)

    assert answer.status_code == 200
    [row] = await Device.select(Device.address_kind, Device.address, Device.p256dh, Device.auth)
    point = sent["keys"]["p256dh"].rstrip("=")
    assert row == {"address_kind": "endpoint", "address": sent["token"], "p256dh": point, "auth": "A" * 22}


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"zone": "right/Europe/Warsaw"}, ("/zone", "unknown_zone")),
        ({"zone": "Mars/Olympus"}, ("/zone", "unknown_zone")),
        ({"locale": "xx-nothing"}, ("/locale", "unknown_language")),
        ({"token": "with space"}, ("/token", "bad_characters")),
        ({"platform": "palm"}, ("/platform", "not_allowed")),
        ({"keys": {"p256dh": "A" * 87, "auth": "A" * 22}}, ("/keys", "not_allowed")),
    ],
    ids=str,
)
async def test_what_cannot_be_a_phone_is_refused(app: TestApp, fields: Any, wrong: tuple[str, str]) -> None:
    answer = await register(await app.as_(await make.person()), **fields)

    [error] = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (400, *wrong)
