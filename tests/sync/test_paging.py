"""Pages: a ceiling that does not move, three rounds at most, and nothing lost of what happens meanwhile."""

import asyncio
import contextvars
from collections.abc import Coroutine, Sequence
from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.client import TestApp
from tests.sync.world import JSON, Came, Door, app_with, demolish, door, full_world, knowing, page_of, rename, world
from yema.changes import Pulled, SpaceKey, transaction
from yema.exchanges.synced.people import _venues
from yema.ids import uuid7
from yema.settings import Settings
from yema.sync import pull

BIG = 60 * 1024


async def place(venues: int) -> tuple[UUID, UUID, list[UUID]]:
    """An exchange with so many venues: (exchange, a participant of it, venues)."""
    exchange = await make.exchange()
    person = await make.participant(exchange)
    return exchange, person, [await make.venue(exchange, f"Venue {n}") for n in range(venues)]


def names(came: Came) -> dict[str, str]:
    """What the phone has of venues in the end."""
    found: dict[str, str] = {}
    for change in came.changes:
        if change["kind"] == "venue":
            found.pop(change["id"], None)
            if change["op"] == "put":
                found[change["id"]] = change["data"]["name"]
    return found


@pytest.mark.parametrize("limit", [1, 2, 7])
async def test_small_pages_bring_the_same_as_a_large_one(app: TestApp, limit: int) -> None:
    everything = await full_world(app)
    whole = await (await door(app, everything.leader)).pull(limit=1000)

    small = await (await door(app, everything.leader)).pull(limit=limit)

    assert (small.changes, small.states) == (whole.changes, whole.states)
    assert max(len(page["changes"]) for page in small.pages) == limit
    assert [page["complete"] for page in small.pages] == [False] * (len(small.pages) - 1) + [True]


async def test_a_page_has_five_hundred_changes_where_the_phone_does_not_say(house: Settings) -> None:
    async def ids(person: Any, space: SpaceKey, things: Sequence[UUID]) -> dict[UUID, Any]:
        return {thing: {"id": thing} for thing in things}

    exchange, person, _ = await place(0)
    app = app_with(house, [Pulled("thing", ids)])
    async with transaction() as tx:
        for _ in range(600):
            tx.touched(SpaceKey("exchange", exchange), "thing", uuid7())

    pages = (await (await door(app, person)).pull()).pages
    await app.close()

    assert [len(page["changes"]) for page in pages] == [500, 100 + len(("me", "exchange", "member"))]


async def test_what_changes_before_it_was_shown_comes_once_and_later(app: TestApp) -> None:
    exchange, person, venues = await place(6)
    phone = await door(app, person)

    first = await phone.page(limit=4)
    await rename(venues[5], exchange, "Changed")
    came = await phone.pull(limit=4)

    both = Came([first, *came.pages])
    assert both.ids("venue").count(str(venues[5])) == 1
    assert both.changes[-1]["data"]["name"] == "Changed"
    assert names(both) == {str(v): f"Venue {n}" for n, v in enumerate(venues[:5])} | {str(venues[5]): "Changed"}


async def test_what_changes_after_it_was_shown_comes_again(app: TestApp) -> None:
    exchange, person, venues = await place(6)
    phone = await door(app, person)

    first = await phone.page(limit=5)
    shown = UUID(Came([first]).ids("venue")[0])
    await rename(shown, exchange, "Changed")
    came = await phone.pull(limit=5)

    assert names(Came([first, *came.pages]))[str(shown)] == "Changed"
    assert len(names(Came([first, *came.pages]))) == len(venues)


async def test_what_goes_while_a_phone_is_filled_is_told_as_gone(app: TestApp) -> None:
    """One thing was shown already and one was not; the tombstones stand above the ceiling."""
    exchange, person, _ = await place(6)
    phone = await door(app, person)

    first = await phone.page(limit=5)
    shown = UUID(Came([first]).ids("venue")[0])
    await demolish(shown, exchange)
    came = await phone.pull(limit=5)

    assert str(shown) not in names(Came([first, *came.pages]))
    assert came.ids("venue", "gone") == [str(shown)]


async def test_a_pull_is_complete_only_when_no_space_stands_above_its_ceiling(app: TestApp) -> None:
    exchange, person, venues = await place(4)
    phone = await door(app, person)
    everything = len((await (await door(app, person)).pull()).changes)

    pages = [await phone.page(limit=everything - 1)]
    await rename(venues[0], exchange, "Changed")
    pages.append(await phone.page(limit=1))  # the last one below the ceiling
    pages.append(await phone.page(limit=1))

    assert [page["complete"] for page in pages] == [False, False, True]
    assert [c["data"]["name"] for c in pages[2]["changes"]] == ["Changed"]


