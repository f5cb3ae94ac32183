"""What a data folder holds after everything, beside what its phones know that it has to."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from tests.faults.people import Crowd
from tests.faults.pushing import Pushing
from yema.demo.phone import Phone
from yema.house import open_house
from yema.journals.sealed import open_entry
from yema.journals.tables import Revision
from yema.settings import Settings


def integrity(data: Path) -> list[str]:
    found = []
    for name in ("yema.sqlite", "keyring.sqlite"):
        with closing(sqlite3.connect(f"file:{data / name}?mode=ro", uri=True)) as raw:
            found += [row[0] for row in raw.execute("PRAGMA integrity_check")]
    return found


def pulled(client: httpx.Client, token: str, kind: str) -> dict[str, Any]:
    """Things of a kind, as a fresh phone pulls them."""
    phone = Phone()
    headers = {"authorization": f"Bearer {token}"}
    complete = False
    while not complete:
        answer = client.post("/sync/pull", json=phone.to_pull(), headers=headers)
        complete = phone.pulled(answer.raise_for_status().json())
    return phone.all(kind)


def diaries_that_differ(client: httpx.Client, phones: Iterable[Pushing]) -> list[UUID]:
    """Whose pages are not what they have to be: each once, in its last version, shared or not."""
    return [
        phone.diary.somebody.id
        for phone in phones
        if {
            name: (page["version"], page["text"], "shared_with" in page)
            for name, page in pulled(client, phone.diary.somebody.token, "entry").items()
        }
        != {name: (page.version, page.texts[-1], page.shared is not None) for name, page in phone.diary.pages.items()}
    ]


def reflections_that_differ(client: httpx.Client, people: Crowd, phones: Iterable[Pushing]) -> set[tuple[str, str]]:
    """What coordinators see, as it was shared and in no other version."""
    found = {
        (name, reflection["text"])
        for coordinator in people.coordinators
        for name, reflection in pulled(client, coordinator.token, "reflection").items()
    }
    return found ^ {
        (name, page.texts[page.shared - 1])
        for phone in phones
        for name, page in phone.diary.pages.items()
        if page.shared
    }


async def revisions_that_differ(data: Path, phones: Iterable[Pushing]) -> set[tuple[str, int, str]]:
    """All texts that were ever written on the pages that are there, numbered."""
    async with open_house(Settings(data=data)):
        rows = await Revision.select(*Revision.all_columns(), Revision.entry.person.as_alias("person"))
        found = [
            (str(r["entry"]), r["number"], open_entry(r["person"], r["entry"], r["number"], r["sealed"]).text)
            for r in rows
        ]
    assert len(found) == len(set(found))
    return set(found) ^ {
        (name, number, text)
        for phone in phones
        for name, page in phone.diary.pages.items()
        for number, text in enumerate(page.texts, 1)
    }


def counted(data: Path) -> dict[str, Any]:
    """What counts each time that something is carried out."""
    with closing(sqlite3.connect(f"file:{data / 'yema.sqlite'}?mode=ro", uri=True)) as raw:
        spaces = raw.execute("SELECT owner, version FROM space WHERE kind IN ('person', 'exchange_coordinators')")
        return {
            "versions": dict(spaces.fetchall()),
            "mutations": raw.execute("SELECT count(*) FROM once").fetchone()[0],
            "told": raw.execute("SELECT count(*) FROM outbox").fetchone()[0],
        }


def to_be_counted(people: Crowd, phones: list[Pushing]) -> dict[str, Any]:
    """Each mutation touches its person's space once, and shares the coordinators' as well."""
    versions = Counter[str]()
    for somebody in [*people.people, *people.coordinators]:
        versions[str(somebody.id)] += 1  # they were made
    for diary in (phone.diary for phone in phones):
        versions[str(diary.somebody.id)] += diary.carried_out + diary.first_lines
        versions[str(diary.somebody.exchange)] += diary.seen_by_others
    mutations = sum(phone.diary.carried_out for phone in phones)
    return {"versions": +versions, "mutations": mutations, "told": sum(len(p.diary.shares) for p in phones)}
