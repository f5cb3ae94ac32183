"""Pure rules of the library."""

from collections import Counter
from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yema.activities.finding.facets import COUNTED, CardFilter, Facets, Facts
from yema.activities.finding.folding import fold
from yema.activities.finding.search import words_of
from yema.activities.pack.source import block_id
from yema.activities.rules import source_hash

METHODS = ("icebreaker", "energiser", "outdoor")
COMPETENCES = ("literacy", "digital", "cultural")
SETTINGS = ("indoor", "outdoor", "online")
ENERGIES = ("calm", "medium", "lively")
TAGS = ("water", "names")
PACKS = (UUID(int=1), UUID(int=2))

small = st.integers(0, 6)


@st.composite
def facts(draw: st.DrawFn) -> Facts:
    return Facts(
        id=UUID(int=9),
        pack=draw(st.sampled_from(PACKS)),
        method=draw(st.sampled_from(METHODS)),
        minutes_min=draw(small),
        group_size_min=draw(small),
        group_size_max=draw(small),
        age_from=draw(small),
        setting=draw(st.lists(st.sampled_from(SETTINGS), min_size=1, unique=True)),
        energy=draw(st.sampled_from(ENERGIES)),
        tags=draw(st.lists(st.sampled_from(TAGS), unique=True)),
        competences=draw(st.lists(st.sampled_from(COMPETENCES), unique=True)),
    )


rows = st.lists(facts(), max_size=12)
wishes = st.fixed_dictionaries(
    {},
    optional={
        "method": st.sampled_from(METHODS),
        "competence": st.sampled_from(COMPETENCES),
        "setting": st.sampled_from(SETTINGS),
        "energy": st.sampled_from(ENERGIES),
        "minutes_max": small,
        "group_size": small,
        "age": small,
        "tag": st.sampled_from((*TAGS, "nobody-has-it")),
        "pack": st.sampled_from(PACKS),
    },
)
QUESTIONS: dict[str, Callable[[Facts, Any], bool]] = {
    "method": lambda one, value: one.method == value,
    "competence": lambda one, value: value in one.competences,
    "setting": lambda one, value: value in one.setting,
    "energy": lambda one, value: one.energy == value,
    "minutes_max": lambda one, value: value >= one.minutes_min,
    "group_size": lambda one, value: one.group_size_min <= value <= one.group_size_max,
    "age": lambda one, value: value >= one.age_from,
    "tag": lambda one, value: value in one.tags,
    "pack": lambda one, value: one.pack == value,
}
"""The plain model: each wish is a question of its own."""


def _fits(one: Facts, wish: dict[str, Any]) -> bool:
    return all(QUESTIONS[name](one, value) for name, value in wish.items())


def _places(mask: int) -> list[int]:
    return [place for place in range(mask.bit_length()) if mask >> place & 1]


@given(rows, wishes)
def test_an_activity_fits_when_every_wish_is_met(row: list[Facts], wish: dict[str, Any]) -> None:
    fitting = [place for place, one in enumerate(row) if _fits(one, wish)]

    assert _places(Facets.of_all(row).fitting(CardFilter(**wish))) == fitting


@given(rows, rows)
def test_two_rows_joined_are_one_row(one: list[Facts], other: list[Facts]) -> None:
    joined, whole = Facets.joined([Facets.of_all(one), Facets.of_all(other)]), Facets.of_all([*one, *other])

    assert (joined.count, joined.of, [scale.masks for scale in joined.scales.values()]) == (
        whole.count,
        whole.of,
        [scale.masks for scale in whole.scales.values()],
    )


@given(rows, wishes, st.integers(min_value=0))
def test_a_facet_is_counted_with_all_other_filters_and_without_its_own(
    row: list[Facts], wish: dict[str, Any], words: int
) -> None:
    found = {place for place in _places(words) if place < len(row)}
    counts: dict[str, dict[str, int]] = {}
    for facet in COUNTED:
        others = {name: value for name, value in wish.items() if name != facet}
        kept = [one.values()[facet] for place, one in enumerate(row) if place in found and _fits(one, others)]
        counts[facet] = dict(Counter(value for values in kept for value in values))

    assert Facets.of_all(row).counts(CardFilter(**wish), words) == counts


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Łódź", "lodz"),
        ("ŁÓDŹ", "lodz"),
        ("Straße", "strasse"),
        ("STRASSE", "strasse"),
        ("Ærø Œuvre", "aero oeuvre"),
        ("Đakovo", "dakovo"),
        ("İstanbul ılık", "istanbul ilik"),
        ("Crème brûlée", "creme brulee"),
        ("niño", "nino"),
        ("ﬁn", "fin"),
        ("Їжак Йод", "іжак иод"),
        ("مُحَمَّد", "محمد"),
        ("سـلام", "سلام"),
        ("ى إلى ة مدرسة ٱ آ أ", "ي الي ه مدرسه ا ا ا"),
        ("گل یک ٱلسَّلَامُ", "گل يك السلام"),
        ("٢٠٢٦", "2026"),
        ("Ґанок", "ганок"),
        ("п'ять м’яч зв\u02bcязок", "пять мяч звязок"),
        ("l'eau l’été dell\u02bcacqua", "l eau l ete dell acqua"),
        ("'цитата'", " цитата "),
        ("Wasser\u00adfall", "wasserfall"),
        ("hop-là!", "hop la "),
        ("a_b", "a b"),
        ("ŉ", " n"),
        ("1\ufe0f\u20e3", "1"),
        ("นั่งสมาธิ", "นังสมาธิ"),
        ("\ue123", " "),
        ("℡", "tel"),
        ("", ""),
    ],
)
def test_folding_takes_away_case_accents_strokes_and_vowel_marks(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(), st.text())
def test_words_are_those_of_the_pieces_between_blanks(one: str, other: str) -> None:
    assert words_of(f"{one} {other}") == list(dict.fromkeys([*words_of(one), *words_of(other)]))


def test_a_block_has_the_same_id_in_every_database() -> None:
    activity = UUID("0199a3c0-264a-72b9-89ce-512e2f6201d0")

    assert block_id(activity, "title") == uuid5(activity, "title")


@pytest.mark.parametrize(("one", "other"), [("a  b\n c", "a b c"), (" a ", "a"), ("e\u0301", "é")])
def test_white_space_and_composition_are_no_change_of_a_text(one: str, other: str) -> None:
    assert source_hash(one) == source_hash(other)


@given(st.text("ab ", min_size=1), st.text("ab ", min_size=1))
def test_another_wording_is_a_change_of_a_text(one: str, other: str) -> None:
    assert (source_hash(one) == source_hash(other)) == (one.split() == other.split())
