"""Pack folders to spoil: copies of the starter pack, and small ones made for a test."""

import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import yaml

from tests import make
from yema.activities.actions.publish import publish_pack
from yema.activities.actions.store import store_pack
from yema.activities.pack.source import block_id
from yema.activities.packfile import read_pack
from yema.ids import uuid7

STARTER = make.FIXTURES / "packs" / "first-days"


def copy(tmp_path: Path) -> Path:
    """A copy of the starter pack that a test may edit."""
    return Path(shutil.copytree(STARTER, tmp_path / "pack"))


def edit(path: Path, **fields: Any) -> None:
    """Change fields of a YAML file; `None` removes one."""
    content = {**yaml.safe_load(path.read_text("utf-8")), **fields}
    path.write_text(yaml.safe_dump({k: v for k, v in content.items() if v is not None}, allow_unicode=True), "utf-8")


def activity(slug: str, title: str = "", **fields: Any) -> dict[str, Any]:
    """The content of an activity's file."""
    return {
        "id": str(uuid7()),
        "slug": slug,
        "method": "energiser",
        "phase": "implementation",
        "group_size": {"min": 4, "max": 30},
        "minutes": {"min": 5, "max": 10},
        "age_from": 12,
        "settings": ["indoor"],
        "energy": "lively",
        "complexity": 1,
        "blocks": [
            {"key": "title", "kind": "title", "text": title or slug},
            {"key": "summary", "kind": "summary", "text": "Short."},
        ],
        **fields,
    }


def folder(tmp_path: Path, *activities: dict[str, Any], **head: Any) -> Path:
    """A folder with a pack of these activities."""
    place = tmp_path / f"pack-{uuid7()}"
    (place / "activities").mkdir(parents=True)
    (place / "po").mkdir()
    fields = {
        "format": 1,
        "id": str(uuid7()),
        "slug": "small",
        "source_locale": "en",
        "licence": "CC-BY-4.0",
        "authors": ["Somebody"],
        "texts": {"title": "Small", "summary": "A small pack."},
        "activities": [one["slug"] for one in activities],
        **head,
    }
    (place / "pack.yaml").write_text(yaml.safe_dump(fields, allow_unicode=True), "utf-8")
    for one in activities:
        (place / "activities" / f"{one['slug']}.yaml").write_text(yaml.safe_dump(one, allow_unicode=True), "utf-8")
    return place


def po(place: Path, locale: str, **entries: tuple[str, str]) -> None:
    """Write a PO file; entries are `slug__key=(source, translation)`, `pack__title` for the pack's own."""
    lines = ['msgid ""', 'msgstr ""', f'"Language: {locale}\\n"', '"Content-Type: text/plain; charset=UTF-8\\n"', ""]
    for name, (source, text) in entries.items():
        lines += [f'msgctxt "{_context(place, *name.split("__"))}"', f'msgid "{source}"', f'msgstr "{text}"', ""]
    (place / "po" / f"{locale}.po").write_text("\n".join(lines), "utf-8")


def _context(place: Path, slug: str, key: str) -> UUID:
    file = place / "pack.yaml" if slug == "pack" else place / "activities" / f"{slug}.yaml"
    owner = yaml.safe_load(file.read_text("utf-8"))["id"] if file.exists() else str(uuid7())
    return block_id(UUID(owner), key)


async def published(place: Path, *, organisation: UUID | None = None, public: bool = True) -> UUID:
    """The pack in that folder, stored and published; its id."""
    pack = await store_pack(read_pack(place), organisation=organisation, public=public)
    await publish_pack(pack)
    return pack
