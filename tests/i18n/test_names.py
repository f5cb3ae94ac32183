"""Names of languages and countries."""

import pytest
from babel.localedata import locale_identifiers

from yema.i18n import country_name, is_right_to_left, language_name, normalise


@pytest.mark.parametrize(
    ("tag", "reader", "name"),
    [("pl", "pl", "polski"), ("pl", "en", "Polish"), ("uk", "pl", "ukraiński"), ("pl", "es-MX", "polaco")],
)
def test_a_language_has_a_name_in_the_readers_language(tag: str, reader: str, name: str) -> None:
    assert language_name(tag, reader) == name


@pytest.mark.parametrize(
    ("code", "reader", "name"),
    [("PL", "pl", "Polska"), ("UA", "de", "Ukraine"), ("PL", "uk", "Польща"), ("QQ", "pl", "QQ")],
)
def test_a_country_has_a_name_in_the_readers_language(code: str, reader: str, name: str) -> None:
    assert country_name(code, reader) == name


def test_every_language_that_a_reader_may_want_can_name_things() -> None:
    tags = [tag for name in locale_identifiers() if (tag := normalise(name))]

    assert [tag for tag in tags if not (language_name("pl", tag) and country_name("PL", tag))] == []


@pytest.mark.parametrize(("tag", "answer"), [("ar", True), ("he", True), ("ar-EG", True), ("pl", False), ("uk", False)])
def test_some_languages_run_from_right_to_left(tag: str, answer: bool) -> None:
    assert is_right_to_left(tag) == answer
