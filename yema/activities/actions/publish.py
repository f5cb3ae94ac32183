"""Publish a pack: freeze what the workshop holds into one immutable file for each language."""

import hashlib
from collections import defaultdict
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.activities.schemas import ActivityView, BlockView, CardView, PackDocument
from yema.activities.tables import Activity, Block, BlockText, Pack, PackFile, PackText, PackVersion
from yema.changes import PUBLIC, SpaceKey, transaction
from yema.i18n import choose
from yema.ids import uuid7
from yema.shapes import WIRE

_CARD_FIELDS = CardView.__struct_fields__


async def publish_pack(pack: UUID) -> int:
    """Publish the next version in every language that the pack really has; the number of the version."""
    content = await _Content.read(pack)
    last = (
        await PackVersion.select(PackVersion.number)
        .where(PackVersion.pack == pack)
        .order_by(PackVersion.number, ascending=False)
        .first()
    )
    number = last["number"] + 1 if last else 1
    files = [_file(content.document(locale, number)) for locale in sorted(content.locales)]
    version = uuid7()
    async with transaction() as tx:
        await PackVersion.insert(PackVersion(id=version, pack=pack, number=number, published_at=tx.at))
        for locale, sha256, body, cards in files:
            row = PackFile(id=uuid7(), version=version, locale=locale, sha256=sha256, content=body, cards=cards)
            await PackFile.insert(row)
        tx.touched(
            SpaceKey("library", PUBLIC if content.pack["public"] else content.pack["organisation"]), "pack", pack
        )
    return number


def _file(document: PackDocument) -> tuple[str, str, bytes, bytes]:
    body = msgspec.json.encode(document)
    cards = [CardView(**{f: getattr(activity, f) for f in _CARD_FIELDS}) for activity in document.activities]
    return document.locale, hashlib.sha256(body).hexdigest(), body, msgspec.json.encode(cards)


class _Content:
    """The workshop's rows of one pack."""

    def __init__(self, pack: dict[str, Any], activities: list[dict[str, Any]]) -> None:
        self.pack = pack
        self.activities = activities
        self.blocks: dict[UUID, list[dict[str, Any]]] = defaultdict(list)
        self.texts: dict[UUID, dict[str, str]] = defaultdict(dict)
        self.pack_texts: dict[str, dict[str, Any]] = {}

    @classmethod
    async def read(cls, pack: UUID) -> "_Content":
        [head] = await Pack.select().where(Pack.id == pack)
        content = cls(head, await Activity.select().where(Activity.pack == pack).order_by(Activity.position))
        content.pack_texts = {row["locale"]: row for row in await PackText.select().where(PackText.pack == pack)}
        for row in await Block.select().where(Block.activity.pack == pack).order_by(Block.position):
            content.blocks[row["activity"]].append(row)
        for row in await BlockText.select(BlockText.block, BlockText.locale, BlockText.text).where(
            BlockText.block.activity.pack == pack  # type: ignore[union-attr]
        ):
            content.texts[row["block"]][row["locale"]] = row["text"]
        return content

    @property
    def locales(self) -> set[str]:
        return {*self.pack_texts, *(locale for texts in self.texts.values() for locale in texts)}

    def document(self, locale: str, number: int) -> PackDocument:
        """The pack in one language; a text that is missing there stands in the source language, and says so."""
        source = self.pack["source_locale"]
        text = self.pack_texts.get(locale) or self.pack_texts[source]
        return PackDocument(
            wire=WIRE,
            id=self.pack["id"],
            slug=self.pack["slug"],
            version=number,
            locale=locale,
            title=text["title"],
            summary=text["summary"],
            licence=self.pack["licence"],
            authors=_list(self.pack["authors"]),
            activities=[self._activity(row, locale, number) for row in self.activities],
        )

    def _activity(self, row: dict[str, Any], locale: str, number: int) -> ActivityView:
        blocks = [self._block(block, locale) for block in self.blocks[row["id"]]]
        by_kind = {block.kind: block for block in reversed(blocks)}
        return ActivityView(
            **{f: row[f] for f in _CARD_FIELDS if f in row and f not in ("tags", "competences")},
            title=by_kind["title"].text,
            summary=by_kind["summary"].text,
            locale=by_kind["title"].locale,
            setting=_list(row["settings"]),
            tags=_list(row["tags"]),
            competences=_list(row["competences"]),
            slug=row["slug"],
            version=number,
            phase=row["phase"],
            minutes_preparation=row["minutes_preparation"],
            licence=self.pack["licence"],
            authors=_list(self.pack["authors"]),
            blocks=blocks,
            source=row["source"] or UNSET,
        )

    def _block(self, row: dict[str, Any], locale: str) -> BlockView:
        texts = self.texts[row["id"]]
        real = choose((locale,), frozenset(texts), self.pack["source_locale"])
        given = {f: row[f] for f in ("minutes", "quantity", "per") if row[f] is not None}
        return BlockView(id=row["id"], kind=row["kind"], text=texts[real], locale=real, **given)


def _list(value: Any) -> Any:
    return msgspec.json.decode(value) if isinstance(value, str) else value
