"""Which language a reader wants."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yema.i18n import is_tag, nearest, normalise, wanted_tags
from yema.i18n.negotiate import HEADER_MAX, TAG_MAX

HEADER = st.lists(st.sampled_from(["pl", "de-AT", "*", ";q=0.5", ";q=0", ",", " ", ";Q=1", "xx", "é", "\x00"])).map(
    "".join
)
TAGS = st.text() | st.from_regex(r"[A-Za-z_-]{1,25}", fullmatch=True)


def accept(header: str) -> tuple[str, ...]:
    return wanted_tags(None, header, None)


@pytest.mark.parametrize(
    ("header", "tags"),
    [
        ("pl", ("pl",)),
        ("pl, de", ("pl", "de")),
        ("pl;q=0.5, de;q=0.8, fr", ("fr", "de", "pl")),
        ("pl;q=0.8, de;q=0.8", ("pl", "de")),
        ("pl;q=0, de", ("de",)),
        ("pl;q=0.000, de;q=0.001", ("de",)),
        ("pl ; q=0.5 , de", ("de", "pl")),
        ("pl;Q=0.5, de", ("de", "pl")),
        ("*", ()),
        ("pl, *;q=0.1", ("pl",)),
        ("PL, pl", ("pl",)),
        ("pt-br;q=0.9, en-gb", ("en-GB", "pt-BR")),
        ("pl-DE", ("pl",)),
        ("zh-TW", ("zh-Hant-TW",)),
        ("xx-YY, uk", ("uk",)),
        ("pl;q=1.5, pl;q=2, pl;q=0.1234, pl;q=, de", ("de",)),
        ("pl;q=0.5;x=y, de", ("de",)),
        (",,, pl ,,", ("pl",)),
        ("", ()),
    ],
)
def test_the_header_is_read_as_the_rfc_says(header: str, tags: tuple[str, ...]) -> None:
    assert accept(header) == tags


def test_the_query_comes_before_the_header_and_the_header_before_ones_own() -> None:
    assert wanted_tags("de", "pl, fr;q=0.5", "uk") == ("de", "pl", "fr", "uk")


@pytest.mark.parametrize("query", ["", "../../etc/passwd", "xx", "root", "de" * 200, "de" + " " * 50])
def test_a_query_that_names_no_language_is_as_if_it_were_not_there(query: str) -> None:
    assert wanted_tags(query, "pl", None) == ("pl",)


def test_a_query_is_understood_as_well_as_a_header() -> None:
    assert wanted_tags("pl-DE", None, None) == ("pl",)


def test_only_the_beginning_of_an_overlong_header_is_read() -> None:
    assert accept("pl," + "x" * HEADER_MAX + ",de") == ("pl",)


def test_only_the_first_twenty_of_many_languages_are_read() -> None:
    assert accept(",".join(["xx"] * 19 + ["pl", "de"])) == ("pl",)


@given(st.none() | TAGS, st.none() | st.text() | HEADER, st.none() | TAGS)
def test_whatever_is_sent_only_languages_come_out(query: str | None, header: str | None, own: str | None) -> None:
    assert [tag for tag in wanted_tags(query, header, own) if not is_tag(tag)] == []


@given(TAGS)
def test_a_tag_never_becomes_a_path(tag: str) -> None:
    found = normalise(tag)

    assert found is None or (len(found) <= TAG_MAX and found.replace("-", "").isalnum() and found.isascii())


@given(TAGS)
def test_a_normal_tag_stays_as_it_is(tag: str) -> None:
    found = normalise(tag)

    assert found is None or normalise(found) == found


@pytest.mark.parametrize(
    ("sent", "tag"),
    [
        ("PL", "pl"),
        ("pt_br", "pt-BR"),
        (" uk ", "uk"),
        ("zh-hans-cn", "zh-Hans-CN"),
        ("zh-TW", "zh-Hant-TW"),
        ("sr-RS", "sr-Cyrl-RS"),
        ("iw", "he-IL"),
    ],
)
def test_what_phones_say_becomes_what_cldr_says(sent: str, tag: str) -> None:
    assert normalise(sent) == tag


@pytest.mark.parametrize(
    "sent", ["", "-", "root", "und", "und-PL", "xx", "xx-YY", "..", "pl/..", "pl\x00", "ｐｌ", "p" * 21]
)
def test_what_is_no_language_is_none(sent: str) -> None:
    assert normalise(sent) is None


@pytest.mark.parametrize(("sent", "tag"), [("pl-DE", "pl"), ("de-AT-1996", "de-AT"), ("xx-PL", None), ("", None)])
def test_an_unknown_end_is_cut_off(sent: str, tag: str | None) -> None:
    assert nearest(sent) == tag
