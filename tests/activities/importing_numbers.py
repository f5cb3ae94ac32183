"""Imports a pack of 200 activities in six languages and prints what that took: `python -m tests.activities.importing_numbers [URL]`.

Seconds of CPU beside those of the clock, since other programs may run; memory is what the process grew by at its highest.
"""

import asyncio
import io
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import msgspec
import psutil

from tests.activities import packs
from yema.activities.actions.importing import Owner, import_pack
from yema.activities.pack.source import BlockDraft, PackSource, Translation, block_id
from yema.activities.packfile import read_archive, read_pack
from yema.activities.packfile.writing import files_of, zipped
from yema.changes import transaction
from yema.house import open_house
from yema.settings import Settings

ACTIVITIES, BLOCKS = 200, 27
LOCALES = ("de", "fr", "it", "pl", "uk")
NAMES = UUID("0199a3c0-13b7-7ecc-b4a1-d3571cb000fc")


def large_pack() -> PackSource:
    """The starter pack, twenty times."""
    small = read_pack(packs.STARTER)
    large = PackSource(msgspec.structs.replace(small.head, id=uuid5(NAMES, "large"), slug="large"), [], {})
    large.translations = {locale: {} for locale in LOCALES}
    for number in range(ACTIVITIES):
        model = small.activities[number % len(small.activities)]
        more = [
            BlockDraft(key=f"more-{n}", kind="tip", text=f"{number}: {model.blocks[1].text}")
            for n in range(max(0, BLOCKS - len(model.blocks)))
        ]
        blocks = [*model.blocks, *more][:BLOCKS]
        activity = msgspec.structs.replace(
            model, id=uuid5(NAMES, str(number)), slug=f"{model.slug}-{number}", blocks=blocks
        )
        large.activities.append(activity)
        for locale in LOCALES:
            texts = small.translations[locale]
            for block in blocks:
                text = texts.get(block_id(model.id, block.key)) or texts[block_id(model.id, "summary")]
                large.translations[locale][block_id(activity.id, block.key)] = Translation(
                    text=text.text, source=block.text
                )
    large.head = msgspec.structs.replace(large.head, activities=[activity.slug for activity in large.activities])
    return large


class Watched:
    """The longest transaction: milliseconds of the loop's thread."""

    def __init__(self) -> None:
        self.longest = 0.0
        self.count = 0
        enter, leave = transaction.__aenter__, transaction.__aexit__
        began: dict[int, float] = {}

        async def entered(one: Any) -> Any:
            tx = await enter(one)
            began[id(one)] = time.thread_time()
            return tx

        async def left(one: Any, *raised: Any) -> None:
            await leave(one, *raised)
            self.longest = max(self.longest, (time.thread_time() - began.pop(id(one))) * 1000)
            self.count += 1

        transaction.__aenter__ = entered  # type: ignore[method-assign,assignment]
        transaction.__aexit__ = left  # type: ignore[method-assign,assignment]


def _highest() -> int:
    """Bytes; `getrusage` would also count what the parent had when it started this process."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


async def measure(url: str) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.zip"
        path.write_bytes(zipped(files_of(large_pack())))
        async with open_house(Settings(data=Path(folder) / "data", database_url=url)):
            before, watched = psutil.Process().memory_info().rss, Watched()
            began, cpu = time.perf_counter(), time.process_time()
            with path.open("rb") as file:
                pack = await asyncio.to_thread(read_archive, io.BytesIO(file.read()))
            read = time.process_time() - cpu
            await import_pack(pack, Owner(None, True))
            return {
                "seconds": round(time.perf_counter() - began, 2),
                "cpu_seconds": round(time.process_time() - cpu, 2),
                "cpu_seconds_reading": round(read, 2),
                "memory_mb": round((_highest() - before) / 1e6),
                "transactions": watched.count,
                "longest_transaction_ms": round(watched.longest, 1),
            }


if __name__ == "__main__":
    print(json.dumps(asyncio.run(measure(*(sys.argv[1:] or [""])))))  # noqa: T201
