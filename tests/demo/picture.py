"""`python -m tests.demo.picture`: walk the tour in an empty folder and draw its terminal, as `docs/tour.svg`."""

import asyncio
import io
import tempfile
from pathlib import Path

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console
from rich.text import Text

from tests.demo.processes import ROOT, serving
from yema.demo.fill import fill
from yema.demo.screen import Screen
from yema.demo.tour import Tour
from yema.house import open_house
from yema.i18n import language_name
from yema.settings import Settings

WIDTH = 86
FONTS = 'ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, "Liberation Mono", monospace'


def draw(locale: str) -> str:
    """The terminal of somebody who reads this language."""
    console = Console(record=True, force_terminal=True, width=WIDTH, highlight=False, file=io.StringIO())
    console.print(Text.assemble(("$", "bold"), " make demo"))
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(fill_anew(Settings(data=Path(folder))))
        with serving(Path(folder)) as server:
            Tour(server.url, locale, Screen(console)).walk()
    name = language_name(locale, "en")
    return console.export_svg(title=f"YEMA: the tour, in {name}", unique_id="tour", code_format=template(name))


async def fill_anew(settings: Settings) -> None:
    async with open_house(settings):
        await fill(settings)


def template(language: str) -> str:
    """Rich's, with the fonts that are there instead of one from elsewhere, and a title for who cannot see."""
    frame = CONSOLE_SVG_FORMAT
    fonts = frame[frame.index("    @font-face") : frame.index("    .{unique_id}-matrix")]
    frame = frame.replace(fonts, "").replace("Fira Code, monospace", FONTS).replace("arial", "sans-serif")
    origin = frame[frame.index("<!--") : frame.index("-->") + 3]
    return frame.replace(origin, f"<title>The tour of the demo, read in {language}</title>")


if __name__ == "__main__":
    (ROOT / "docs" / "tour.svg").write_text(draw("pl"), encoding="utf-8")
