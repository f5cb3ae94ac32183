"""Keep the words of the latest versions and no others: what a newer version has replaced is found no more, and its rows go."""

import asyncio
from collections.abc import Sequence
from uuid import UUID

import msgspec

from yema.activities.finding.search import FILE_ROWS, forget_rows, rows_of, save_rows
from yema.activities.reading.shelf import clear_shelves, content_of
from yema.activities.schemas.library import PackDocument
from yema.changes import transaction
from yema.database import Row, Statement, as_id, execute, fetch

AT_ONCE = 100

# A staged version has a higher number than the latest, or there is none on the shelf yet.
_REPLACED = "(v.number < p.latest OR (v.state = 'withdrawn' AND v.number <> coalesce(p.latest, 0)))"
_FILES = "pack_file f JOIN pack_version v ON v.id = f.version JOIN pack p ON p.id = v.pack"
_FIRST = f"f.serial * CAST({FILE_ROWS} AS BIGINT)"
_TO_FORGET = (
    f"SELECT f.serial FROM {_FILES} WHERE {_REPLACED}"
    f" AND EXISTS (SELECT 1 FROM activity_words w WHERE w.id >= {_FIRST} AND w.id < {_FIRST} + {FILE_ROWS})"
)
_ALL_TO_FORGET = Statement(_TO_FORGET)
_TO_FORGET_OF = Statement(f"{_TO_FORGET} AND p.id = {{}}")
_STILL_REPLACED = Statement(f"SELECT 1 FROM {_FILES} WHERE f.serial = {{}} AND {_REPLACED}")
_MISSING = (
    f"SELECT f.id, f.serial FROM {_FILES} WHERE v.number = p.latest"
    f" AND (f.serial IS NULL OR NOT EXISTS (SELECT 1 FROM activity_words w WHERE w.id = {_FIRST}))"
)
_ALL_MISSING = Statement(_MISSING)
_MISSING_OF = Statement(f"{_MISSING} AND p.id = {{}}")
_NUMBER = Statement(
    "UPDATE pack_file SET serial = (SELECT coalesce(max(serial), 0) + 1 FROM pack_file) WHERE id = {} AND serial IS NULL"
    " RETURNING serial"
)


async def sweep_words() -> int:
    """Make the words those of the latest versions, some rows to a transaction; how many rows went.

    Files from before there were words get theirs, and so does a version that is the latest again because the next was withdrawn.
    """
    return await _sweep(await fetch(_ALL_MISSING), await fetch(_ALL_TO_FORGET))


async def sweep_words_of(pack: UUID) -> None:
    """The same for one pack, at once: its version that came back on the shelf is found by its words."""
    await _sweep(await fetch(_MISSING_OF, pack), await fetch(_TO_FORGET_OF, pack))


async def _sweep(missing: Sequence[Row], to_forget: Sequence[Row]) -> int:
    for file_id, serial in missing:
        await _write(as_id(file_id), serial)
    gone = 0
    for [serial] in to_forget:
        gone += await _forget(serial)
    return gone


async def _forget(serial: int) -> int:
    gone = 0
    while True:
        async with transaction():
            # It may have become the latest again a moment ago.
            count = await forget_rows(serial, AT_ONCE) if await execute(_STILL_REPLACED, serial) else 0
        if not count:
            return gone
        gone += count


async def _write(file_id: UUID, serial: int | None) -> None:
    if serial is None:
        serial = await _number(file_id)
    content = await content_of(file_id)
    rows = await asyncio.to_thread(lambda: [*rows_of(msgspec.json.decode(content, type=PackDocument), serial)])
    while True:
        async with transaction():
            if not await forget_rows(serial, AT_ONCE):
                break
    # Rows are forgotten from the first on and come back from the last on: where the first is, all are.
    for start in reversed(range(0, len(rows), AT_ONCE)):
        async with transaction():
            await save_rows(rows[start : start + AT_ONCE])


async def _number(file_id: UUID) -> int:
    async with transaction():
        [[serial]] = await execute(_NUMBER, file_id)
    clear_shelves()  # they hold the file without its number
    return int(serial)
