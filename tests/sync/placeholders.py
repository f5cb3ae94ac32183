"""Names for what is different in every house: ids, cursors, tokens and the server's clock. What has a name keeps it, everywhere."""

import re
from collections import Counter
from typing import Any

from yema.ids import uuid7

_PLACEHOLDER = re.compile(r"\{([a-z_]+\.[a-z0-9]+)\}")
_ID = re.compile(r"[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_WHOLE = {"cursor": "cursor", "access_token": "access", "refresh_token": "refresh", "request_id": "request"}
_TIMES = ("made_at", "shared_at", "at", "seen_at")
_IDS = {
    "by": "person",
    "people": "person",
    "responsible": "person",
    "groups": "group",
    "mutation_id": "mutation",
    "series": "slot",
}
_MADE_BY_PHONES = ("announcement", "entry", "mutation", "rotation", "slot")


class Names:
    """Placeholders such as `{entry.1}`, and what they stand for here."""

    def __init__(self) -> None:
        self._values: dict[str, str] = {}
        self._names: dict[str, str] = {}
        self._count: Counter[str] = Counter()

    def bind(self, name: str, value: object) -> None:
        """Raises where the name stands for something else, or the value has another name."""
        assert self._values.setdefault(name, str(value)) == str(value)
        assert self._names.setdefault(str(value), name) == name

    def value(self, name: str) -> str:
        """What a name stands for; ids that a phone makes are made when they are first named."""
        if name not in self._values:
            assert name.partition(".")[0] in _MADE_BY_PHONES, f"Nothing is called {name} yet."
            self.bind(name, uuid7())
        return self._values[name]

    def fill(self, said: Any) -> Any:
        """The same with values for placeholders."""
        if isinstance(said, dict):
            return {key: self.fill(value) for key, value in said.items()}
        if isinstance(said, list):
            return [self.fill(value) for value in said]
        return _PLACEHOLDER.sub(lambda m: self.value(m[1]), said) if isinstance(said, str) else said

    def name(self, said: Any, what: str = "id") -> Any:
        """The same with placeholders for values; what is new gets the next number of its kind."""
        if isinstance(said, dict):
            return {key: self.name(value, _kind_of(key, said)) for key, value in said.items()}
        if isinstance(said, list):
            return [self.name(value, what) for value in said]
        if not isinstance(said, str):
            return said
        if what in _WHOLE.values() or what == "time":
            return self._named(said, what)
        return _ID.sub(lambda m: self._named(m[0], "sha256" if len(m[0]) == 64 else what), said)

    def _named(self, value: str, kind: str) -> str:
        if value not in self._names:
            name = ""
            while not name or name in self._values:
                self._count[kind] += 1
                name = f"{kind}.{self._count[kind]}"
            self.bind(name, value)
        return "{" + self._names[value] + "}"


def _kind_of(key: str, thing: dict[str, Any]) -> str:
    """What an id in this field is one of."""
    if key in _WHOLE:
        return _WHOLE[key]
    if key in _TIMES:
        return "time"
    return str(thing.get("kind", key)) if key == "id" else _IDS.get(key, key)
