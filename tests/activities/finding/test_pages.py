"""Facets and pages of what was found."""

from typing import Any

import pytest

from tests import make
from tests.activities import library
from tests.client import TestApp


async def _page(app: TestApp, **query: Any) -> dict[str, Any]:
    answer = await app.anybody.get("/activities", params=query)
    assert answer.status_code == 200, answer.text
    page: dict[str, Any] = answer.json()
    return page


async def _titles(app: TestApp, **query: Any) -> list[str]:
    """Of all pages."""
    titles: list[str] = []
    while True:
        page = await _page(app, **query)
        titles += [card["title"] for card in page["items"]]
        if "next_cursor" not in page:
            return titles
        query["cursor"] = page["next_cursor"]


async def test_each_facet_is_counted_with_all_other_filters_and_without_its_own(app: TestApp) -> None:
    made = [
        library.activity("River", method="discussion", energy="calm", tags=["water"], competences=["stem", "digital"]),
        library.activity("Lake", method="discussion", energy="lively", tags=["water", "boat"], competences=["stem"]),
        library.activity("River bank", energy="calm", tags=["water"], settings=["outdoor", "indoor"]),
        library.activity("Mountain", energy="calm", settings=["outdoor"]),
    ]
    number = str(await library.publish(library.pack(made)))

    facets = (await _page(app, q="r", energy="calm", tag="water"))["facets"]

    assert facets == {
        "method": {"discussion": 1, "energiser": 1},
        "competence": {"stem": 1, "digital": 1},
        "setting": {"indoor": 2, "outdoor": 1},
        "energy": {"calm": 2},
        "tag": {"water": 2},
        "pack": {number: 2},
    }
    assert (await _page(app, energy="calm", tag="water"))["facets"]["energy"] == {"calm": 2, "lively": 1}


async def test_facets_stand_on_the_first_page_only(app: TestApp) -> None:
    await library.publish(library.pack([library.activity("One"), library.activity("Two")]))

    first = await _page(app, limit=1)
    second = await _page(app, limit=1, cursor=first["next_cursor"])

    assert ([*first], [*second]) == (["items", "next_cursor", "facets"], ["items"])


@pytest.mark.parametrize("query", [{}, {"q": "river"}, {"energy": "lively"}])
@pytest.mark.parametrize("limit", [1, 2, 3, 200])
async def test_pages_together_are_the_whole(app: TestApp, query: dict[str, str], limit: int) -> None:
    names = [f"River {n}" for n in range(7)]
    await library.publish(library.pack([library.activity(name) for name in names[:4]], slug="a"))
    await library.publish(library.pack([library.activity(name) for name in names[4:]], slug="b"))

    assert await _titles(app, limit=limit, **query) == names


@pytest.mark.parametrize("query", [{}, {"q": "river"}])
async def test_the_next_page_begins_behind_the_last_card_though_others_came_in_between(
    app: TestApp, query: dict[str, str]
) -> None:
    early = library.activity("River 0")
    await library.publish(library.pack([library.activity(f"River {n}") for n in range(1, 5)], slug="b"))
    first = await _page(app, limit=2, **query)

    await library.publish(library.pack([early], slug="a"))

    assert await _titles(app, limit=2, cursor=first["next_cursor"], **query) == ["River 3", "River 4"]


async def test_the_next_page_is_there_though_the_last_card_is_gone(app: TestApp) -> None:
    made = [library.activity(f"River {n}") for n in range(5)]
    source = library.pack(made)
    await library.publish(source)
    first = await _page(app, limit=2)

    del source.activities[0:2], source.head.activities[0:2]
    await library.publish(source)

    assert await _titles(app, limit=2, cursor=first["next_cursor"]) == ["River 4"]


async def test_a_cursor_of_one_search_does_no_harm_in_another(app: TestApp) -> None:
    await library.publish(library.pack([library.activity("River"), library.activity("Lake")]))
    cursor = (await _page(app, limit=1))["next_cursor"]

    assert await _titles(app, q="lake", cursor=cursor) == []


@pytest.mark.parametrize("cursor", ["x", "MTAuMTA", "LTEuMA", "%F0%9F%8E%89", "A" * 200])
async def test_a_cursor_that_is_not_ours_is_refused(app: TestApp, cursor: str) -> None:
    answer = await app.anybody.get(f"/activities?cursor={cursor}")

    assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "bad_cursor")


async def test_a_cursor_from_far_behind_finds_nothing(app: TestApp) -> None:
    await library.publish(library.pack([library.activity("River")]))

    assert await _page(app, cursor="OTk5OTk5OTk5LjAxOTlhM2MwMTc2ZTc1NTE5NjI0Nzg5OWUxNjA2ODc4") == {"items": []}


async def test_what_was_found_has_an_etag_and_is_not_sent_twice(app: TestApp) -> None:
    await make.pack()
    first = await app.anybody.get("/activities?q=river&locale=en")

    again = await app.anybody.get("/activities?q=river&locale=en", headers={"if-none-match": first.headers["etag"]})

    assert (first.headers["content-language"], again.status_code) == ("en", 304)
