"""The itinerary: by days, in the reader's language, and sent again only when it is different."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.world import World, world
from yema.activities.tables import Activity

TITLES = {"en": "Swimming", "pl": "Pływanie"}


async def itinerary(client: httpx.AsyncClient, exchange: UUID, **params: str) -> dict[str, Any]:
    answer = await client.get(f"/exchanges/{exchange}/itinerary", params=params)
    assert answer.status_code == 200
    return dict(answer.json())


async def test_slots_stand_under_the_day_of_the_exchanges_zone(app: TestApp) -> None:
    exchange = await make.exchange(zone="Pacific/Auckland")
    client = await app.as_(await make.leader(exchange))
    early = await make.slot(exchange, "11:00-11:30", zone="UTC")
    late = await make.slot(exchange, "12:30-13:00", zone="UTC")

    found = await itinerary(client, exchange, view="plan")

    next_day = (make.DAY + timedelta(1)).isoformat()
    assert [(day["date"], [(slot["id"], slot["starts_at"]) for slot in day["slots"]]) for day in found["days"]] == [
        (make.DAY.isoformat(), [(str(early), "2027-07-14T11:00:00Z")]),
        (next_day, [(str(late), "2027-07-14T12:30:00Z")]),
    ]


async def test_slots_of_a_day_stand_in_the_order_of_time(app: TestApp) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.leader(exchange))
    late, early, between = [await make.slot(exchange, h) for h in ("15:00-16:00", "08:00-09:00", "10:00-18:00")]
    await client.post(f"/exchanges/{exchange}/releases")

    views = [await itinerary(client, exchange, view=view) for view in ("plan", "released")]

    assert [[slot["id"] for slot in view["days"][0]["slots"]] for view in views] == [
        [str(early), str(between), str(late)]
    ] * 2


async def test_what_is_released_is_seen_as_it_was_then(app: TestApp) -> None:
    exchange = await make.exchange()
    leader, participant = await app.as_(await make.leader(exchange)), await app.as_(await make.participant(exchange))
    slot = await make.slot(exchange, title="Released")
    await leader.post(f"/exchanges/{exchange}/releases")
    await make.slot(exchange, "12:00-13:00", title="Only planned")
    await leader.patch(f"/slots/{slot}", json={"title": "Changed"}, headers={"If-Match": "*"})

    seen = [await itinerary(participant, exchange), await itinerary(leader, exchange, view="plan")]

    assert [[s["title"] for s in one["days"][0]["slots"]] for one in seen] == [
        ["Released"],
        ["Changed", "Only planned"],
    ]


@pytest.mark.parametrize(
    ("asked", "title", "locale"),
    [
        ({"locale": "pl"}, "Pływanie", "pl"),
        ({"locale": "en"}, "Swimming", "en"),
        ({"locale": "pl-PL"}, "Pływanie", "pl"),
        ({"locale": "de"}, "Swimming", "en"),
    ],
)
async def test_a_title_is_shown_in_the_readers_language_and_says_which(
    app: TestApp, asked: dict[str, str], title: str, locale: str
) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.leader(exchange))
    body = make.draft(title=TITLES["en"], locale="en")
    slot = (await client.post(f"/exchanges/{exchange}/slots", json=body)).json()["id"]
    change = {"title": TITLES["pl"], "locale": "pl"}
    await client.patch(f"/slots/{slot}", json=change, headers={"If-Match": "*"})
    await client.post(f"/exchanges/{exchange}/releases")

    found = [await itinerary(client, exchange, view=view, **asked) for view in ("plan", "released")]

    slots = [one["days"][0]["slots"][0] for one in found]
    assert [(s["title"], s["title_locale"]) for s in slots] == [(title, locale)] * 2


@pytest.mark.parametrize("view", ["plan", "released"])
async def test_a_slot_without_a_title_has_that_of_its_activity(app: TestApp, view: str) -> None:
    exchange, pack = await make.exchange(), await make.pack()
    client = await app.as_(await make.leader(exchange))
    [activity] = await Activity.select(Activity.id).where(Activity.pack == pack, Activity.slug == "evening-harbour")
    await make.slot(exchange, title="", activity=activity["id"])
    await client.post(f"/exchanges/{exchange}/releases")

    found = {}
    for locale in ("en", "pl"):
        card = (await client.get(f"/activities/{activity['id']}", params={"locale": locale})).json()
        slot = (await itinerary(client, exchange, view=view, locale=locale))["days"][0]["slots"][0]
        found[locale] = (slot["title"] == card["title"], slot["title_locale"])

    assert found == {"en": (True, "en"), "pl": (True, "pl")}


async def test_a_slot_without_any_title_has_none(app: TestApp) -> None:
    exchange = await make.exchange()
    client, slot = await app.as_(await make.leader(exchange)), await make.slot(exchange, title="")

    answer = await client.get(f"/slots/{slot}")

    assert {"title", "title_locale"} & answer.json().keys() == set()


async def read_released(app: TestApp, w: World) -> tuple[httpx.AsyncClient, str]:
    """A participant who has read the itinerary, and its ETag."""
    await make.slot(w.exchange)
    await (await app.as_(w.leader)).post(f"/exchanges/{w.exchange}/releases")
    reader = await app.as_(w.participant)
    return reader, (await reader.get(f"/exchanges/{w.exchange}/itinerary")).headers["etag"]


async def again(reader: httpx.AsyncClient, w: World, etag: str, **params: str) -> int:
    answer = await reader.get(f"/exchanges/{w.exchange}/itinerary", params=params, headers={"If-None-Match": etag})
    return answer.status_code


async def test_what_a_reader_cannot_see_does_not_change_their_itinerary(app: TestApp) -> None:
    w = await world()
    reader, etag = await read_released(app, w)
    leader, other = await app.as_(w.leader), await app.as_(w.participant2)

    slot = await make.slot(w.exchange, "12:00-13:00", title="Only planned")
    await leader.patch(f"/slots/{slot}", json={"title": "Other"}, headers={"If-Match": "*"})
    entry = make.entry(w.exchange)
    await other.put("/journal/entries/01990000-0000-7000-8000-000000000001", json=entry)
    await other.put("/journal/entries/01990000-0000-7000-8000-000000000001/sharing", json={"shared_with": "group"})
    await make.slot(w.elsewhere)
    await (await app.as_(w.stranger)).post(f"/exchanges/{w.elsewhere}/releases")

    assert await again(reader, w, etag) == 304


async def test_a_release_changes_the_itinerary(app: TestApp) -> None:
    w = await world()
    reader, etag = await read_released(app, w)

    await make.slot(w.exchange, "12:00-13:00")
    await (await app.as_(w.leader)).post(f"/exchanges/{w.exchange}/releases")

    assert await again(reader, w, etag) == 200


async def test_another_language_is_another_itinerary(app: TestApp) -> None:
    w = await world()
    reader, etag = await read_released(app, w)

    assert (await again(reader, w, etag), await again(reader, w, etag, locale="pl")) == (304, 200)


async def test_the_etag_of_another_reader_is_worth_nothing(app: TestApp) -> None:
    w = await world()
    _, etag = await read_released(app, w)

    assert await again(await app.as_(w.participant2), w, etag) == 200


async def test_the_etag_of_a_release_is_worth_nothing_for_the_plan(app: TestApp) -> None:
    w = await world()
    await read_released(app, w)
    leader = await app.as_(w.leader)
    etag = (await leader.get(f"/exchanges/{w.exchange}/itinerary")).headers["etag"]

    assert await again(leader, w, etag, view="plan") == 200


async def test_whoever_left_is_not_told_that_nothing_changed(app: TestApp) -> None:
    w = await world()
    reader, etag = await read_released(app, w)

    await reader.delete(f"/exchanges/{w.exchange}/members/me")

    assert await again(reader, w, etag) == 404


async def test_a_changed_plan_is_another_one(app: TestApp) -> None:
    w = await world()
    leader, slot = await app.as_(w.leader), await make.slot(w.exchange)
    etag = (await leader.get(f"/exchanges/{w.exchange}/itinerary", params={"view": "plan"})).headers["etag"]

    before = await again(leader, w, etag, view="plan")
    await leader.patch(f"/slots/{slot}", json={"title": "Other"}, headers={"If-Match": "*"})

    assert (before, await again(leader, w, etag, view="plan")) == (304, 200)
