"""Packs for translators: small ones in memory, and one that stands in the workshop; and what translators ask of it."""

from typing import Any, NamedTuple
from uuid import UUID

import httpx
import msgspec

from tests import make
from yema.activities.actions.store import store_pack
from yema.activities.pack.source import (
    ActivityDraft,
    BlockDraft,
    GroupSize,
    MinutesRange,
    PackDraft,
    PackSource,
    PackTexts,
    Translation,
    block_id,
)
from yema.ids import uuid7

ANY = {"if-match": "*"}
TITLE, SUMMARY, STEP = "Name River", "Every name gets a movement.", "Stand in a circle and say your name."


def activity(slug: str = "name-river", **texts: str) -> ActivityDraft:
    """An activity with these texts by the keys of their blocks; all but title and summary are steps of five minutes."""
    given = {"title": TITLE, "summary": SUMMARY, "step-1": STEP, **{k.replace("_", "-"): v for k, v in texts.items()}}
    return ActivityDraft(
        id=uuid7(),
        slug=slug,
        method="name_game",
        phase="implementation",
        group_size=GroupSize(min=4, max=30),
        minutes=MinutesRange(min=5, max=10),
        age_from=12,
        settings=["indoor"],
        energy="lively",
        complexity=1,
        blocks=[_block(key, text) for key, text in given.items()],
    )


def _block(key: str, text: str) -> BlockDraft:
    if key in ("title", "summary"):
        return BlockDraft(key=key, kind=key, text=text)  # type: ignore[arg-type]
    return BlockDraft(key=key, kind="step", text=text, minutes=5)


def source(*activities: ActivityDraft, **translations: dict[UUID, Translation]) -> PackSource:
    """A pack in English of these activities."""
    head = PackDraft(
        format=1,
        id=uuid7(),
        slug="small",
        source_locale="en",
        licence="CC-BY-4.0",
        authors=["Somebody"],
        texts=PackTexts(title="Small", summary="A small pack."),
        activities=[one.slug for one in activities],
    )
    return PackSource(head=head, activities=[*activities], translations=translations)


def with_text(of: PackSource, block: UUID, text: str) -> PackSource:
    """The same pack with another source text in one place."""
    changed = [
        msgspec.structs.replace(
            one,
            blocks=[
                msgspec.structs.replace(b, text=text) if block_id(one.id, b.key) == block else b for b in one.blocks
            ],
        )
        for one in of.activities
    ]
    return PackSource(head=of.head, activities=changed, translations=of.translations)


class World(NamedTuple):
    """A pack in the workshop, an activity of it, and a trainer who writes there."""

    pack: UUID
    activity: UUID
    trainer: UUID
    source: PackSource

    def block(self, key: str) -> UUID:
        return block_id(self.activity, key)


async def world(*, translated: tuple[str, ...] = ("title", "summary", "step-1"), locale: str = "de") -> World:
    """One activity, of which these blocks are translated: `title` as `title auf de`."""
    organisation = await make.organisation()
    one = activity()
    texts = {
        block_id(one.id, b.key): Translation(text=f"{b.key} auf {locale}", source=b.text)
        for b in one.blocks
        if b.key in translated
    }
    made = source(one, **({locale: texts} if texts else {}))
    await store_pack(made, organisation=organisation, public=True)
    return World(made.head.id, one.id, await make.staff(organisation), made)


def texts(here: World, locale: str = "de") -> str:
    """Where they are."""
    return f"/activities/{here.activity}/texts/{locale}"


async def progress(client: httpx.AsyncClient, here: World) -> dict[str, tuple[int, int, int]]:
    """(fresh, stale, missing) by locale."""
    items = (await client.get(f"/packs/{here.pack}/translations")).json()["items"]
    return {item["locale"]: (item["fresh"], item["stale"], item["missing"]) for item in items}


async def edit(client: httpx.AsyncClient, here: World, text: str, **more: Any) -> httpx.Response:
    """Change the source of the step."""
    body = {"texts": {str(here.block("step-1")): text}, **more}
    return await client.put(texts(here, "en"), json=body, headers=ANY)
