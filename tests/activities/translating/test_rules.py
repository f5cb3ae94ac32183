"""The rules of translating: what makes a text stale, how far a language is, and what is different between two texts."""

from unicodedata import normalize

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.activities.translating.translated import activity, source, with_text
from tests.measuring import cpu_seconds
from yema.activities.pack.source import PackSource, Translation, block_id
from yema.activities.rules import source_hash, state_of
from yema.activities.translating.rules import Piece, difference, progress_of

WORDS = st.lists(
    st.sampled_from(["water", "river", "name,", "circle.", "(group)", "?", "łódka", "вода", "ماء"]), max_size=12
).map(" ".join)
SPACES = st.text(" \n\t\r", min_size=1, max_size=3)


@given(WORDS, WORDS)
def test_what_stayed_and_what_is_new_make_up_the_text(before: str, after: str) -> None:
    pieces = difference(before, after)

    assert "".join(p.text for p in pieces if p.op != "removed") == after
    assert "".join("".join(p.text for p in pieces if p.op != "added").split()) == "".join(before.split())


@given(WORDS.filter(bool), SPACES)
def test_white_space_is_no_difference(text: str, space: str) -> None:
    assert {piece.op for piece in difference(text, text.replace(" ", space))} == {"same"}


def test_a_difference_is_told_word_by_word() -> None:
    assert difference("Stand in a circle. Say your name.", "Stand in one circle. Say a name!") == [
        Piece("same", "Stand in "),
        Piece("removed", "a "),
        Piece("added", "one "),
        Piece("same", "circle. Say "),
        Piece("removed", "your "),
        Piece("added", "a "),
        Piece("same", "name"),
        Piece("removed", "."),
        Piece("added", "!"),
    ]


def test_what_is_gone_at_the_end_keeps_its_distance() -> None:
    assert difference("Sit down now", "Sit down") == [Piece("same", "Sit down"), Piece("removed", " now")]


@pytest.mark.parametrize(
    ("before", "after"), [("a " * 4999, "a b " * 2499), ("ab " * 3333, "ba " * 3333), ("a" * 10_000, "b" * 10_000)]
)
def test_the_difference_of_the_longest_texts_is_found_at_once(before: str, after: str) -> None:
    assert cpu_seconds(lambda: difference(before, after)) < 1


def a_pack(texts: list[str]) -> PackSource:
    """A pack in which every text is translated, and fresh."""
    made = source(activity(**{f"s_{n}": text for n, text in enumerate(texts)}))
    made.translations["de"] = {t.id: Translation(text="Übersetzt.", source=t.block.text) for t in made.texts()}
    return made


def stale(pack: PackSource) -> list[object]:
    texts = pack.translations["de"]
    return [text.id for text in pack.texts() if state_of(text.block, texts.get(text.id)) == "stale"]


@given(st.lists(WORDS.filter(bool), min_size=1, max_size=5), st.data(), WORDS.filter(bool))
def test_editing_a_source_makes_exactly_its_translations_stale(texts: list[str], data: st.DataObject, new: str) -> None:
    pack = a_pack(texts)
    which = data.draw(st.integers(0, len(texts) - 1))
    assume(source_hash(new) != source_hash(texts[which]))
    block = block_id(pack.activities[0].id, f"s-{which}")

    edited = with_text(pack, block, new)

    assert (stale(edited), progress_of(edited, "de").stale) == ([block], 1)


@given(WORDS.filter(bool), SPACES)
def test_white_space_and_composition_make_nothing_stale(text: str, space: str) -> None:
    pack = a_pack([text])
    block = block_id(pack.activities[0].id, "s-0")

    edited = with_text(pack, block, space + normalize("NFD", text).replace(" ", space) + space)

    assert stale(edited) == []


def test_progress_counts_the_packs_own_texts_too() -> None:
    pack = a_pack(["Stand."])
    pack.translations["pl"] = {}

    assert [progress_of(pack, locale) for locale in ("en", "de", "pl")] == [(6, 0, 0), (6, 0, 0), (0, 0, 6)]
