"""Lists come a page at a time, and nothing is lost or shown twice."""

from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import make
from tests.client import TestApp
from tests.http.worlds import a_world, document, manners, operations, pointers, problem
from yema.errors import Invalid
from yema.http.paging import Page, id_position, page, position

FOREIGN_CURSORS = ("", "!", "abc", "AAAA", "ż", "MjAwMDAwMDAwMDAwMDAwMA", "LTE", "eA", "_-_-", "=" * 8)


async def _walk(client: httpx.AsyncClient, path: str, limit: int) -> list[dict[str, Any]]:
    pages, cursor = [], ""
    while True:
        found = (await client.get(f"{path}?limit={limit}{cursor}")).json()
        pages.append(found)
        assert len(pages) < 50
        if "next_cursor" not in found:
            return pages
        cursor = f"&cursor={found['next_cursor']}"


async def test_walking_the_activities_shows_each_of_them_once(app: TestApp) -> None:
    await make.pack()
    whole = (await app.anybody.get("/activities")).json()["items"]

    pages = await _walk(app.anybody, "/activities", 1)

    assert [found["items"] for found in pages] == [[card] for card in whole]
    assert len(whole) == 10


async def test_walking_the_members_shows_each_of_them_once(app: TestApp) -> None:
    exchange = await make.exchange()
    people = [await make.leader(exchange), *[await make.participant(exchange) for _ in range(4)]]

    pages = await _walk(await app.as_(people[0]), f"/exchanges/{exchange}/members", 1)

    assert sorted(item["person"] for found in pages for item in found["items"]) == sorted(map(str, people))
    assert len(pages) == 5


@pytest.mark.parametrize("limit", [2, 4, 5])
async def test_the_last_page_has_no_cursor(app: TestApp, limit: int) -> None:
    exchange = await make.exchange()
    people = [await make.leader(exchange), *[await make.participant(exchange) for _ in range(3)]]

    pages = await _walk(await app.as_(people[0]), f"/exchanges/{exchange}/members", limit)

    assert [len(found["items"]) for found in pages] == ([2, 2] if limit == 2 else [4])


async def test_a_limit_outside_1_to_200_is_refused_by_every_list(app: TestApp) -> None:
    world, described = await a_world(app), await document(app)
    found = {}
    for path, method, operation in operations(described):
        if method == "get" and any(parameter["name"] == "limit" for parameter in operation["parameters"]):
            for limit in ("0", "201", "-1", "x"):
                answer = await world.client.get(world.path(path), params={"limit": limit})
                found[operation["operationId"], limit] = (answer.status_code, pointers(answer))
            found[operation["operationId"], "200"] = ((await world.client.get(world.path(path))).status_code, [])

    assert found == {key: (200, []) if key[1] == "200" else (400, [("/limit", "invalid")]) for key in found}
    assert len(found) >= 5 * 7


async def test_a_cursor_that_is_not_ours_is_refused_by_every_list(app: TestApp) -> None:
    world, described = await a_world(app), await document(app)
    found = {}
    for path, method, operation in operations(described):
        if method == "get" and any(parameter["name"] == "cursor" for parameter in operation["parameters"]):
            for cursor in FOREIGN_CURSORS:
                answer = await world.client.get(world.path(path), params={"cursor": cursor})
                found[operation["operationId"], cursor] = (*manners(answer), pointers(answer))

    assert found == dict.fromkeys(found, (*problem(400, "invalid"), [("/cursor", "bad_cursor")]))
    assert len(found) >= 7 * len(FOREIGN_CURSORS)


async def test_a_page_past_the_end_is_empty(app: TestApp) -> None:
    await make.small_pack()

    assert (await app.anybody.get("/activities?cursor=OTk5")).json() == {"items": []}


@given(st.text())
def test_a_cursor_leads_back_to_its_key(key: str) -> None:
    try:
        made = page([1, 2], 1, lambda _: key)
    except UnicodeEncodeError:
        return

    assert isinstance(made.next_cursor, str)
    assert (made.items, position(made.next_cursor)) == ([1], key)


@given(st.text(alphabet=st.characters(exclude_categories=["Lu", "Ll", "Nd"]), min_size=1))
def test_any_other_cursor_is_refused_in_words(cursor: str) -> None:
    with pytest.raises(Invalid) as caught:
        id_position(cursor)

    assert [(field.pointer, field.code) for field in caught.value.fields] == [("/cursor", "bad_cursor")]


def test_a_page_that_is_all_has_no_cursor() -> None:
    assert page([1, 2], 2, lambda _: "b") == Page(items=[1, 2])
