"""YAML as we write it: always the same bytes for the same pack, and pleasant to read and edit.

Long texts are folded at blanks, lists of lines stand as they are, and what YAML could take for something else stands in double quotes. So
every text comes back exactly, by any reader of YAML 1.1 or 1.2.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple
from uuid import UUID

from msgspec import UNSET

from yema.activities.packfile.yaml_in import AROUND

WIDTH = 96

_ODD = re.compile(r"[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
"""What YAML does not print, breaks lines at, or takes for a mark: control characters, NEL, U+2028, U+2029, the BOM."""
_MEANS_MORE = re.compile(r"(?i)null|true|false|yes|no|on|off|y|n")
_ESCAPES = {"\n": "\\n", "\t": "\\t", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_ESCAPED = re.compile(rf'["\\\n]|{_ODD.pattern}')

Fields = Iterable[tuple[str, Any]]
"""Names and values: texts, numbers, UUIDs, `Flow`, lists of texts, and lists of fields. What is UNSET or empty is left out."""


class Flow(NamedTuple):
    """Written on one line: a list of short texts, or a mapping of numbers."""

    items: list[str] | dict[str, int]


def dump_yaml(fields: Fields) -> bytes:
    """The file."""
    return ("\n".join(_mapping(fields, "")) + "\n").encode()


def _mapping(fields: Fields, indent: str) -> Iterator[str]:
    for name, value in fields:
        if value is UNSET or value == "" or value == [] or value == Flow([]):
            continue
        lines = _value(value, f"{indent}  ")
        first = next(lines)
        yield f"{indent}{name}:{first and f' {first}'}"
        yield from lines


def _value(value: Any, indent: str) -> Iterator[str]:
    """The text behind the colon, "" where there is none, then the lines below."""
    if isinstance(value, Flow):
        yield _flow(value)
    elif isinstance(value, str):
        yield from _text(value, indent)
    elif isinstance(value, list):
        yield ""
        for item in value:
            yield from _item(item, indent)
    elif isinstance(value, tuple):
        yield ""
        yield from _mapping(value, indent)
    else:
        yield _number(value)


def _item(item: Any, indent: str) -> Iterator[str]:
    inside = f"{indent}  "
    lines = _text(item, inside) if isinstance(item, str) else _mapping(item, inside)
    yield f"{indent}- {next(lines).removeprefix(inside)}"
    yield from lines


def _flow(value: Flow) -> str:
    if not value.items:
        return "[]"
    if isinstance(value.items, dict):
        return "{" + ", ".join(f"{name}: {number}" for name, number in value.items.items()) + "}"
    return (
        "["
        + ", ".join(
            _quoted(item) if set(item) & set(",[]{}") else _plain(item) or _quoted(item) for item in value.items
        )
        + "]"
    )


def _number(value: float | UUID) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = repr(value) if isinstance(value, float) else str(value)
    # YAML 1.1 knows a number with an exponent by its point.
    return text if "e" not in text or "." in text or isinstance(value, UUID) else text.replace("e", ".0e")


def _text(text: str, indent: str) -> Iterator[str]:
    if plain := _plain(text):
        yield plain
    elif _ODD.search(text) or text != text.strip(AROUND) or ("\n" not in text and len(text) <= WIDTH - len(indent)):
        yield _quoted(text)
    elif "\n" in text and all(_stands(line) and len(line) <= WIDTH for line in text.split("\n")):
        yield "|-"
        yield from (f"{indent}{line}" if line else "" for line in text.split("\n"))
    elif all(_folds(line) for line in text.split("\n")):
        yield ">-"
        yield from (f"{indent}{line}" if line else "" for line in _folded(text, WIDTH - len(indent)))
    else:
        yield _quoted(text)


def _plain(text: str) -> str:
    """The text where it needs no quotes, else ""."""
    means_nothing_else = (
        text[:1].isalpha()
        and len(text) <= WIDTH
        and not _MEANS_MORE.fullmatch(text)
        and not _ODD.search(text)
        and not any(sign in text for sign in ("\n", ": ", " #"))
        and text == text.strip(AROUND)
        and not text.endswith(":")
    )
    return text if means_nothing_else else ""


def _quoted(text: str) -> str:
    return '"' + _ESCAPED.sub(lambda found: _escape(found[0]), text) + '"'


def _escape(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"


def _stands(line: str) -> bool:
    """Whether the line keeps its white space in a block of text."""
    return line == line.strip(AROUND)


def _folds(line: str) -> bool:
    """Whether the line may be broken at its blanks and comes back the same."""
    return _stands(line) and "  " not in line


def _folded(text: str, width: int) -> Iterator[str]:
    """Each line break of the text is an empty line more."""
    for number, paragraph in enumerate(text.split("\n")):
        if number:
            yield ""
        line = ""
        for word in paragraph.split(" "):
            if line and len(line) + 1 + len(word) > width:
                yield line
                line = word
            else:
                line = f"{line} {word}" if line else word
        if line:
            yield line
