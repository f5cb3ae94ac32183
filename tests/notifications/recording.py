"""Records what apps and the server say to each other of notifications, for docs/notifications.md.

`python -m tests.notifications.recording` writes docs/notifications/*.json anew. The clock stands still, and what is different in every
house (ids, tags, keys) has a placeholder: the same one is the same value in all files.
"""

import asyncio
import json
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import time_machine

from tests.client import TestApp
from tests.notifications.recorded_story import CHAPTERS, begin
from tests.notifications.recorder import JSON, Recorder
from yema.app import create_app, with_layers
from yema.house import open_house
from yema.settings import Settings

PAIRS = Path(__file__).parents[2] / "docs" / "notifications"
BEGAN = datetime(2027, 7, 13, 12, tzinfo=UTC)
"""In the afternoon of the day before the first slot: no night, and no short notice."""


async def tell(app: TestApp) -> dict[str, JSON]:
    """The whole story; its pairs by their names."""
    with time_machine.travel(BEGAN, tick=False) as clock:
        recorder = Recorder(app, clock)
        place = await begin(recorder)
        for chapter in CHAPTERS:
            await chapter(recorder, place)
    return recorder.pairs


def recorded() -> dict[str, JSON]:
    """The pairs as they stand in docs/notifications."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(PAIRS.glob("*.json"))}


async def _record_all() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        async with open_house(settings):
            app = TestApp(with_layers(create_app(settings)))
            pairs = await tell(app)
            await app.close()
    PAIRS.mkdir(exist_ok=True)
    for path in PAIRS.glob("*.json"):
        path.unlink()
    for name, pair in pairs.items():
        (PAIRS / f"{name}.json").write_text(json.dumps(pair, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    asyncio.run(_record_all())
