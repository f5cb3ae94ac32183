"""The inbox: all that a person was told, seen on one phone and quiet on the others."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from litestar import Litestar

from tests import make
from tests.accounts.doors import logged, told
from tests.client import TestApp
from tests.notifications.doors import BEGAN, line, states, way
from tests.notifications.kinds import kind
from tests.notifications.people import device
from yema.changes.notified import About, Addressee, Message, NotificationKind
from yema.changes.one_look import read_once
from yema.ids import uuid7
from yema.notifications.tables import Delivery


async def _tongues(about: About, addressees: list[Addressee]) -> list[Message | None]:
    """Says who reads, and in which languages."""
    return [Message(str(one.person), " ".join(one.wanted)) for one in addressees]


async def _broken(about: About, addressees: list[Addressee]) -> list[Message | None]:
    raise KeyError("of another version")


_reads: list[str] = []


async def _reading(about: About, addressees: list[Addressee]) -> list[Message | None]:
    """Reads something for each line, and says how often it was read in all."""

    async def read() -> int:
        _reads.append(about["says"])
        return len(_reads)

    return [Message("Read", str(await read_once("all of it", read))) for _ in addressees]


@pytest.fixture(autouse=True)
def kinds(litestar_app: Litestar, monkeypatch: pytest.MonkeyPatch) -> None:
    tongues = NotificationKind(name="tongues", title="Tongues", events={}, word=_tongues, roles=frozenset())  # type: ignore[arg-type]
    reading = NotificationKind(name="reading", title="Reading", events={}, word=_reading, roles=frozenset())  # type: ignore[arg-type]
    _reads.clear()
    broken = NotificationKind(name="broken", title="Broken", events={}, word=_broken, roles=frozenset())  # type: ignore[arg-type]
    monkeypatch.setattr(litestar_app.state, "notifications", (kind(), tongues, broken, reading))


async def bodies(client: httpx.AsyncClient, query: str = "") -> list[str]:
    return [item["body"] for item in (await client.get(f"/notifications{query}")).json()["items"]]


async def test_a_line_has_words_and_ids_and_says_when(app: TestApp) -> None:
    ana, exchange = await make.person(), uuid7()
    about = {"says": "hello", "slot": "7", "count": 2, "venue": None}
    one = await line(ana, minutes=5, about=about, exchange=exchange, urgent=True)

    answer = await (await app.as_(ana)).get("/notifications")

    assert answer.json() == {
        "items": [
            {
                "id": str(one),
                "kind": "trial",
                "title": "Told",
                "body": "hello",
                "made_at": "2027-07-14T08:00:00Z",
                "told_at": "2027-07-14T08:05:00Z",
                "urgent": True,
                "about": {"says": "hello", "slot": "7", "count": "2"},
                "exchange": str(exchange),
            }
        ]
    }


async def test_everybody_reads_their_own_in_their_language(app: TestApp) -> None:
    ana, bo = await make.person(locale="pl"), await make.person(locale="uk")
    for who in (ana, bo):
        await line(who, kind="tongues")

    answer = await (await app.as_(ana)).get("/notifications", headers={"accept-language": "ar"})

    assert [(item["title"], item["body"]) for item in answer.json()["items"]] == [(str(ana), "ar pl")]
    assert answer.headers["content-language"] == "ar"


async def test_what_several_lines_need_is_read_once_for_a_page_and_anew_for_the_next(app: TestApp) -> None:
    ana = await make.person()
    for minutes in range(3):
        await line(ana, kind="reading", minutes=minutes)
    client = await app.as_(ana)

    assert [await bodies(client), await bodies(client)] == [["1"] * 3, ["2"] * 3]


async def test_a_page_has_fifty_lines_at_most(app: TestApp) -> None:
    ana = await make.person()
    for minutes in range(60):
        await line(ana, minutes=minutes)
    client = await app.as_(ana)

    first = (await client.get("/notifications?limit=200")).json()
    second = (await client.get(f"/notifications?limit=200&cursor={first['next_cursor']}")).json()

    assert (len(first["items"]), len(second["items"]), "next_cursor" in second) == (50, 10, False)


async def test_what_has_not_changed_is_not_sent_again(app: TestApp) -> None:
    ana = await make.person()
    await line(ana)
    client = await app.as_(ana)
    tag = (await client.get("/notifications")).headers["etag"]

    same = await client.get("/notifications", headers={"if-none-match": tag})
    await line(ana, "more")
    other = await client.get("/notifications", headers={"if-none-match": tag})

    assert (same.status_code, other.status_code) == (304, 200)


async def test_what_holds_no_longer_is_left_out_and_so_is_what_nobody_can_word(app: TestApp) -> None:
    ana = await make.person()
    await line(ana, "hello", minutes=1)
    await line(ana, "nothing", minutes=2)
    await line(ana, kind="retired", minutes=3)
    await line(ana, kind="broken", minutes=4)
    lines = logged()

    found = await bodies(await app.as_(ana))

    assert found == ["hello"]
    assert "notification_without_words" in lines.getvalue()
    assert "another version" not in lines.getvalue()


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 200])
async def test_all_pages_hold_each_of_them_once_the_last_told_first(app: TestApp, limit: int) -> None:
    ana = await make.person()
    lines = [
        (number // 2, await line(ana, "nothing" if number == 3 else "hello", minutes=number // 2))
        for number in range(7)
    ]
    client, found, cursor = await app.as_(ana), [], ""
    while True:
        page = (await client.get(f"/notifications?limit={limit}{cursor}")).json()
        found += [item["id"] for item in page["items"]]
        if "next_cursor" not in page:
            break
        cursor = f"&cursor={page['next_cursor']}"

    del lines[3]
    assert found == [str(one) for _, one in sorted(lines, reverse=True)]


@pytest.mark.parametrize("cursor", ["x", "eA", "MjAyNy0wNy0xNFQwODowMDowMCB4", "MDAwMS0wMS0wMVQwMDowMDowMFogMA", "%00"])
async def test_a_cursor_of_somebody_elses_making_is_refused(app: TestApp, cursor: str) -> None:
    answer = await (await app.as_(await make.person())).get(f"/notifications?cursor={cursor}")

    assert told(answer) == (400, "invalid")


async def test_what_was_seen_is_quiet_everywhere(app: TestApp) -> None:
    ana = await make.person()
    first, second = await line(ana, "first"), await line(ana, "second", minutes=1)
    for one in (first, second):
        await way(one, ana, await device(ana))
        await way(one, ana, await device(ana), state="sent")
    client = await app.as_(ana)

    answers = [(await client.post(f"/notifications/{first}/seen", json={})).status_code for _ in range(2)]

    [_, seen] = (await client.get("/notifications")).json()["items"]
    assert answers == [204, 204]
    assert await bodies(client, "?unseen=true") == ["second"]
    assert (seen["id"], "seen_at" in seen) == (str(first), True)
    assert await states() == ["moot", "sent", "waiting", "sent"]


async def test_seeing_it_again_does_not_change_when(app: TestApp) -> None:
    ana = await make.person()
    one, client = await line(ana), await app.as_(ana)

    times = []
    for _ in range(2):
        await client.post(f"/notifications/{one}/seen", json={})
        times.append((await client.get("/notifications")).json()["items"][0]["seen_at"])

    assert times[0] == times[1]


async def test_all_is_seen_that_was_told_until_then(app: TestApp) -> None:
    ana, bo = await make.person(), await make.person()
    for minutes in (0, 1, 2):
        await way(await line(ana, f"after {minutes}", minutes=minutes), ana, await device(ana))
    await way(await line(bo, "Bo's"), bo, await device(bo))
    client = await app.as_(ana)
    until = (BEGAN + timedelta(hours=2, minutes=1)).isoformat().replace("+00:00", "+02:00")

    answer = await client.post("/notifications/seen", json={"until": until})

    assert answer.status_code == 204
    assert await bodies(client, "?unseen=true") == ["after 2"]
    assert await bodies(await app.as_(bo), "?unseen=true") == ["Bo's"]
    assert await states() == ["moot", "moot", "waiting", "waiting"]


async def test_without_an_instant_all_of_mine_is_seen(app: TestApp) -> None:
    ana = await make.person()
    await line(ana, minutes=-10_000_000)
    client = await app.as_(ana)

    await client.post("/notifications/seen", json={})

    assert await bodies(client, "?unseen=true") == []


async def shown(*deliveries: UUID) -> list[bool]:
    rows = {row["id"]: row["shown_at"] for row in await Delivery.select(Delivery.id, Delivery.shown_at)}
    return [rows[one] is not None for one in deliveries]


async def test_it_was_shown_on_one_device_or_on_all(app: TestApp) -> None:
    ana = await make.person()
    phone, tablet, one, client = await device(ana), await device(ana), await line(ana), await app.as_(ana)
    ways = [await way(one, ana, phone, state="sent"), await way(one, ana, tablet, state="sent")]
    other = await way(await line(ana), ana, phone)

    first = await client.post(f"/notifications/{one}/shown", json={"device": str(phone)})
    on_one = await shown(*ways, other)
    second = await client.post(f"/notifications/{one}/shown", json={})

    assert (first.status_code, second.status_code) == (204, 204)
    assert (on_one, await shown(*ways, other)) == ([True, False, False], [True, True, False])


async def test_only_the_first_time_counts(app: TestApp) -> None:
    ana = await make.person()
    phone, one, client = await device(ana), await line(ana), await app.as_(ana)
    await way(one, ana, phone, shown_at=BEGAN)

    for body in ({}, {"device": str(phone)}):
        await client.post(f"/notifications/{one}/shown", json=body)

    assert [row["shown_at"] for row in await Delivery.select(Delivery.shown_at)] == [BEGAN]


async def test_what_is_somebody_elses_is_not_there(app: TestApp) -> None:
    ana, eve = await make.person(), await make.person()
    anas, eves, phone = await line(ana), await line(eve), await device(ana)
    ways = [await way(anas, ana, phone), await way(eves, eve, await device(eve))]
    client = await app.as_(eve)
    asked: list[tuple[str, dict[str, Any] | None]] = [
        (f"/notifications/{anas}/seen", {}),
        (f"/notifications/{anas}/shown", {}),
        (f"/notifications/{anas}/shown", {"device": str(phone)}),
        (f"/notifications/{eves}/shown", {"device": str(phone)}),
        (f"/notifications/{eves}/shown", {"device": str(uuid7())}),
        (f"/notifications/{uuid7()}/seen", {}),
    ]

    answers = [told(await client.post(path, json=body)) for path, body in asked]

    assert answers == [(404, "not_found")] * len(asked)
    assert (await states(), await shown(*ways)) == (["waiting", "waiting"], [False, False])
    assert await bodies(await app.as_(ana), "?unseen=true") == ["hello"]


@pytest.mark.parametrize("same_id", [True, False])
async def test_what_was_on_its_way_to_who_had_the_phone_before_never_arrives(app: TestApp, same_id: bool) -> None:
    ana, bo, phone = await make.person(), await make.person(), uuid7()
    draft = {"platform": "ios", "channel": "fcm", "token": "shared", "locale": "pl", "zone": "Europe/Warsaw"}
    await (await app.as_(ana)).put(f"/me/devices/{phone}", json=draft)
    await way(await line(ana), ana, phone, topic="bus")
    bos = phone if same_id else uuid7()

    moved = await (await app.as_(bo)).put(f"/me/devices/{bos}", json=draft)
    await way(await line(bo), bo, bos, topic="bus")

    assert moved.status_code == 200
    assert [row["person"] for row in await Delivery.select(Delivery.person)] == [bo]
    assert await bodies(await app.as_(ana)) == ["hello"]


async def test_a_browser_reads_the_key_of_this_house(app: TestApp) -> None:
    client = await app.as_(await make.person())

    keys = [(await client.get("/notifications/web-push-key")).json()["key"] for _ in range(2)]

    assert (len(keys[0]), keys[0] == keys[1]) == (87, True)
