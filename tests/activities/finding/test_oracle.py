"""Search on each database against a plain reading of the same texts; what agrees with it on both is the same on both."""

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.activities import library
from yema.accounts.signed_in import Reader
from yema.activities.finding.facets import CardFilter
from yema.activities.pack.source import ActivityDraft
from yema.activities.queries.finding import find_cards
from yema.activities.reading.shelf import shelf_of
from yema.settings import Settings

LATIN = "aełłóśźżüßöäéèçñıİœÆøđŁŻẞﬁ"
CYRILLIC = "аіїйєґҐЇбв'’ʼ"
ARABIC = "اأإآٱىيةهكمـَُِّْ"
MARKS = "\u0301\u0308\u00ad\u200d"
OTHERS = "-'’._ \n\t\"*:&|!()\\7٧²½你Ωςα"
WORDS = (
    "river",
    "rivers",
    "Rzeka",
    "ŁÓDŹ",
    "łódka",
    "П'ять",
    "п’ятий",
    "مُدَرِّسَة",
    "مدرسه",
    "l'eau",
    "Straße",
    "STRASSE",
    "a",
    "A",
)

texts = st.lists(
    st.one_of(
        st.sampled_from(WORDS),
        *(st.text(alphabet + MARKS, min_size=1, max_size=4) for alphabet in (LATIN, CYRILLIC, ARABIC)),
        st.text(LATIN + CYRILLIC + ARABIC + MARKS + OTHERS, min_size=1, max_size=6),
    ),
    min_size=1,
    max_size=4,
).map(" ".join)
activities = st.tuples(texts, texts, texts)
LETTERS = dict(zip("łđøıґٱةىـ", ("l", "d", "o", "i", "г", "ا", "ه", "ي", ""), strict=True)) | {"æ": "ae", "œ": "oe"}


def _words(text: str) -> list[str]:
    """Word by word and letter by letter, as one would say it."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    text = re.sub("[’ʼ]", "'", text)
    text = "".join(LETTERS.get(letter, letter) for letter in text)
    text = "".join(letter for letter in text if not unicodedata.combining(letter) and letter not in "\u00ad\u200d")
    text = text.replace("٧", "7")
    text = re.sub(r"(?<=[а-яіїєґ])'(?=[а-яіїєґ])", "", text)
    return re.findall(r"[^\W_]+", text)


def _expected(made: Sequence[ActivityDraft], q: str) -> list[str]:
    asked = _words(q)
    ranked = []
    for one in made:
        so_far = accumulate((_words(block.text) for block in one.blocks), lambda before, new: before + new)
        for field, words in enumerate(so_far):
            if all(any(word.startswith(wish) for word in words) for wish in asked):
                ranked.append((field if asked else 0, one.id))
                break
    return [str(number) for _, number in sorted(ranked)]


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.lists(activities, min_size=1, max_size=6), st.lists(st.one_of(texts, texts.map(lambda t: t[:3])), max_size=8))
async def test_search_finds_what_a_plain_reading_finds_and_in_its_order(
    house: Settings, made: list[tuple[str, str, str]], queries: list[str]
) -> None:
    drafts = [library.activity(*three) for three in made]
    pack = await library.publish(library.pack(drafts[::-1]))
    asked = [*queries, *(text for three in made for text in three)]

    found = {}
    for q in asked:
        page = await find_cards(
            [await shelf_of()], Reader(("en",)), CardFilter(q=q, pack=pack), None, 200, counted=True
        )
        ids = [bytes(card).split(b'"')[3].decode() for card in page.cards]
        found[q] = ids if _words(q) else sorted(ids)

    assert found == {q: _expected(drafts, q) for q in asked}
