"""What a phone holds of a thing, what a page of the diary says, and how a draft is laid over it."""

from typing import NamedTuple

from yema.demo.outbox import JSON

_WRITTEN = ("exchange", "text", "locale", "written_at", "slot", "prompt", "mood", "competences")


class Thing(NamedTuple):
    """Something as a space shows it, under the number of its change; gone where there is no data."""

    data: JSON | None
    seq: int


def said(page: JSON) -> JSON:
    """What its author wrote, without what the server says about it."""
    return {field: page[field] for field in _WRITTEN if field in page}


def differ(one: JSON, other: JSON) -> bool:
    """Whether two versions say different things. `written_at` is only when a phone's clock thought it was."""
    return any(one.get(field) != other.get(field) for field in _WRITTEN if field != "written_at")


def revised(page: JSON | None, draft: JSON) -> JSON:
    """A revision says the whole page: what it leaves out is gone."""
    return {**{field: value for field, value in (page or {}).items() if field not in _WRITTEN}, **draft}


def lay(pages: dict[str, JSON], entry: str, draft: JSON | None) -> None:
    """Lay a draft over the page that is there; None takes the page away."""
    if draft is None:
        pages.pop(entry, None)
    else:
        pages[entry] = revised(pages.get(entry), draft)
