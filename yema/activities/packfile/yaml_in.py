"""YAML, read strictly: the core schema of YAML 1.2 in its plainest form, and nothing that a pack does not need.

There are no tags, anchors or aliases, no key stands twice, and the whole is neither deep nor has it many nodes. Every key is a text. `no`
and `2027-07-14` are texts too. White space around a text counts only where it stands in quotes: a block of text ends with a line break
that nobody meant.
"""

import re
from typing import Any

import yaml

from yema.activities.packfile.faults import PackFault

DEPTH_MAX = 10
NODES_MAX = 20_000
KEY_MAX = 100
AROUND = " \t\r\n"
"""White space that YAML itself knows."""

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, object] = {"": None, "~": None, "null": None, "true": True, "false": False}
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_NUMBER = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})(\.[0-9]{0,30})?([eE][-+]?[0-9]{1,3})?")
_BOM = "\ufeff"
_DIRECTIVE = re.compile("^%", re.MULTILINE)


def load_yaml(file: str, content: bytes) -> Any:
    """What the file says, of dicts, lists, texts, numbers, booleans and None. Raises `PackFault` with the line."""
    return parse_yaml(file, text_of(file, content))


def text_of(file: str, content: bytes) -> str:
    """The text in a file, in UTF-8, as Windows writes it too. Raises `PackFault`."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise PackFault(file, "this is written in UTF-16; please save it as UTF-8")
    try:
        return content.decode("utf-8").removeprefix(_BOM)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PackFault(file, f"line {line}: this is not written in UTF-8") from None


def parse_yaml(file: str, text: str) -> Any:
    """The same for what has been decoded."""
    if directive := _DIRECTIVE.search(text):
        # Before libyaml sees them: it compares each with all before it, and holds the whole process meanwhile.
        line = text.count("\n", 0, directive.start()) + 1
        raise PackFault(file, f"line {line}: a pack needs no directives of YAML")
    try:
        return _Document(file, _LOADER(text)).read()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}: " if mark else ""
        raise PackFault(file, f"{where}this is not YAML: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise PackFault(file, f"this is not YAML: {str(error).splitlines()[0]}") from None


class _Document:
    """The one document in a stream of YAML's events."""

    def __init__(self, file: str, loader: Any) -> None:
        self._file, self._loader = file, loader
        self._nodes = 0

    def read(self) -> Any:
        self._loader.get_event()
        if self._loader.check_event(yaml.StreamEndEvent):
            return None
        self._loader.get_event()
        value = self._value(self._loader.get_event(), 0)
        self._loader.get_event()
        if not self._loader.check_event(yaml.StreamEndEvent):
            raise self._fault(self._loader.get_event(), "there is a second document in this file")
        return value

    def _value(self, event: Any, depth: int) -> Any:
        self._nodes += 1
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise self._fault(event, "a pack has no anchors and aliases (& and *)")
        if event.tag is not None:
            raise self._fault(event, "a pack has no tags (!)")
        if self._nodes > NODES_MAX:
            raise self._fault(event, "there is too much in this file")
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if depth == DEPTH_MAX:
            raise self._fault(event, "this is nested too deeply")
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(depth + 1)
        return self._mapping(depth + 1)

    def _list(self, depth: int) -> list[Any]:
        found = []
        while not isinstance(event := self._loader.get_event(), yaml.SequenceEndEvent):
            found.append(self._value(event, depth))
        return found

    def _mapping(self, depth: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        while not isinstance(event := self._loader.get_event(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent) or event.tag or event.anchor or len(event.value) > KEY_MAX:
                raise self._fault(event, "this is no name of a field")
            if event.value in found:
                raise self._fault(event, f"{event.value} stands twice")
            found[event.value] = self._value(self._loader.get_event(), depth)
        return found

    def _fault(self, event: Any, why: str) -> PackFault:
        return PackFault(self._file, f"line {event.start_mark.line + 1}: {why}")


def _scalar(event: Any) -> Any:
    text: str = event.value
    if event.style in ("'", '"'):
        return text
    if event.style in ("|", ">"):
        return text.strip(AROUND)
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text
