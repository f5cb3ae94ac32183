"""What the tour prints: a heading for each step, then what that person sees."""

import sys
import unicodedata
from collections.abc import Iterable

import segno
from rich.console import Console, Group
from rich.panel import Panel
from rich.text import Text

from yema.i18n import is_right_to_left

WIDTH_MAX = 100
_FACES = {"participant": "cyan", "leader": "yellow", "coordinator": "green", "trainer": "magenta", "stranger": "red"}


class Screen:
    """A terminal, or a file. Colours and boxes only where there is a terminal."""

    def __init__(self, console: Console | None = None) -> None:
        self._console = console or Console(highlight=False, file=sys.stdout)
        self._width = min(WIDTH_MAX, self._console.width)

    def step(self, who: str, does: str, sees: Iterable[str], locale: str = "en") -> None:
        """One step: who does what, and the lines that they see, in their language."""
        lines = [
            Text(line, justify="right" if is_right_to_left(locale) and _has_right_to_left(line) else "left")
            for line in sees
        ]
        title = Text(f" {who}: {does} ", style=f"bold {_FACES.get(who.split()[0], 'white')}")
        if self._console.is_terminal:
            self._console.print(Panel(Group(*lines), title=title, title_align="left", width=self._width))
        else:
            self._console.print(title)
            for line in lines:
                # As a whole, for whoever searches the file; a line that is folded here would go on without its indent.
                self._console.print(Text("   ") + line, soft_wrap=True)

    def line(self, text: str = "") -> None:
        self._console.print(Text(text), soft_wrap=True)

    def qr(self, content: str) -> None:
        """A QR code of half blocks."""
        segno.make(content, error="m").terminal(out=sys.stdout, compact=True)


def _has_right_to_left(line: str) -> bool:
    """Whether something in the line is read from right to left."""
    return any(unicodedata.bidirectional(character) in ("R", "AL") for character in line)
