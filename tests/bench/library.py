"""A big library: two thousand activities in eight languages, written straight onto the shelf, and what people look for in it."""

import hashlib
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from random import Random
from uuid import UUID

from tests.activities import library
from yema.activities.finding.search import rows_of, save_rows
from yema.activities.pack.source import GroupSize, MinutesRange, PackSource, Translation, block_id
from yema.activities.pack.vocabulary import Competence, Energy, Method, Setting
from yema.activities.reading.documents import document_of, encoded
from yema.activities.tables import Pack, PackFile, PackVersion, Words
from yema.changes import PUBLIC, SpaceKey, transaction
from yema.house import open_house
from yema.ids import uuid7
from yema.settings import Settings

PACKS, ACTIVITIES = 20, 100
ROWS_AT_ONCE = 300
WISHES = 4000
VOCABULARY = 6000
SENTENCES = (4, 14, 150)
"""Words of a title, a summary, the steps."""
_SYLLABLES = {
    "en": "ba con der est fin gre hol in ke lo mar na ous per ri sto ter un ver wa",
    "pl": "bą czy dzie ę gło ję ka łó mi ną óż po rze są śli to ty wie żu źdź",
    "de": "ab bü chen den er für ge hö in keit lich mä nung ob pfe rau schö tz un ß",
    "es": "a bu ción de es fa gui ha ía jue la mo ñe o pi que rá se ta vé",
    "fr": "a bê cha dé eau fé gne hui jou l'é mœ nou oi pré quê ré ssi tou u ç",
    "it": "a bel ché di e fio gli già ha lu mo nè o più qua rà sco to un zz",
    "uk": "а бі вче ґа де є жи зї й кра лі мо нь о п'я рі сло та у щу",
    "ar": "ال با ت ثة جما حا خي دَ ذا رَسْ زو سِي شا صَ ضو طي عُ غا فة قَ",
}


async def fill_library(data: Path) -> None:
    """Fill a data folder with the library."""
    random = Random(7)
    words = {locale: _vocabulary(random, syllables.split()) for locale, syllables in _SYLLABLES.items()}
    async with open_house(Settings(data=data)):
        serial = 0
        for _ in range(PACKS):
            source = _pack(random, words)
            version = await _shelve(source)
            for locale in source.locales:
                serial += 1
                await _write(source, version, locale, serial)


def wishes() -> list[str]:
    """Queries as they stand in an address, each another: one to three beginnings of words, some with a filter."""
    random = Random(7)
    vocabulary = _vocabulary(random, _SYLLABLES["en"].split())
    weights = _weights()
    found: dict[str, None] = {}
    while len(found) < WISHES:
        asked = random.choices(vocabulary, cum_weights=weights, k=random.choice((1, 1, 2, 2, 3)))
        q = "+".join(word[: random.choice((1, 2, 3, 3, 4, 5, 6, 7, 8))] for word in asked)
        found[f"q={q}{random.choice(('', '', '&energy=calm', '&minutes_max=30', '&group_size=20&age=14'))}"] = None
    return list(found)


def filters() -> list[str]:
    """Filters without words, as they stand in an address, each another."""
    random = Random(7)
    methods, energies = Method.__args__, Energy.__args__  # type: ignore[attr-defined]
    found: dict[str, None] = {}
    while len(found) < WISHES:
        one = random.choice((f"method={random.choice(methods)}", f"energy={random.choice(energies)}", "setting=indoor"))
        two = random.choice((f"tag=tag-{random.randint(1, 150)}", f"age={random.randint(9, 20)}"))
        found[f"{one}&{two}&minutes_max={random.randint(5, 100)}&group_size={random.randint(2, 60)}"] = None
    return list(found)


def _vocabulary(random: Random, syllables: list[str]) -> list[str]:
    words: dict[str, None] = {}
    while len(words) < VOCABULARY:
        words["".join(random.choices(syllables, k=random.randint(1, 4)))] = None
    return list(words)


def _weights() -> list[float]:
    """Few words are used often, most rarely."""
    return [*accumulate(1 / (n + 5) for n in range(VOCABULARY))]


def _pack(random: Random, words: dict[str, list[str]]) -> PackSource:
    weights = _weights()

    def texts(locale: str) -> list[str]:
        return [" ".join(random.choices(words[locale], cum_weights=weights, k=count)) for count in SENTENCES]

    def one_of(literal: object) -> str:
        return str(random.choice(literal.__args__))  # type: ignore[attr-defined]

    source = library.pack(
        [
            library.activity(
                *texts("en"),
                method=one_of(Method),
                energy=one_of(Energy),
                settings=[one_of(Setting)],
                competences=[one_of(Competence)],
                tags=sorted({f"tag-{random.randint(1, 150)}" for _ in range(4)}),
                minutes=MinutesRange(min=random.randint(5, 60), max=90),
                group_size=GroupSize(min=random.randint(2, 12), max=random.randint(15, 60)),
                age_from=random.randint(10, 18),
            )
            for _ in range(ACTIVITIES)
        ]
    )
    for locale in [locale for locale in words if locale != "en"]:
        source.translations[locale] = {
            block_id(one.id, block.key): Translation(text=text, source=block.text)
            for one in source.activities
            for block, text in zip(one.blocks, texts(locale), strict=True)
        }
    return source


async def _shelve(source: PackSource) -> UUID:
    version = uuid7()
    head = source.head
    async with transaction() as tx:
        await Pack.insert(
            Pack(
                id=head.id,
                slug=head.slug,
                source_locale="en",
                licence=head.licence,
                authors='["Somebody"]',
                public=True,
                made_at=tx.at,
                latest=1,
            )
        )
        await PackVersion.insert(PackVersion(id=version, pack=head.id, number=1, published_at=tx.at))
        tx.touched(SpaceKey("library", PUBLIC), "pack", head.id)
    return version


async def _write(source: PackSource, version: UUID, locale: str, serial: int) -> None:
    document = document_of(source, locale, 1)
    edition = encoded(document)
    file = PackFile(
        id=uuid7(),
        version=version,
        locale=locale,
        sha256=hashlib.sha256(edition.document).hexdigest(),
        content=edition.document,
        cards=edition.cards,
        serial=serial,
    )
    async with transaction():
        await PackFile.insert(file)
    for some in _parts([*rows_of(document, serial)]):
        async with transaction():
            await save_rows(some)


def _parts(rows: list[Words]) -> Iterator[list[Words]]:
    return (rows[start : start + ROWS_AT_ONCE] for start in range(0, len(rows), ROWS_AT_ONCE))
