"""Writing a pack: the same bytes for the same pack, on every machine.

Files are stored and not deflated: what deflate makes of the same bytes differs from one zlib to the next. They are sorted by name,
and have one date.
"""

import asyncio
import struct
import zlib
from collections.abc import AsyncIterator
from typing import Any

from msgspec import UNSET

from yema.activities.pack.source import ActivityDraft, BlockDraft, PackDraft, PackSource
from yema.activities.packfile.faults import FILES_MAX, PackFault
from yema.activities.packfile.names import HEAD
from yema.activities.packfile.yaml_out import Flow, dump_yaml
from yema.activities.translating.po import po_of
from yema.media.queries import content_of

_DATE = 1 << 5 | 1
"""The first of January 1980, the first day that ZIP knows."""
_NEEDS = 10
_MADE_BY = 3 << 8 | 20
"""Unix, so that the mode counts."""
_MODE = 0o100644


def files_of(source: PackSource) -> dict[str, bytes]:
    """All files of the pack but its media, by name."""
    files = {HEAD: _head(source.head)}
    for activity in source.activities:
        files[f"activities/{activity.slug}.yaml"] = _activity(activity)
    for locale, texts in source.translations.items():
        if texts:
            files[f"po/{locale}.po"] = po_of(source, locale).encode()
    return files


async def archive_of(source: PackSource) -> AsyncIterator[bytes]:
    """The pack as a ZIP file, one piece after the other; there is never more than one medium in the memory."""
    files: dict[str, bytes | None] = dict(await asyncio.to_thread(files_of, source))
    shown = {block.media for activity in source.activities for block in activity.blocks} - {UNSET}
    files.update({f"media/{name}": None for name in source.media if name in shown})
    if len(files) > FILES_MAX:
        raise PackFault(source.head.slug, f"there are too many files in it: {FILES_MAX} at most")
    archive = ZipWriter()
    for name in sorted(files):
        content = files.pop(name)
        if content is None:
            content = await content_of(source.media[name.removeprefix("media/")].sha256)
        yield archive.add(name, content)
    yield archive.end()


class ZipWriter:
    """The pieces of a ZIP file, in the order in which they are asked for."""

    def __init__(self) -> None:
        self._directory: list[bytes] = []
        self._at = 0

    def add(self, name: str, content: bytes) -> bytes:
        """The next file."""
        raw = name.encode("ascii")
        said = struct.pack(
            "<5H3L2H", _NEEDS, 0, 0, 0, _DATE, zlib.crc32(content), len(content), len(content), len(raw), 0
        )
        place = struct.pack("<3H2L", 0, 0, 0, _MODE << 16, self._at)
        self._directory.append(b"PK\x01\x02" + struct.pack("<H", _MADE_BY) + said + place + raw)
        piece = b"PK\x03\x04" + said + raw + content
        self._at += len(piece)
        return piece

    def end(self) -> bytes:
        """The directory."""
        directory, count = b"".join(self._directory), len(self._directory)
        return directory + b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, count, count, len(directory), self._at, 0)


def zipped(files: dict[str, bytes]) -> bytes:
    """A ZIP file of these files."""
    archive = ZipWriter()
    return b"".join([*(archive.add(name, files[name]) for name in sorted(files)), archive.end()])


def _head(head: PackDraft) -> bytes:
    lineage = [
        (
            ("pack", one.pack),
            ("version", one.version),
            ("title", one.title),
            ("authors", one.authors),
            ("licence", one.licence),
        )
        for one in head.lineage
    ]
    fields: list[tuple[str, Any]] = [
        ("format", head.format),
        ("id", head.id),
        ("slug", head.slug),
        ("source_locale", head.source_locale),
        ("licence", head.licence),
        ("authors", head.authors),
        ("texts", (("title", head.texts.title), ("summary", head.texts.summary))),
        ("lineage", lineage),
    ]
    # An empty list is said: this field must be there.
    fields.append(("activities", head.activities or Flow({})))
    return dump_yaml(fields)


def _activity(activity: ActivityDraft) -> bytes:
    minutes = {"min": activity.minutes.min, "max": activity.minutes.max, "preparation": activity.minutes.preparation}
    if not activity.minutes.preparation:
        del minutes["preparation"]
    return dump_yaml(
        [
            ("id", activity.id),
            ("slug", activity.slug),
            ("origin", activity.origin),
            ("method", activity.method),
            ("phase", activity.phase),
            ("group_size", Flow({"min": activity.group_size.min, "max": activity.group_size.max})),
            ("minutes", Flow(minutes)),
            ("age_from", activity.age_from),
            ("settings", Flow([*activity.settings])),
            ("energy", activity.energy),
            ("complexity", activity.complexity),
            ("tags", Flow(activity.tags)),
            ("competences", Flow([*activity.competences])),
            ("source", activity.source),
            ("blocks", [_block(block) for block in activity.blocks]),
        ]
    )


def _block(block: BlockDraft) -> tuple[tuple[str, Any], ...]:
    quantity = block.quantity if block.quantity is UNSET else float(block.quantity)
    return (
        ("key", block.key),
        ("kind", block.kind),
        ("minutes", block.minutes),
        ("quantity", quantity),
        ("per", block.per),
        ("media", block.media),
        ("text", block.text),
    )
