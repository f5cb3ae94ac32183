"""Somebody who writes packs, and what they send."""

from typing import Any, NamedTuple
from uuid import UUID

import httpx

from tests import make
from tests.client import TestApp

ANY = {"if-match": "*"}


class Desk(NamedTuple):
    """A trainer at work: their organisation, a pack that they began, and a client that is signed in as them."""

    client: httpx.AsyncClient
    organisation: UUID
    pack: str
    person: UUID

    async def activity(self, slug: str = "river", **fields: Any) -> dict[str, Any]:
        """A new activity of the pack, as it is answered."""
        answer = await self.client.post("/activities", json=activity(self.pack, slug, **fields))
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def change(self, thing: dict[str, Any], **fields: Any) -> httpx.Response:
        """Change an activity that was read before."""
        match = {"if-match": str(thing["version"])}
        return await self.client.patch(f"/activities/{thing['id']}", json=fields, headers=match)

    async def read(self, activity: str, **query: str) -> dict[str, Any]:
        """The activity in the making."""
        answer = await self.client.get(f"/activities/{activity}", params={"view": "workshop", **query})
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def read_pack(self) -> dict[str, Any]:
        """The pack in the making."""
        found: dict[str, Any] = (await self.client.get(f"/packs/{self.pack}", params={"view": "workshop"})).json()
        return found


async def desk(app: TestApp, role: str = "trainer", **fields: Any) -> Desk:
    organisation = await make.organisation()
    person = await make.staff(organisation, role)
    client = await app.as_(person)
    answer = await client.post("/packs", json=pack(organisation, **fields))
    assert answer.status_code == 201, answer.text
    return Desk(client, organisation, answer.json()["id"], person)


def pack(organisation: UUID, **fields: Any) -> dict[str, Any]:
    """The body of a request that begins a pack."""
    return {
        "organisation": str(organisation),
        "slug": "rivers",
        "source_locale": "en",
        "licence": "CC-BY-4.0",
        "authors": ["Somebody"],
        "texts": {"title": "Rivers", "summary": "About rivers."},
        **fields,
    }


def blocks(*more: dict[str, Any]) -> list[dict[str, Any]]:
    """Title and summary, and these."""
    return [
        {"key": "title", "kind": "title", "text": "River"},
        {"key": "summary", "kind": "summary", "text": "We sit at the river."},
        *more,
    ]


def activity(pack: str, slug: str = "river", **fields: Any) -> dict[str, Any]:
    """The body of a request that writes an activity."""
    return {
        "pack": pack,
        "slug": slug,
        "method": "outdoor",
        "phase": "implementation",
        "group_size": {"min": 4, "max": 30},
        "minutes": {"min": 5, "max": 10},
        "age_from": 12,
        "settings": ["outdoor"],
        "energy": "calm",
        "complexity": 1,
        "blocks": blocks(),
        **fields,
    }