async def test_a_writer_that_never_rests_does_not_keep_a_phone_paging(app: TestApp) -> None:
    exchange, person, venues = await place(3)
    phone, pages = await door(app, person), list[JSON]()

    while not pages or not pages[-1]["complete"]:
        for venue in venues:
            await rename(venue, exchange, f"Page {len(pages)}")
        pages.append(await phone.page(limit=2))
        assert len(pages) < 20, "A pull does not come to an end."
    late = await phone.pull()

    # What moves above the ceiling before every page is shown in no round, and then by the pull that comes after the writer.
    assert names(late) == {str(venue): f"Page {len(pages) - 1}" for venue in venues}


async def test_many_new_things_between_pages_all_come_and_after_three_rounds_the_rest_waits(app: TestApp) -> None:
    exchange, person, venues = await place(2)
    phone, pages = await door(app, person), list[JSON]()
    made = {str(venue) for venue in venues}

    while not pages or not pages[-1]["complete"]:
        pages.append(await phone.page(limit=2))
        made |= {str(await make.venue(exchange)) for _ in range(2)}
        assert len(pages) < 20, "A pull does not come to an end."
    left = await phone.pull()

    seen = Came(pages).ids("venue")
    assert len(set(seen)) == len(seen) < len(made)
    assert {*seen, *left.ids("venue")} == made


async def test_pages_end_by_bytes(app: TestApp) -> None:
    """Long pages of a diary: a page of them is half a mebibyte, and the one thing that went over it."""
    everybody = await world()
    phone = await door(app, everybody.participant)
    texts = {f"{n} ".ljust(BIG, "x") for n in range(20)}
    for text in texts:
        await phone.push_one(page_of(everybody.exchange, text))

    came = await phone.pull(limit=1000)

    sizes = [sum(len(str(change.get("data"))) for change in page["changes"]) for page in came.pages]
    assert {data["text"] for data in came.data("entry")} == texts
    assert len(came.ids("entry")) == len(texts)
    assert max(sizes) < pull.PAGE_BYTES + 2 * BIG
    assert len(came.pages) == 3


async def test_a_page_that_is_asked_for_again_is_the_same(app: TestApp) -> None:
    _, person, _ = await place(5)
    phone = await door(app, person)
    await phone.page(limit=3)

    lost, again = [(await phone.ask(phone.cursor, limit=3)).json() for _ in range(2)]

    assert lost == again


async def test_a_new_space_that_appears_while_paging_is_filled_too(app: TestApp) -> None:
    _, person, _ = await place(4)
    phone = await door(app, person)

    first = await phone.page(limit=2)
    other = await make.exchange("Other")
    venue = await make.venue(other)
    await make.participant(other, who=person)
    came = Came([first, *(await phone.pull(limit=2)).pages])

    assert (came.states.count(("exchange", "ok")), str(venue) in came.ids("venue")) == (2, True)


async def test_a_space_that_is_left_while_paging_is_dropped(app: TestApp) -> None:
    exchange, person, _ = await place(4)
    phone = await door(app, person)

    first = await phone.page(limit=3)
    await phone.client.delete(f"/exchanges/{exchange}/members/me")
    rest = await phone.pull(limit=3)

    assert (("exchange", "left") in rest.states, rest.ids("venue")) == (True, [])
    assert first["changes"][-1]["kind"] != "me"


def beside(work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
    """Somebody else's work: it knows nothing of the transaction or the snapshot of who starts it."""
    return asyncio.get_running_loop().create_task(work, context=contextvars.Context())


async def test_a_page_is_of_one_moment(house: Settings) -> None:
    """Somebody renames two venues together while a page is made, when one of them was already read."""
    exchange, person, (one, other) = await place(2)
    moments = iter(["first"])

    async def slowly(reader: Any, space: SpaceKey, ids: Sequence[UUID]) -> dict[UUID, Any]:
        early = await _venues(reader, space, [one])
        if next(moments, None):
            await beside(rename(one, exchange, "New"))
            await beside(rename(other, exchange, "New"))
        return {**await _venues(reader, space, [other]), **early}

    app = app_with(house, [Pulled("venue", slowly)])
    phone = await door(app, person)

    first, then = await phone.pull(), await phone.pull()
    await app.close()

    assert sorted(data["name"] for data in first.data("venue")[:2]) == ["Venue 0", "Venue 1"]
    assert sorted(data["name"] for data in [*first.data("venue")[2:], *then.data("venue")]) == ["New", "New"]


async def test_phones_that_pull_at_once_all_get_everything(app: TestApp) -> None:
    everything = await full_world(app)
    phone = await door(app, everything.leader)
    alone = (await phone.pull()).changes

    together = await asyncio.gather(*(Door(phone.client).pull(limit=3) for _ in range(12)))

    assert [came.changes for came in together] == [alone] * 12


async def test_phones_of_one_person_have_a_cursor_each(app: TestApp) -> None:
    exchange, person, venues = await place(1)
    first, second = await knowing(app, person), await knowing(app, person)

    await rename(venues[0], exchange, "New")

    assert [(await phone.pull()).ids("venue") for phone in (first, second, first)] == [[str(venues[0])]] * 2 + [[]]
