"""Finding activities by words: rows of folded words, numbered so that a match says by itself where it was found.

For each activity of a published file there are three rows: the words of its title, these with its summary's, and all of them with its
steps'. So "all words in the title" comes before "all words in title and summary", and that before the rest, on both databases alike.
"""

import re
from collections.abc import Iterator, Sequence

from yema.activities.folding import fold
from yema.activities.schemas import PackDocument
from yema.activities.tables import Words
from yema.database import Statement, engine, execute

FIELDS = (("title",), ("summary",), ("step", "text"))
"""Which kinds of blocks each of the three rows adds."""
_POSITION_BITS, _FIELD_BITS = 12, 2
_WORD_MAX = 100
_WORDS_MAX = 20_000
_WORD = re.compile(r"[^\W_]+")


_INDEX = Statement(
    "INSERT INTO activity_words_index (rowid, folded) SELECT id, folded FROM activity_words WHERE id BETWEEN {} AND {}"
)


def words_of(text: str) -> list[str]:
    """The folded words of a text, each once, in their order."""
    return list(dict.fromkeys(word[:_WORD_MAX] for word in _WORD.findall(fold(text))))


def row_id(serial: int, position: int, field: int) -> int:
    """The number of a row: the file's serial, the activity's position in the file, the field (0 title, 1 summary, 2 steps)."""
    return (serial << (_POSITION_BITS + _FIELD_BITS)) | (position << _FIELD_BITS) | field


def place_of(row: int) -> tuple[int, int, int]:
    """(serial, position, field) of a row's number."""
    return (
        row >> (_POSITION_BITS + _FIELD_BITS),
        (row >> _FIELD_BITS) & ((1 << _POSITION_BITS) - 1),
        row & ((1 << _FIELD_BITS) - 1),
    )


def rows_of(document: PackDocument, serial: int) -> Iterator[Words]:
    """The rows of one file."""
    for position, activity in enumerate(document.activities):
        found: dict[str, None] = {}
        for field, kinds in enumerate(FIELDS):
            for block in activity.blocks:
                if block.kind in kinds:
                    found.update(dict.fromkeys(words_of(block.text)))
            yield Words(id=row_id(serial, position, field), folded=" ".join(list(found)[:_WORDS_MAX]))


async def save_rows(rows: Sequence[Words]) -> None:
    """Save rows of one file, in ascending order; on SQLite also in the index, which Postgres keeps by itself."""
    await Words.insert(*rows)
    if engine().engine_type == "sqlite":
        await execute(_INDEX, rows[0].id, rows[-1].id)
