"""Finding activities by words, on both databases alike."""

from typing import Any

import pytest

from tests import make
from tests.activities import library
from tests.client import TestApp
from yema.activities.pack.source import BlockDraft, GroupSize, MinutesRange


async def _find(app: TestApp, **query: Any) -> list[str]:
    answer = await app.anybody.get("/activities", params=query)
    assert answer.status_code == 200, answer.text
    return [card["title"] for card in answer.json()["items"]]


@pytest.mark.parametrize(
    ("text", "found_by"),
    [
        ("Łódź nocą", ["lodz", "ŁÓDŹ", "łód", "noca łodz", "lodz lodz"]),
        ("Grüße über die Straße", ["gruss", "GRÜSSE", "strasse", "straß", "uber"]),
        ("Їжак, ґанок і ялинка", ["їжак", "іжак", "ганок", "ґан", "ЇЖАК"]),
        ("П’ять м'ячів, подвірʼя", ["п'ять", "пять", "п’ять", "пʼять", "мяч", "м’ячів", "подвір'я", "подвіря"]),
        ("Nager dans l'eau de l’été", ["eau", "l'eau", "ete", "l’été"]),
        ("Dell\u02bcacqua", ["acqua", "dell'acqua"]),
        ("مُحَمَّد يَلْعَبُ", ["محمد", "مُحمد", "يلعب", "محـــمد"]),
        ("أصدقاء إلى المدرسة", ["اصدقاء", "أصدقاء", "الى", "إلي", "المدرسه", "المدرسة"]),
        ("ٱلسلام آخر", ["السلام", "اخر", "أخر"]),
        ("سـلام", ["سلام"]),
        ("Niño pequeño, ¿qué?", ["nino", "que", "PEQUEÑO"]),
        ("Cœur à cœur", ["coeur", "cœur"]),
        ("e\u0301te\u0301", ["été", "ete"]),
        ("Wasser\u00adfall", ["wasserfall"]),
        ("Dzień 2", ["2", "٢", "dzien 2"]),
        ("नमस्ते दुनिया", ["नमस्ते", "दुनि"]),
        ("和平 Frieden", ["和", "和平"]),
        ("\U0001e900\U0001e901 adlam", ["\U0001e922\U0001e923"]),
    ],
)
async def test_a_word_is_found_however_it_is_written(app: TestApp, text: str, found_by: list[str]) -> None:
    await library.publish(library.pack([library.activity(text), library.activity("Something else")]))

    assert {q: await _find(app, q=q) for q in found_by} == {q: [text] for q in found_by}


@pytest.mark.parametrize(
    ("text", "missed_by"),
    [
        ("River", ["iver", "rivers", "r iver", "riverx", "river sea"]),
        ("П'ять", ["ять", "п ять"]),
        ("L'eau", ["leau"]),
        ("straße", ["strase"]),
    ],
)
async def test_each_word_must_begin_a_word(app: TestApp, text: str, missed_by: list[str]) -> None:
    await library.publish(library.pack([library.activity(text)]))

    assert {q: await _find(app, q=q) for q in missed_by} == {q: [] for q in missed_by}


async def test_what_is_in_the_title_comes_before_the_summary_and_that_before_the_steps_and_then_by_id(
    app: TestApp,
) -> None:
    texts = [
        ("Step 1", "", "a lake and a boat"),
        ("Lake summary", "boat", ""),
        ("Title lake boat", "", ""),
        ("Boat lake title", "lake", "boat"),
        ("Summary", "lakes and boats", ""),
        ("Lake and step", "", "boat"),
        ("Only a lake", "", ""),
    ]
    made = [library.activity(*three) for three in texts]
    order = [4, 1, 6, 3, 0, 2, 5]
    await library.publish(library.pack([made[n] for n in order[:4]], slug="b"))
    await library.publish(library.pack([made[n] for n in order[4:]], slug="a"))

    assert await _find(app, q="lake boat") == [texts[n][0] for n in (2, 3, 1, 4, 0, 5)]


async def test_without_words_the_order_is_that_of_the_packs_and_in_them_their_own(app: TestApp) -> None:
    await library.publish(library.pack([library.activity("Z"), library.activity("A")], slug="a1"))
    await library.publish(library.pack([library.activity("M")], slug="a-2"))

    assert await _find(app) == ["M", "Z", "A"]


async def test_each_pack_is_searched_in_the_language_in_which_it_is_shown(app: TestApp) -> None:
    one, two = library.activity("River"), library.activity("River mouth")
    both = library.pack([one], slug="a")
    library.translate(both, "pl", one, "Rzeka")
    await library.publish(both)
    await library.publish(library.pack([two], slug="b"))

    found = {q: await _find(app, q=q, locale="pl") for q in ("rzeka", "river", "r")}
    assert found == {"rzeka": ["Rzeka"], "river": ["River mouth"], "r": ["Rzeka", "River mouth"]}


