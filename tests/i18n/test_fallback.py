"""Which of the languages that a text has is best."""

import pytest
from babel.localedata import locale_identifiers

from yema.i18n import choose, parents


@pytest.mark.parametrize(
    ("tag", "chain"),
    [
        ("pl", ("pl",)),
        ("pl-PL", ("pl-PL", "pl")),
        ("es-MX", ("es-MX", "es-419", "es")),
        ("en-AU", ("en-AU", "en-001", "en")),
        ("pt-AO", ("pt-AO", "pt-PT", "pt")),
        ("zh-Hant-HK", ("zh-Hant-HK", "zh-Hant")),
        ("zh-Hans-CN", ("zh-Hans-CN", "zh-Hans", "zh")),
        ("sr-Latn-RS", ("sr-Latn-RS", "sr-Latn")),
        ("sr-Cyrl-RS", ("sr-Cyrl-RS", "sr-Cyrl", "sr")),
        ("ca-ES-VALENCIA", ("ca-ES-VALENCIA", "ca-ES", "ca")),
    ],
)
def test_parents_are_those_of_cldr(tag: str, chain: tuple[str, ...]) -> None:
    assert parents(tag) == chain


def test_every_locale_of_cldr_has_an_end() -> None:
    tags = [name.replace("_", "-") for name in locale_identifiers()]

    assert [tag for tag in tags if parents(tag)[0] != tag or len(parents(tag)) > 5] == []


@pytest.mark.parametrize(
    ("wanted", "available", "best"),
    [
        (("pl",), {"en", "pl"}, "pl"),
        (("es-MX",), {"en", "es"}, "es"),
        (("es-MX",), {"en", "es", "es-419"}, "es-419"),
        (("es-MX", "pl"), {"en", "pl"}, "pl"),
        (("de-AT", "pl"), {"de", "pl"}, "de"),
        (("pl",), {"en", "pl-PL"}, "en"),
        (("zh-Hant-TW", "zh"), {"en", "zh"}, "zh"),
        (("zh-Hant-TW",), {"en", "zh"}, "en"),
        ((), {"en", "pl"}, "en"),
        (("fr",), {"en", "pl"}, "en"),
    ],
)
def test_the_first_wanted_language_that_is_there_wins(wanted: tuple[str, ...], available: set[str], best: str) -> None:
    assert choose(wanted, frozenset(available), "en") == best


def test_where_nothing_fits_the_source_language_is_answered() -> None:
    assert choose(("pl",), frozenset({"de"}), "uk") == "uk"
