"""The programme on paper."""

from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import httpx
import pytest

from tests import make
from tests.client import TestApp
from tests.exchanges.events import START, event
from tests.exchanges.test_feeds import released
from tests.exchanges.world import World, world
from yema.exchanges.calendars.printing import Entry, Sheet, page_of
from yema.i18n import CATALOGUES

HOSTILE = "<script>alert('&\"')</script>"


def sheet(*entries: Entry, title: str = "Water connects us", release: int | None = 3) -> Sheet:
    return Sheet(title, date(2027, 7, 14), date(2027, 7, 21), "Europe/Warsaw", release, entries)


class _Page(HTMLParser):
    """The tags of a page with their attributes, and its text outside of the style."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said: list[str] = []
        self._open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        self.tags.append((tag, dict(attributes)))
        if tag != "meta":
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "style" not in self._open and data.strip():
            self.said.append(data.strip())


def said(page: str) -> list[str]:
    return _Page(page).said


async def printed(app: TestApp, w: World, who: Any, query: str = "") -> httpx.Response:
    return await (await app.as_(who)).get(f"/exchanges/{w.exchange}/programme.html{query}")


def test_a_line_says_when_what_where_for_whom_and_who_is_responsible() -> None:
    one = event(kind="activity", kind_name="Activity", title="Boats", venue="Lake", room="Pier")

    found = said(page_of(sheet(Entry(one, groups=["Poland", "Spain"], responsible=["Ola"])), ("en-GB",)))

    assert found[found.index("Release 3") + 1 :] == [
        *("Wednesday, 14 July 2027", "10:00", "–", "11:00", "Boats", "Activity"),
        *("Lake", ",", "Pier", "For whom", ":", "Poland", ",", "Spain", "Responsible", ":", "Ola"),
    ]


def test_what_was_cancelled_is_struck_through_and_says_so() -> None:
    page = page_of(sheet(Entry(event(cancelled=True), moved=True)), ("en",))

    assert '<tr class="off">' in page
    assert "Cancelled" in said(page)


def test_chosen_people_are_not_named() -> None:
    assert said(page_of(sheet(Entry(event(), chosen=True)), ("en",)))[-3:] == ["For whom", ":", "Chosen people"]


def test_an_end_on_another_day_says_which() -> None:
    page = page_of(sheet(Entry(event(ends_at=START + timedelta(days=1)))), ("en-GB",))

    assert "(Thu)" in said(page)


def test_times_of_another_zone_name_it() -> None:
    here, there = event(), event(zone="Europe/Lisbon")

    pages = [said(page_of(sheet(Entry(one)), ("en",))) for one in (here, there)]

    assert ["Western European Summer Time" in one for one in pages] == [False, True]


def test_days_begin_on_pages_of_their_own() -> None:
    page = page_of(sheet(Entry(event()), Entry(event(starts_at=START + timedelta(days=1)))), ("en",))

    assert page.count('<section class="day">') == 2
    assert ".day + .day { break-before: page" in page


def test_one_day_is_printed_alone() -> None:
    entries = [Entry(event(title=f"Day {n}", starts_at=START + timedelta(days=n))) for n in range(3)]

    found = said(page_of(sheet(*entries), ("en",), date(2027, 7, 15)))

    assert [text for text in found if text.startswith("Day")] == ["Day 1"]


def test_a_day_without_anything_says_so() -> None:
    assert said(page_of(sheet(), ("en",)))[-1] == "Nothing is planned."


def test_all_that_somebody_wrote_is_escaped() -> None:
    one = event(title=HOSTILE, kind_name=HOSTILE, venue=HOSTILE, room=HOSTILE, locale='en" onload="x')

    page = page_of(sheet(Entry(one, groups=[HOSTILE], responsible=[HOSTILE]), title=HOSTILE), ("ar",))

    assert "<script" not in page
    assert [name for tag, attributes in _Page(page).tags for name in attributes if name.startswith("on")] == []
    assert said(page).count(HOSTILE) == 7


@pytest.mark.parametrize("language", CATALOGUES)
def test_a_page_is_whole_in_every_language(language: str) -> None:
    page = _Page(page_of(sheet(Entry(event(), groups=["A", "B"], responsible=["C"])), (language,)))

    [html] = [attributes for tag, attributes in page.tags if tag == "html"]
    assert html == {"lang": language, "dir": "rtl" if language == "ar" else "ltr"}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (("en-GB",), "Wednesday, 14 July 2027"),
        (("pl",), "środa, 14 lipca 2027"),
        (("ar",), "الأربعاء، 14 يوليو 2027"),
        (("sw", "de"), "Mittwoch, 14. Juli 2027"),
        ((), "Wednesday, 14 July 2027"),
    ],
)
def test_dates_are_in_the_language_of_the_words(wanted: tuple[str, ...], expected: str) -> None:
    assert expected in said(page_of(sheet(Entry(event())), wanted))


def test_a_page_needs_nothing_from_elsewhere() -> None:
    tags = _Page(page_of(sheet(Entry(event())), ("en",))).tags

    assert {tag for tag, _ in tags} & {"script", "link", "img", "iframe", "object", "form", "a"} == set()
    assert [name for _, attributes in tags for name in attributes if name in ("src", "href", "style")] == []


async def test_members_print_what_was_released_to_them(app: TestApp) -> None:
    w = await world()
    await make.slot(w.exchange, title="All", responsible=(w.leader,))
    await make.slot(w.exchange, title="Group", groups=(w.group,))
    await make.slot(w.exchange, title="Group 2", groups=(w.group2,))
    await make.slot(w.exchange, title="Others", people=(w.groupmate,))
    await released(app, w)
    await make.slot(w.exchange, title="Not told yet")

    answer = await printed(app, w, w.participant)

    found = said(answer.text)
    named = ("All", "Group", "Group 2", "Others", "Not told yet")
    assert [title for title in named if title in found] == ["All", "Group"]
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["content-security-policy"] == "default-src 'none'; style-src 'unsafe-inline'"


async def test_only_leaders_print_the_plan(app: TestApp) -> None:
    w = await world()
    await make.slot(w.exchange, title="Not told yet", groups=(w.group2,))

    answers = [await printed(app, w, who, "?view=plan") for who in (w.leader, w.participant)]

    assert [answer.status_code for answer in answers] == [200, 403]
    assert [text in said(answers[0].text) for text in ("Not told yet", "For whom", "ES")] == [True] * 3


async def test_who_has_left_is_no_longer_named(app: TestApp) -> None:
    w = await world()
    ola = await make.leader(w.exchange, w.group, name="Ola")
    await make.slot(w.exchange, responsible=(ola,))
    await released(app, w)
    before = ["Ola" in (await printed(app, w, w.participant)).text for _ in range(3)]

    await (await app.as_(ola)).delete(f"/exchanges/{w.exchange}/members/me")

    assert (before, "Ola" in (await printed(app, w, w.participant)).text) == ([True] * 3, False)


async def test_a_page_is_in_the_language_that_is_asked_for(app: TestApp) -> None:
    w = await world()
    await make.slot(w.exchange)
    await released(app, w)

    answer = await printed(app, w, w.participant, "?locale=ar")

    assert (answer.headers["content-language"], 'dir="rtl"' in answer.text) == ("ar", True)


@pytest.mark.parametrize("day", ["2027-02-31", "14.07.2027", "tomorrow", "2027-7-14", ""])
async def test_a_day_that_no_calendar_has_is_refused(app: TestApp, day: str) -> None:
    w = await world()

    answer = await printed(app, w, w.leader, f"?day={day}")

    assert (answer.status_code, answer.json()["code"]) == (400, "invalid")


async def test_a_page_that_is_known_is_not_sent_again(app: TestApp) -> None:
    w = await world()
    await make.slot(w.exchange)
    await released(app, w)
    client = await app.as_(w.participant)
    path = f"/exchanges/{w.exchange}/programme.html?day=2027-07-14"
    tag = (await client.get(path)).headers["etag"]

    answers = [await client.get(path, headers={"if-none-match": tag}) for _ in range(2)]
    other = await client.get(path.replace("-07-14", "-07-15"), headers={"if-none-match": tag})

    assert [answer.status_code for answer in (*answers, other)] == [304, 304, 200]