async def test_a_text_without_a_translation_is_found_as_it_is_shown(app: TestApp) -> None:
    one = library.activity("River", "Everybody flows.")
    source = library.pack([one])
    library.translate(source, "pl", one, "Rzeka")
    await library.publish(source)

    assert await _find(app, q="rzeka everybody", locale="pl") == ["Rzeka"]


@pytest.mark.parametrize("other", ["title", "question", "material", "aim"])
async def test_only_titles_summaries_and_steps_are_searched(app: TestApp, other: str) -> None:
    one = library.activity("River")
    if other != "title":
        block: dict[str, Any] = {"key": "more", "kind": other, "text": "Lantern"}
        amount: dict[str, Any] = {"quantity": 1.0, "per": "total"} if other == "material" else {}
        one.blocks.append(BlockDraft(**block, **amount))
    await library.publish(library.pack([one]))

    assert await _find(app, q="lantern") == []


@pytest.mark.parametrize(
    "q",
    [
        '"', '""', "*", "a*", "NEAR(", "NEAR(a b)", "'; --", "' OR 1=1 --", "a AND b", "a OR b", "NOT a", "folded:a", "^a", "a + b",
        "-a", "{a b}:c", "(", ")", "a & !b", "a | b", "a:*", "a:A", "\\", "\\'", "'\\", "<->", "a <-> b", "%", "_", "\u0301", "\ue123",
        "\U0010ffff", "🎉", "\u202e\u200f", "a\tb\nc", "x " * 50, "\N{ARABIC LIGATURE SALLALLAHOU ALAYHE WASALLAM}" * 100,
        "1;2", "$1", "{}", "{now}", "?",
    ],
)  # fmt: skip
async def test_no_query_is_more_than_its_words(app: TestApp, q: str) -> None:
    await library.publish(library.pack([library.activity("Bridge over the sea")]))

    assert await _find(app, q=q) in ([], ["Bridge over the sea"])


async def test_words_that_mean_something_to_a_database_are_words(app: TestApp) -> None:
    await library.publish(library.pack([library.activity("NOT NEAR AND or"), library.activity("Bridge")]))

    found = {q: await _find(app, q=q) for q in ("not", "near", "AND", "OR", "NOT bridge", "bridge OR near")}
    assert found == {
        "not": ["NOT NEAR AND or"],
        "near": ["NOT NEAR AND or"],
        "AND": ["NOT NEAR AND or"],
        "OR": ["NOT NEAR AND or"],
        "NOT bridge": [],
        "bridge OR near": [],
    }


@pytest.mark.parametrize("q", ["", " ", "!?", '"', "*"])
async def test_without_a_single_letter_nothing_is_narrowed(app: TestApp, q: str) -> None:
    await library.publish(library.pack([library.activity("One"), library.activity("Two")]))

    assert await _find(app, q=q) == ["One", "Two"]


@pytest.mark.parametrize("q", ["x" * 101, "a\x00b"])
async def test_a_query_that_is_too_long_or_has_a_nul_is_refused(app: TestApp, q: str) -> None:
    assert (await app.anybody.get("/activities", params={"q": q})).status_code == 400


async def test_words_go_together_with_every_filter(app: TestApp) -> None:
    wide = GroupSize(min=4, max=100)
    quick = MinutesRange(min=2, max=5)
    await library.publish(
        library.pack(
            [
                library.activity("River one", group_size=wide, minutes=quick, tags=["water"]),
                library.activity("River two", group_size=wide, tags=["water"]),
                library.activity("River three", minutes=quick, tags=["water"]),
                library.activity("River four", group_size=wide, minutes=quick),
                library.activity("Lake", group_size=wide, minutes=quick, tags=["water"]),
            ]
        )
    )

    assert await _find(app, q="river", group_size=50, minutes_max=4, tag="water") == ["River one"]


async def test_staff_find_their_organisations_packs_together_with_the_public_ones(app: TestApp) -> None:
    organisation = await make.organisation()
    trainer = await app.as_(await make.staff(organisation, "trainer"))
    made = [library.activity(title) for title in ("River 1", "By the river", "River 2", "Sea")]
    await library.publish(library.pack([made[2], made[3]]))
    await library.publish(library.pack([made[0], made[1]]), organisation=organisation, public=False)

    answers = [(await who.get("/activities?q=river")).json() for who in (trainer, app.anybody)]

    assert [[card["title"] for card in answer["items"]] for answer in answers] == [
        ["River 1", "By the river", "River 2"],
        ["River 2"],
    ]
    assert [answer["facets"]["method"] for answer in answers] == [{"energiser": 3}, {"energiser": 1}]
