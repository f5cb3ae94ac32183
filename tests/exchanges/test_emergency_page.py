"""Emergency sheets on paper."""

from html.parser import HTMLParser

import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.sheets_world import group_door, written
from tests.exchanges.world import World, world
from yema.changes import SpaceKey, transaction
from yema.exchanges.tables.exchange import Venue

EVIL = "<script>alert(1)</script>\"'&"


class Seen(HTMLParser):
    """Tags with their attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


async def main_venue(w: World, name: str, address: str) -> None:
    await make.venue(w.exchange, "Another place")
    venue = await make.venue(w.exchange, name)
    async with transaction() as tx:
        await Venue.update({Venue.main: True, Venue.address: address}).where(Venue.id == venue)
        tx.touched(SpaceKey("exchange", w.exchange), "venue", venue)


async def printed(app: TestApp, w: World, locale: str = "en") -> str:
    answer = await (await app.as_(w.leader)).get(f"{group_door(w)}.html?locale={locale}")
    assert (answer.status_code, answer.headers["content-language"]) == (200, locale)
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    return answer.text


async def test_the_page_says_whom_to_call_where_one_is_and_what_is_known_of_each(app: TestApp) -> None:
    w = await world()
    await main_venue(w, "Mill", "Mill Lane 1, Sopot")
    await written(app, w, w.participant)

    text = Seen(await printed(app, w)).text

    order = ["112", "Mill", "Mill Lane 1, Sopot", "Another place", "Maria Nowak", "+48 600 000 000", "Warta", "Nuts"]
    places = [text.find(word) for word in order]
    assert (places == sorted(places), -1 in places, text.count("No emergency sheet was written.")) == (True, False, 2)


@pytest.mark.parametrize(("locale", "direction"), [("en", "ltr"), ("pl", "ltr"), ("uk", "ltr"), ("ar", "rtl")])
async def test_the_page_is_in_the_leaders_language_and_direction(app: TestApp, locale: str, direction: str) -> None:
    w = await world()

    [html, *_] = Seen(await printed(app, w, locale)).tags

    assert html == ("html", {"lang": locale, "dir": direction})


async def test_numbers_go_from_left_to_right_and_texts_find_their_own_direction(app: TestApp) -> None:
    w = await world()
    await written(app, w, w.participant)

    page = await printed(app, w, "ar")

    assert ('<bdi dir="ltr">+48 600 000 000</bdi>' in page, '<dd dir="auto">Nuts</dd>' in page) == (True, True)


async def test_what_people_wrote_is_text_and_nothing_is_fetched_or_run(app: TestApp) -> None:
    w = await world()
    await main_venue(w, EVIL, EVIL)
    contact = {"name": EVIL, "relation": EVIL, "phone": "+48 600"}
    fields = dict.fromkeys(("allergies", "diet", "medication", "notes"), EVIL)
    await written(app, w, w.participant, contacts=[contact], insurance={"insurer": EVIL, "policy": EVIL}, **fields)

    answer = await (await app.as_(w.leader)).get(group_door(w) + ".html")
    seen = Seen(answer.text)

    assert ("script" in {tag for tag, _ in seen.tags}, seen.text.count(EVIL)) == (False, 10)
    assert [attrs for _, attrs in seen.tags if {"src", "href"} & attrs.keys()] == []
    assert answer.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"
