"""Records what phones and the server say to each other, for docs/sync.md: `python -m tests.sync.recording` writes docs/sync/*.json anew.

The story (`story.py`) happens in a small exchange (`recorded_world.py`) that is the same each time; what is different each time has a
placeholder (`placeholders.py`).
"""

import asyncio
import json
import tempfile
from pathlib import Path

from tests.client import TestApp
from tests.sync import recorded_world as world
from tests.sync.recorder import JSON, Recorder
from tests.sync.story import CHAPTERS
from yema.house import open_house
from yema.settings import Settings

PAIRS = Path(__file__).parents[2] / "docs" / "sync"


async def tell(app: TestApp, folder: Path) -> dict[str, JSON]:
    """The whole story; its pairs by their names."""
    recorder = Recorder(app)
    for name, person in (await world.begin(recorder.names, folder)).items():
        await recorder.sign_in(name, person)
    for chapter in CHAPTERS:
        await chapter(recorder)
    return recorder.pairs


def recorded() -> dict[str, JSON]:
    """The pairs as they stand in docs/sync."""
    return {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(PAIRS.glob("*.json"))}


async def _record_all() -> None:
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data=Path(folder))
        async with open_house(settings):
            app = world.app_of_the_story(settings)
            pairs = await tell(app, Path(folder))
            await app.close()
    PAIRS.mkdir(exist_ok=True)
    for path in PAIRS.glob("*.json"):
        path.unlink()
    for name, pair in pairs.items():
        (PAIRS / f"{name}.json").write_text(json.dumps(pair, indent=1, ensure_ascii=False) + "\n", "utf-8")


if __name__ == "__main__":
    asyncio.run(_record_all())
