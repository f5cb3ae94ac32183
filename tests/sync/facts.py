"""What there is in an exchange, as plain objects."""

from dataclasses import dataclass, field
from typing import Any

JSON = dict[str, Any]
Circle = tuple[str, str]
"""A kind of space and its owner."""
Key = tuple[str, str]
"""A kind of thing and its id."""

Known = list[tuple[str, str | None, int]]
"""Pages, their texts and versions as phones know them; no text where they know that one is gone."""

LEADING = ("leader", "coordinator")
NOT_KEPT = ("writes", "promised", "buried", "recalled", "closed")
"""What no backup holds."""


@dataclass
class Human:
    name: str
    locale: str = "en"


@dataclass
class Member:
    id: str
    role: str
    group: str | None
    state: str = "active"


@dataclass
class Page:
    """`texts` are all that were ever acknowledged, by version; `shared` is (with whom, circle, version)."""

    author: str
    version: int = 0
    texts: dict[int, JSON] = field(default_factory=dict)
    deleted: bool = False
    shared: tuple[str, Circle, int] | None = None


@dataclass
class Answer:
    page: str
    by: str
    circle: Circle
    text: str


@dataclass
class Slot:
    kind: str
    titles: dict[str, str]
    starts_at: str
    ends_at: str
    audience: str = "all"
    groups: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    responsible: list[str] = field(default_factory=list)
    venue: str | None = None
    state: str = "planned"
    version: int = 1


class Facts:
    """One exchange. `done` are the mutations that had an effect, `writes` counts what has changed."""

    def __init__(self, exchange: str, title: str, groups: dict[str, str], people: dict[str, Human]) -> None:
        self.exchange, self.title, self.groups, self.people = exchange, title, groups, people
        self.members: dict[str, Member] = {}
        self.fixed: dict[Key, JSON] = {}
        self.prompts: dict[str, dict[str, str]] = {}
        self.packs: list[str] = []
        self.pages: dict[str, Page] = {}
        self.answers: dict[str, Answer] = {}
        self.plan: dict[str, Slot] = {}
        self.told: dict[str, Slot] = {}
        self.release = 0
        self.done: dict[tuple[str, str], tuple[str, int]] = {}
        self.writes = 0
        # See `promises`.
        self.promised: dict[str, set[str]] = {}
        self.buried: set[str] = set()
        self.recalled: dict[str, dict[str, int]] = {}
        self.closed: set[str] = set()
