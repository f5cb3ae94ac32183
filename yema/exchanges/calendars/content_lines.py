"""The lines of an iCalendar file (RFC 5545, 3.1), each with its number, and the components that they make.

We read them ourselves: who sends a file hears in which line something was not understood, and no file makes us work for long.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from yema.exchanges.errors import CalendarUnreadable

DEPTH_MAX = 6
LINES_MAX = 100_000
_LIST_MAX = 50
_LINE = re.compile(r'([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+=(?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)*):')
_PARAMETER = re.compile(r';([A-Za-z0-9-]+)=("[^"]*"|[^;]*)')
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_COMMA = re.compile(r"(?<!\\),")


class Line(NamedTuple):
    """A property: its name and those of its parameters in capitals, and the value as it stands there."""

    number: int
    name: str
    parameters: dict[str, str]
    value: str

    @property
    def text(self) -> str:
        """The value as a TEXT (3.3.11)."""
        return unescaped(self.value)

    @property
    def texts(self) -> list[str]:
        """The value as a list of TEXTs, the first fifty of them."""
        return [unescaped(part) for part in _COMMA.split(self.value, _LIST_MAX)[:_LIST_MAX]]


class Component(NamedTuple):
    """What stands between BEGIN and END, with the names of the components in it. `broken` are numbers of lines that are none."""

    number: int
    name: str
    lines: list[Line]
    inner: list[str]
    broken: list[int]

    def first(self, name: str) -> Line | None:
        """The first property of that name."""
        return next((line for line in self.lines if line.name == name), None)


def components(text: str) -> Iterator[Component]:
    """What stands directly in the file's calendars. Raises `CalendarUnreadable`, also at the end of a file that was broken off."""
    stack = _Stack()
    for number, content in _unfolded(text):
        match = _LINE.match(content)
        name = match[1].upper() if match else ""
        value = content[match.end() :] if match else ""
        if name == "BEGIN":
            stack.begin(number, value.strip().upper())
        elif name == "END":
            if ended := stack.end(value.strip().upper()):
                yield ended
        else:
            stack.take(Line(number, name, _parameters(match[2]) if match else {}, value))
    if stack.names:
        raise CalendarUnreadable


class _Stack:
    """The components that have begun and not ended: a calendar, in it the one that is read, and what stands in that."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._read: Component | None = None

    def begin(self, number: int, name: str) -> None:
        if len(self.names) == DEPTH_MAX or (not self.names and name != "VCALENDAR"):
            raise CalendarUnreadable
        if len(self.names) == 1:
            self._read = Component(number, name, [], [], [])
        elif self._read:
            self._read.inner.append(name)
        self.names.append(name)

    def end(self, name: str) -> Component | None:
        """The component that has been read whole by now."""
        if not self.names or self.names.pop() != name:
            raise CalendarUnreadable
        return self._read if len(self.names) == 1 else None

    def take(self, line: Line) -> None:
        """A property, or what is none and has no name. Of calendars, and of what stands in events, they are not needed."""
        if not self.names:
            raise CalendarUnreadable
        if self._read is None or len(self.names) != 2:
            return
        if line.name:
            self._read.lines.append(line)
        else:
            self._read.broken.append(line.number)


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, put together where they were folded, each with the number of its first part.

    Raises `CalendarUnreadable` for more lines than any calendar of ours could have.
    """
    parts: list[str] = []
    begun = 0
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n", LINES_MAX)
    if len(lines) > LINES_MAX:
        raise CalendarUnreadable
    for number, raw in enumerate(lines, 1):
        if raw[:1] in (" ", "\t") and parts:
            parts.append(raw[1:])
        else:
            if parts:
                yield begun, "".join(parts)
            parts, begun = [raw] if raw.strip() else [], number
    if parts:
        yield begun, "".join(parts)


def _parameters(text: str) -> dict[str, str]:
    return {name.upper(): value.strip('"') for name, value in _PARAMETER.findall(text)} if text else {}


def unescaped(value: str) -> str:
    """The text that was meant: a backslash stands before `,`, `;` and itself, and before an n for a line break."""
    return _ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value)
