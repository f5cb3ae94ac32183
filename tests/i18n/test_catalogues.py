"""The server's own words are there in every language, complete, with the same placeholders and all plural forms."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from gettext import c2py

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from tests.i18n.messages import LOCALES, Words, wanted_words
from yema.i18n import CATALOGUES, gettext, ngettext

ONE, MANY = "Try again in %(n)d second.", "Try again in %(n)d seconds."
NUMBERS = range(1001)
_PLACEHOLDER = re.compile(r"%(?:\(\w+\))?.")


def catalogue(tag: str) -> Catalog:
    with (LOCALES / tag / "LC_MESSAGES" / "yema.po").open("rb") as file:
        return read_po(file, locale=tag)


def forms(words: Words | list[str] | None) -> list[str]:
    """The message's forms: one, or as many as it has."""
    return [words] if isinstance(words, str) else list(words or ())


def messages(tag: str) -> Iterator[Message]:
    return (message for message in catalogue(tag) if message.id)


def placeholders(text: str) -> list[str]:
    return sorted(_PLACEHOLDER.findall(text))


def form_of(tag: str) -> Callable[[int], object]:
    """Which form the catalogue's own header picks for a number."""
    return c2py(catalogue(tag).plural_expr)


def classes(rule: Callable[[int], object]) -> set[frozenset[int]]:
    """The numbers that a rule treats alike."""
    found = defaultdict(set)
    for number in NUMBERS:
        found[rule(number)].add(number)
    return {frozenset(numbers) for numbers in found.values()}


def forms_for_one_number(tag: str) -> set[object]:
    """Forms that only one number takes may leave it out: `in one second`."""
    form = form_of(tag)
    return {form(next(iter(numbers))) for numbers in classes(form) if len(numbers) == 1}


def wait(tag: str, number: int) -> str:
    """What `ngettext` says to a number, without the number."""
    return ngettext((tag,), ONE, MANY, number).replace(str(number), "N")


def test_there_is_something_to_translate() -> None:
    assert {"Please sign in.", (ONE, MANY)} - wanted_words() == set()


def test_there_is_a_catalogue_for_each_language_and_no_other() -> None:
    assert {path.parent.parent.name for path in LOCALES.glob("*/LC_MESSAGES/yema.po")} == set(CATALOGUES)


@pytest.mark.parametrize("tag", CATALOGUES)
def test_a_catalogue_has_exactly_the_messages_of_the_source(tag: str) -> None:
    there = {tuple(m.id) if isinstance(m.id, list | tuple) else m.id for m in messages(tag)}

    assert there ^ wanted_words() == set()


@pytest.mark.parametrize("tag", CATALOGUES)
def test_a_catalogue_has_no_gaps_and_nothing_that_waits_for_a_look(tag: str) -> None:
    unfinished = [m.id for m in messages(tag) if m.fuzzy or not forms(m.string) or not all(forms(m.string))]

    assert unfinished == []


@pytest.mark.parametrize("tag", CATALOGUES)
def test_a_translation_has_the_placeholders_of_its_message(tag: str) -> None:
    alone = forms_for_one_number(tag)
    differing = [
        (m.id, form)
        for m in messages(tag)
        for index, form in enumerate(forms(m.string))
        if placeholders(form) != placeholders(forms(m.id)[-1])
        and not (
            m.pluralizable
            and index in alone
            and sorted([*placeholders(form), "%(n)d"]) == placeholders(forms(m.id)[-1])
        )
    ]

    assert differing == []


@pytest.mark.parametrize("tag", CATALOGUES)
def test_a_translation_keeps_the_line_breaks_at_its_ends(tag: str) -> None:
    def ends(text: str) -> tuple[bool, bool]:
        return text.startswith("\n"), text.endswith("\n")

    differing = [m.id for m in messages(tag) for form in forms(m.string) if ends(form) != ends(forms(m.id)[0])]

    assert differing == []


@pytest.mark.parametrize("tag", CATALOGUES)
def test_a_catalogue_has_all_plural_forms_of_its_language(tag: str) -> None:
    counts = {len(forms(m.string)) for m in messages(tag) if m.pluralizable}

    assert counts == {catalogue(tag).num_plurals}


@pytest.mark.parametrize("tag", CATALOGUES)
def test_a_catalogue_parts_the_numbers_as_cldr_does(tag: str) -> None:
    rule, form = Locale.parse(tag).plural_form, form_of(tag)

    assert classes(form) == classes(rule)


@pytest.mark.parametrize(
    ("tag", "numbers"), [("en", (1, 2)), ("pl", (1, 2, 5)), ("uk", (1, 2, 5)), ("ar", (1, 2, 5, 22))]
)
def test_each_kind_of_number_has_words_of_its_own(tag: str, numbers: tuple[int, ...]) -> None:
    assert len({wait(tag, number) for number in numbers}) == len(numbers)


@pytest.mark.parametrize(
    ("tag", "number", "like"),
    [
        ("en", 22, 2),
        ("en", 100, 5),
        ("pl", 22, 2),
        ("pl", 100, 5),
        ("uk", 22, 2),
        ("uk", 100, 5),
        ("uk", 21, 1),
        ("ar", 25, 22),
    ],
)
def test_numbers_of_one_kind_share_their_words(tag: str, number: int, like: int) -> None:
    assert wait(tag, number) == wait(tag, like)


@pytest.mark.parametrize("tag", [tag for tag in CATALOGUES if tag != "en"])
def test_a_translation_is_not_the_english_words(tag: str) -> None:
    assert gettext((tag,), "Please sign in.") != "Please sign in."


def test_a_reader_of_another_language_gets_the_nearest_words() -> None:
    assert gettext(("sv", "de-AT"), "Please sign in.") == gettext(("de",), "Please sign in.")


def test_nothing_stays_nothing() -> None:
    # gettext answers the catalogue's header to an empty message.
    assert gettext(("pl",), "") == ""


def test_words_that_nobody_translated_come_as_they_are() -> None:
    assert gettext(("pl",), "Never marked") == "Never marked"
