"""Pure rules of the library."""

from collections.abc import Callable
from typing import Any
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from yema.activities.facets import CardFilter
from yema.activities.folding import fold
from yema.activities.rules import source_hash
from yema.activities.schemas import CardView
from yema.activities.source import block_id

METHODS = ("icebreaker", "energiser", "outdoor")
COMPETENCES = ("literacy", "digital", "cultural")
SETTINGS = ("indoor", "outdoor", "online")
ENERGIES = ("calm", "medium", "lively")
TAGS = ("water", "names")
WORDS = ("Łódź", "river", "Straße", "ЇЖАК")
PACKS = (UUID(int=1), UUID(int=2))

small = st.integers(0, 6)


@st.composite
def cards(draw: st.DrawFn) -> CardView:
    low, high = sorted((draw(small), draw(small)))
    least, most = sorted((draw(small), draw(small)))
    return CardView(
        id=UUID(int=9),
        pack=draw(st.sampled_from(PACKS)),
        title=draw(st.sampled_from(WORDS)),
        summary=draw(st.sampled_from(WORDS)),
        locale="en",
        method=draw(st.sampled_from(METHODS)),
        minutes_min=low,
        minutes_max=high,
        group_size_min=least,
        group_size_max=most,
        age_from=draw(small),
        setting=draw(st.lists(st.sampled_from(SETTINGS), min_size=1, unique=True)),
        energy=draw(st.sampled_from(ENERGIES)),
        complexity=1,
        tags=draw(st.lists(st.sampled_from(TAGS), unique=True)),
        competences=draw(st.lists(st.sampled_from(COMPETENCES), unique=True)),
    )


wishes = st.fixed_dictionaries(
    {},
    optional={
        "q": st.lists(st.sampled_from((*WORDS, "lodz", "STRASSE", "riv", "їжак", "zebra")), max_size=2).map(" ".join),
        "method": st.sampled_from(METHODS),
        "competence": st.sampled_from(COMPETENCES),
        "setting": st.sampled_from(SETTINGS),
        "energy": st.sampled_from(ENERGIES),
        "minutes_max": small,
        "group_size": small,
        "age": small,
        "tag": st.sampled_from(TAGS),
        "pack": st.sampled_from(PACKS),
    },
)

PLAIN = {"Łódź": "lodz", "Straße": "strasse", "ЇЖАК": "іжак", "їжак": "іжак", "STRASSE": "strasse"}
"""What a search compares, written out by hand."""


def _fits(card: CardView, wish: dict[str, Any]) -> bool:
    """The plain model: each wish is a question of its own."""
    text = [PLAIN.get(word, word) for word in (card.title, card.summary)]
    questions: dict[str, Callable[[Any], bool]] = {
        "q": lambda value: all(any(PLAIN.get(w, w) in one for one in text) for w in value.split()),
        "method": lambda value: card.method == value,
        "competence": lambda value: value in card.competences,
        "setting": lambda value: value in card.setting,
        "energy": lambda value: card.energy == value,
        "minutes_max": lambda value: value >= card.minutes_min,
        "group_size": lambda value: value in range(card.group_size_min, card.group_size_max + 1),
        "age": lambda value: value >= card.age_from,
        "tag": lambda value: value in card.tags,
        "pack": lambda value: card.pack == value,
    }
    return all(questions[name](value) for name, value in wish.items())


@given(cards(), wishes)
def test_a_card_fits_when_every_wish_is_met(card: CardView, wish: dict[str, Any]) -> None:
    assert CardFilter(**wish).matches(card, fold(f"{card.title} {card.summary}")) == _fits(card, wish)


@given(cards())
def test_without_a_wish_every_card_fits(card: CardView) -> None:
    assert CardFilter(q=UNSET).matches(card, "") is True


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
        ("℡", "tel"),
        ("", ""),
    ],
)
def test_folding_takes_away_case_accents_strokes_and_vowel_marks(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_a_block_has_the_same_id_in_every_database() -> None:
    activity = UUID("0199a3c0-264a-72b9-89ce-512e2f6201d0")

    assert block_id(activity, "title") == uuid5(activity, "title")


@pytest.mark.parametrize(("one", "other"), [("a  b\n c", "a b c"), (" a ", "a"), ("e\u0301", "é")])
def test_white_space_and_composition_are_no_change_of_a_text(one: str, other: str) -> None:
    assert source_hash(one) == source_hash(other)


@given(st.text("ab ", min_size=1), st.text("ab ", min_size=1))
def test_another_wording_is_a_change_of_a_text(one: str, other: str) -> None:
    assert (source_hash(one) == source_hash(other)) == (one.split() == other.split())
