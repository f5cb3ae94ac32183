"""A pack as a folder that a human can read and edit: `pack.yaml`, `activities/<slug>.yaml`, `po/<locale>.po`."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID

import msgspec
import polib
import yaml

from yema.activities.rules import faults_of
from yema.activities.source import ActivityDraft, PackDraft, PackSource, SourceText, Translation
from yema.i18n import is_tag
from yema.shapes import Line

T = TypeVar("T")


class PackFault(Exception):
    """A sentence for the pack's author: which file, where, what."""


def read_pack(folder: Path) -> PackSource:
    """The pack in that folder. Raises `PackFault` at the first thing that is not as it should be."""
    head = _read_yaml(folder / "pack.yaml", PackDraft)
    activities = [_read_activity(folder / "activities" / f"{slug}.yaml", slug) for slug in head.activities]
    _check_once(folder / "pack.yaml", "activities", head.activities)
    _check_once(folder / "activities", "ids", [activity.id for activity in activities])
    source = PackSource(head=head, activities=activities, translations={})
    known = contexts(source)
    for path in sorted((folder / "po").glob("*.po")):
        source.translations[path.stem] = _read_po(path, known, head.source_locale)
    return source


def contexts(source: PackSource) -> dict[str, SourceText]:
    """Every text of the pack by the context that PO files know it by: the block's id."""
    return {str(text.id): text for text in source.texts()}


def _check_once(path: Path, what: str, names: Sequence[object]) -> None:
    if twice := sorted({str(name) for name in names if names.count(name) > 1}):
        raise PackFault(f"{path}: {what} stand twice: {', '.join(twice)}")


def _read_activity(path: Path, slug: str) -> ActivityDraft:
    activity = _read_yaml(path, ActivityDraft)
    faults = faults_of(activity)
    if activity.slug != slug:
        faults.append(f"slug is {activity.slug}, the file says {slug}")
    if faults:
        raise PackFault(f"{path}: {faults[0]}")
    return activity


def _read_yaml(path: Path, kind: type[T]) -> T:
    try:
        return msgspec.convert(_stripped(yaml.safe_load(path.read_text("utf-8"))), kind)
    except FileNotFoundError:
        raise PackFault(f"{path} is missing") from None
    except RecursionError:
        raise PackFault(f"{path} is nested too deeply") from None
    # A date that no calendar has is a ValueError of PyYAML's.
    except (yaml.YAMLError, ValueError, msgspec.ValidationError) as error:
        raise PackFault(f"{path}: {error}") from None


def _stripped(value: Any) -> Any:
    """The same without white space around texts: a block scalar ends with a line break that nobody meant."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list):
        return [_stripped(item) for item in value]
    if isinstance(value, dict):
        return {key: _stripped(item) for key, item in value.items()}
    return value


def _read_po(path: Path, known: dict[str, SourceText], source_locale: str) -> dict[UUID, Translation]:
    if not is_tag(path.stem):
        raise PackFault(f"{path}: {path.stem} is not a language that we know")
    if path.stem == source_locale:
        raise PackFault(f"{path}: {path.stem} is the language that the pack is written in")
    try:
        entries = polib.pofile(str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise PackFault(f"{path}: {error}") from None
    found: dict[UUID, Translation] = {}
    for entry in entries:
        if entry.obsolete or entry.fuzzy or not entry.msgstr:
            continue
        if entry.msgctxt not in known:
            raise PackFault(f"{path}, line {entry.linenum}: there is no text {entry.msgctxt}")
        text = known[entry.msgctxt]
        found[text.id] = _translation(path, entry, text)
    return found


def _translation(path: Path, entry: polib.POEntry, source: SourceText) -> Translation:
    text = entry.msgstr.strip()
    try:
        if source.block.kind == "title":
            msgspec.convert(text, Line)
        return msgspec.convert({"text": text, "source": entry.msgid.strip()}, Translation)
    except msgspec.ValidationError as error:
        raise PackFault(f"{path}, line {entry.linenum}: {error}") from None
