"""The outbox of a busy summer: what is due is found in it as fast as in an empty one."""

import asyncio
import time
from datetime import timedelta
from pathlib import Path
from statistics import median

from tests.bench import report
from yema.changes import transaction
from yema.database import Statement, execute
from yema.house import open_house
from yema.ids import now
from yema.notifications.spreading.claiming import claim
from yema.settings import Settings

FEW, MANY = 1_000, 1_000_000
AT_ONCE, TIMES = 10, 40
"""So many are taken up together, so often, and all of that is due: the rest was told, or waits for later, one of five."""
WRITTEN_AT_ONCE = 50_000
RATIO_MAX = 2.0

_HEX = "lower(hex(randomblob({})))"
_ID = " || '-' || ".join(_HEX.format(size) for size in (4, 2, 2, 2, 6))
_FILL = Statement(
    "INSERT INTO outbox (id, dedupe_key, event, about, made_at, not_before, expires_at, done_at)"
    " WITH RECURSIVE n(n) AS (SELECT {} UNION ALL SELECT n + 1 FROM n WHERE n + 1 < {})"
    f" SELECT {_ID}, 'filled:' || n, 'filled', json_object(), at, CASE WHEN n % 5 THEN at ELSE later END, later,"
    " CASE WHEN n % 5 THEN at END FROM n, (SELECT {} AS at, {} AS later)"
)


def lines(folder: Path) -> list[str]:
    """Measure it; a line for each figure."""
    few, many = (asyncio.run(_claims(folder / f"outbox-{rows}", rows)) for rows in (FEW, MANY))
    return [
        report.figure(f"a claim from an outbox of {MANY:,}", many / few, RATIO_MAX, f"times as long as from {FEW:,}"),
        report.figure("", few * 1e3, None, "ms of CPU from the small one"),
    ]


async def _claims(data: Path, rows: int) -> float:
    """The seconds of the processor that a claim takes, in the middle, where there are so many rows."""
    async with open_house(Settings(data=data)):
        at = now()
        for start in range(0, rows, WRITTEN_AT_ONCE):
            async with transaction():
                await execute(_FILL, start, min(start + WRITTEN_AT_ONCE, rows), at, at + timedelta(days=60))
        async with transaction() as tx:
            for number in range(AT_ONCE * TIMES):
                tx.tell("due", once_per=str(number))
        seconds = []
        for _ in range(TIMES):
            began = time.process_time()
            if len(await claim(AT_ONCE)) != AT_ONCE:
                raise RuntimeError("Something that is due was not found.")
            seconds.append(time.process_time() - began)
        return median(seconds)
