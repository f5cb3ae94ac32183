"""Reading a pack: all of it is checked before anybody sees anything of it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple, TypeVar
from uuid import UUID

import msgspec
from msgspec import UNSET

from yema.activities.pack.source import MEDIUM_KINDS, ActivityDraft, PackDraft, PackSource, SourceText, Translation
from yema.activities.packfile.contents import Archive, Contents, Folder
from yema.activities.packfile.faults import PackFault
from yema.activities.packfile.markdown_form import load_markdown
from yema.activities.packfile.names import HEAD, room_of
from yema.activities.packfile.yaml_in import load_yaml, text_of
from yema.activities.rules import MEDIA_OF, faults_of
from yema.activities.translating.po import REASONS, BadPo, texts_by_context, translations_in
from yema.i18n import is_tag
from yema.media.errors import MediaUnknown
from yema.media.formats import format_of

T = TypeVar("T")

NOT_DONE = ("obsolete", "empty", "fuzzy")
"""Entries of PO files that are left out; whatever else cannot be taken is a fault of the file."""


class PackFile(NamedTuple):
    """A pack that was read and found to be in order. `source` has no media yet: their bytes are still in the file, under these names."""

    source: PackSource
    media: list[str]
    contents: Contents

    def medium(self, name: str) -> bytes:
        """The bytes of a file in `media/`."""
        return self.contents.read(f"media/{name}")


@contextmanager
def open_pack(place: Path) -> Iterator[PackFile]:
    """The pack in that folder or ZIP file. Raises `PackFault` at the first thing that is not as it should be."""
    try:
        if place.is_dir():
            yield read_contents(Folder(place))
        else:
            with place.open("rb") as file:
                yield read_archive(file)
    except OSError as error:
        raise PackFault(str(error.filename or place), f"this cannot be read ({error.strerror})") from None


def read_pack(place: Path) -> PackSource:
    """The same, without its media."""
    with open_pack(place) as pack:
        return pack.source


def read_archive(file: BinaryIO) -> PackFile:
    """The pack in a ZIP file that is open. Raises `PackFault`."""
    return read_contents(Archive(file))


def read_contents(contents: Contents) -> PackFile:
    """The pack that these files make. Raises `PackFault`."""
    if HEAD not in contents.names:
        raise PackFault(HEAD, "this file is missing; it stands at the top of the pack, in no folder")
    head = _as(HEAD, load_yaml(HEAD, contents.read(HEAD)), PackDraft)
    if not is_tag(head.source_locale):
        raise PackFault(HEAD, f"{head.source_locale} is not a language that we know")
    activities = _activities(contents, head)
    source = PackSource(head=head, activities=activities, translations={})
    media = [name.removeprefix("media/") for name in contents.names if room_of(name) == "medium"]
    _check_media(contents, source, media)
    _read_translations(contents, source)
    return PackFile(source, media, contents)


def _activities(contents: Contents, head: PackDraft) -> list[ActivityDraft]:
    files: dict[str, str] = {}
    for name in contents.names:
        if room_of(name) == "activity":
            slug = name.removeprefix("activities/").rpartition(".")[0]
            if slug in files:
                raise PackFault(name, f"{files[slug]} is the same activity")
            files[slug] = name
    if len(set(head.activities)) < len(head.activities):
        twice = sorted({slug for slug in head.activities if head.activities.count(slug) > 1})
        raise PackFault(HEAD, f"activities stand twice: {', '.join(twice)}")
    if unlisted := sorted(files.keys() - set(head.activities)):
        raise PackFault(files[unlisted[0]], "pack.yaml does not list this activity")
    found: dict[object, str] = {}
    activities = []
    for slug in head.activities:
        if slug not in files:
            raise PackFault(f"activities/{slug}.yaml", "this file is missing, and pack.yaml lists it")
        name = files[slug]
        activity = _activity(name, slug, contents.read(name))
        if activity.id in found:
            raise PackFault(name, f"its id is that of {found[activity.id]}")
        found[activity.id] = name
        activities.append(activity)
    return activities


def _activity(name: str, slug: str, content: bytes) -> ActivityDraft:
    load = load_markdown if name.endswith(".md") else load_yaml
    activity = _as(name, load(name, content), ActivityDraft)
    faults = faults_of(activity)
    if activity.slug != slug:
        faults.append(f"slug is {activity.slug}, the file says {slug}")
    if faults:
        raise PackFault(name, faults[0])
    return activity


def _as(name: str, value: Any, kind: type[T]) -> T:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise PackFault(name, str(error)) from None


def _check_media(contents: Contents, source: PackSource, media: list[str]) -> None:
    named: set[str] = set()
    for activity in source.activities:
        for block in activity.blocks:
            if block.media is UNSET:
                continue
            where = f"activities/{activity.slug}"
            if block.media not in media:
                raise PackFault(where, f"block {block.key}: media/{block.media} is missing")
            kind = MEDIUM_KINDS[block.media.rpartition(".")[2]]
            if kind != MEDIA_OF[block.kind]:
                raise PackFault(where, f"block {block.key}: a {block.kind} does not show media/{block.media}")
            named.add(block.media)
    for name in media:
        if name not in named:
            raise PackFault(f"media/{name}", "no block shows this")
        _check_medium(f"media/{name}", contents.read(f"media/{name}"))


def _check_medium(name: str, content: bytes) -> None:
    kind = MEDIUM_KINDS[name.rpartition(".")[2]]
    try:
        found = format_of(content).kind
    except MediaUnknown:
        raise PackFault(name, "this is no picture, PDF or sound that we know") from None
    if found != kind:
        raise PackFault(name, f"the name says that this is a {kind}, and it is a {found}")


def _read_translations(contents: Contents, source: PackSource) -> None:
    known = texts_by_context(source)
    if len(known) < sum(len(activity.blocks) for activity in source.activities) + 2:
        raise PackFault(HEAD, "two texts of this pack have the same id")
    for name in contents.names:
        if room_of(name) == "po" and (texts := _translations(contents, name, source, known)):
            source.translations[_locale(name)] = texts


def _translations(
    contents: Contents, name: str, source: PackSource, known: Mapping[str, SourceText]
) -> dict[UUID, Translation]:
    locale = _locale(name)
    if not is_tag(locale):
        raise PackFault(name, f"{locale} is not a language that we know")
    if locale == source.head.source_locale:
        raise PackFault(name, f"{locale} is the language that the pack is written in")
    try:
        taken = translations_in(text_of(name, contents.read(name)), source, locale, known=known)
    except BadPo as bad:
        first = bad.faults[0]
        raise PackFault(name, f"line {first.line}: {first.words % dict(first.values)}") from None
    for note in taken.not_taken:
        if note.code not in NOT_DONE:
            raise PackFault(name, f"line {note.line}: {REASONS[note.code]}")
    return taken.translations


def _locale(name: str) -> str:
    return name.removeprefix("po/").removesuffix(".po")
