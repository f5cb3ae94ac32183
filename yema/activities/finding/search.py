"""Finding activities by words: rows of folded words, numbered so that a match says by itself where it was found.

For each activity of a published file there are three rows: the words of its title, these with its summary's, and all of them with its
steps'. So "all words in the title" comes before "all words in title and summary", and that before the rest, on both databases alike.
Each word begins with a sign for its language, so that only words of the languages that are read are looked at.
"""

import zlib
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from yema.activities.finding.folding import fold
from yema.activities.schemas.library import PackDocument
from yema.activities.tables import Words
from yema.database import Statement, engine, execute, fetch

FIELDS = (("title",), ("summary",), ("step", "text"))
"""Which kinds of blocks each of the three rows adds."""
_FIELD_BITS = 2
_POSITION_BITS = 12
ROWS = 1 << _FIELD_BITS
"""Numbers of rows that an activity has for itself; not all are used."""
FILE_ROWS = 1 << (_POSITION_BITS + _FIELD_BITS)
"""Numbers of rows that a file has for itself, from serial * FILE_ROWS on."""
_WORD_MAX = 100
_WORDS_MAX = 20_000
_SIGNS_FROM, _SIGNS = 0xE000, 6400
"""Unicode's private characters: no folded text has one. Two languages may share a sign; whose row it is, its number says."""

_INDEX = Statement(
    "INSERT INTO activity_words_index (rowid, folded) SELECT id, folded FROM activity_words WHERE id BETWEEN {} AND {}"
)
# An index without its content has to be told what is taken out of it.
_UNINDEX = Statement(
    "INSERT INTO activity_words_index (activity_words_index, rowid, folded) SELECT 'delete', id, folded FROM activity_words"
    " WHERE id >= {} AND id < {} ORDER BY id LIMIT {}"
)
_FORGET = Statement(
    "DELETE FROM activity_words WHERE id IN (SELECT id FROM activity_words WHERE id >= {} AND id < {} ORDER BY id LIMIT {})"
    " RETURNING id"
)
# One value with all numbers: a row for each would cost more than finding it.
_MATCH = Statement(
    "SELECT json_group_array(rowid) FROM activity_words_index WHERE activity_words_index MATCH {}",
    postgres="SELECT array_agg(id) FROM activity_words"
    " WHERE array_to_tsvector(string_to_array(folded, ' ')) @@ {}::text::tsquery",
)


def words_of(text: str) -> list[str]:
    """The folded words of a text, each once, in their order."""
    return list(dict.fromkeys(word[:_WORD_MAX] for word in fold(text).split()))


def row_id(serial: int, position: int, field: int) -> int:
    """The number of a row: the file's serial, the activity's position in the file, the field (0 title, 1 summary, 2 steps)."""
    return (serial << (_POSITION_BITS + _FIELD_BITS)) | (position << _FIELD_BITS) | field


def mark_rows(rows: Sequence[int], serial: int, marks: bytearray, start: int) -> None:
    """Mark those of the rows (ascending) that are of this file; `marks` has `ROWS` for each activity, the file's first is at `start`."""
    first, behind = row_id(serial, 0, 0), row_id(serial + 1, 0, 0)
    shift = first - start * ROWS
    for row in rows[bisect_left(rows, first) : bisect_left(rows, behind)]:
        marks[row - shift] = 1


def rows_of(document: PackDocument, serial: int) -> Iterator[Words]:
    """The rows of one file."""
    sign = _sign(document.locale)
    known: dict[str, list[str]] = {}
    for position, activity in enumerate(document.activities):
        found: dict[str, None] = {}
        for field, kinds in enumerate(FIELDS):
            for block in activity.blocks:
                if block.kind in kinds:
                    found.update(dict.fromkeys(_signed(block.text, sign, known)))
            yield Words(id=row_id(serial, position, field), folded=" ".join(list(found)[:_WORDS_MAX]))


def _signed(text: str, sign: str, known: dict[str, list[str]]) -> Iterator[str]:
    """The words of a text with their sign; `known` are those of pieces that came before, as most of a pack's do."""
    for piece in text.split():
        if (words := known.get(piece)) is None:
            words = known[piece] = [sign + word for word in words_of(piece)]
        yield from words


def _sign(locale: str) -> str:
    return chr(_SIGNS_FROM + zlib.crc32(locale.encode()) % _SIGNS)


async def save_rows(rows: Sequence[Words]) -> None:
    """Save rows of one file, in ascending order; on SQLite also in the index, which Postgres keeps by itself."""
    await Words.insert(*rows)
    if engine().engine_type == "sqlite":
        await execute(_INDEX, rows[0].id, rows[-1].id)


async def forget_rows(serial: int, count: int) -> int:
    """Forget the first so many rows of a file; how many there were."""
    some = (row_id(serial, 0, 0), row_id(serial + 1, 0, 0), count)
    if engine().engine_type == "sqlite":
        await execute(_UNINDEX, *some)
    return len(await execute(_FORGET, *some))


async def match(words: Sequence[str], locales: Iterable[str]) -> list[int]:
    """The numbers of the rows in these languages that have, for each of the folded words, a word that begins so; in ascending order."""
    sqlite = engine().engine_type == "sqlite"
    quoted = _for_sqlite if sqlite else _for_postgres
    signs = sorted({_sign(locale) for locale in locales})
    if not words or not signs:
        return []
    [[found]] = await fetch(_MATCH, quoted([[sign + word for word in words] for sign in signs]))
    return sorted(msgspec.json.decode(found, type=list[int]) if sqlite else found or [])


def _for_sqlite(alternatives: list[list[str]]) -> str:
    """A query of FTS5: in double quotes nothing means anything but a double quote."""
    return " OR ".join("(" + " AND ".join(f'"{_doubled(w, chr(34))}" *' for w in words) + ")" for words in alternatives)


def _for_postgres(alternatives: list[list[str]]) -> str:
    """A tsquery of quoted lexemes, which nothing parses again; within the quotes a quote and a backslash are doubled."""
    return " | ".join(
        "(" + " & ".join(f"'{_doubled(_doubled(w, chr(92)), chr(39))}':*" for w in words) + ")"
        for words in alternatives
    )


def _doubled(text: str, sign: str) -> str:
    return text.replace(sign, sign * 2)
