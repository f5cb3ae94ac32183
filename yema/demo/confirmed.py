"""What the answers to pushes have told a phone, until a pull brings the same."""

from collections.abc import Callable

from yema.demo.outbox import JSON, Item
from yema.demo.pages import Thing, revised, said


class Confirmed:
    """Versions by what each mutation was of (`Item.key`); pages, shares and the versions of deleted pages by entry."""

    def __init__(self) -> None:
        self.versions: dict[str, int] = {}
        self.pages: dict[str, JSON | None] = {}
        self.shares: dict[str, JSON] = {}
        self.graves: dict[str, int] = {}

    def applied(self, item: Item, result: JSON) -> None:
        """The server has it."""
        self.versions[item.key] = 0 if item.unsays else result.get("version", 0)
        if item.kind == "entry":
            self.pages[item.thing] = item.data if item.op == "put" else None
            if item.op == "delete":
                self.graves[item.thing] = result.get("version", 0)
        elif item.kind == "reflection":
            self.shares[item.thing] = {**item.data, "shared_version": result.get("version", 0)} if item.data else {}

    def has_come(self, entry: str, data: JSON | None) -> None:
        """A pull has brought a page: perhaps as a push had confirmed it, or as it was after that."""
        self.shares.pop(entry, None)
        if data is None or data["version"] >= self.versions.get(entry, 0):
            self.pages.pop(entry, None)

    def forget(self) -> None:
        """The server that said so is not this one. What was deleted here stays known."""
        self.versions, self.pages, self.shares = {}, {}, {}

    def laid_over(self, own: dict[str, Thing], version: Callable[[str], int]) -> dict[str, Thing]:
        """The pages that pulls have brought, with what was confirmed since; `version` is what the phone knows of one's."""
        pages = dict(own)
        for entry, draft in self.pages.items():
            held = pages.get(entry, Thing(None, 0))
            data = None if draft is None else {**revised(held.data, draft), "version": version(entry)}
            pages[entry] = Thing(data, held.seq + 1)
        for entry, shared in self.shares.items():
            if entry in pages and (data := pages[entry].data):
                pages[entry] = Thing({**said(data), "version": data["version"], **shared}, pages[entry].seq + 1)
        return pages
