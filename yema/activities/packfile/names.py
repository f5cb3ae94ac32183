"""What may stand in a pack, by its name: everything else is refused, so a name never becomes a path that leads elsewhere."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Literal

import msgspec

from yema.activities.pack.source import MEDIUM_KINDS, MediaName
from yema.activities.pack.vocabulary import Slug
from yema.activities.packfile.faults import MEDIUM_BYTES_MAX, TEXT_BYTES_MAX, YAML_BYTES_MAX, PackFault

HEAD = "pack.yaml"
FOLDERS = ("activities/", "media/", "po/")

Room = Literal["head", "activity", "medium", "po"]

BYTES_MAX: dict[Room, int] = {
    "head": YAML_BYTES_MAX,
    "activity": YAML_BYTES_MAX,
    "medium": MEDIUM_BYTES_MAX,
    "po": TEXT_BYTES_MAX,
}
_DRIVE = re.compile(r"[A-Za-z]:")
_BELONGS = (
    "only pack.yaml, activities/NAME.yaml or .md, media/NAME and po/LANGUAGE.po belong in a pack;"
    " zip what is in its folder, not the folder"
)


def room_of(name: str) -> Room:
    """What the file is. Raises `PackFault` for a name that no file of a pack can have."""
    if why := _unsafe(name):
        raise PackFault(name, why)
    folder, _, rest = name.rpartition("/")
    stem, _, end = rest.rpartition(".")
    if name == HEAD:
        return "head"
    if folder == "activities" and end in ("yaml", "md") and _is(stem, Slug):
        return "activity"
    if folder == "media" and _is(rest, MediaName) and end in MEDIUM_KINDS:
        return "medium"
    if folder == "po" and end == "po" and stem:
        return "po"
    raise PackFault(name, _BELONGS)


def check_once(names: Iterable[str]) -> None:
    """Raises `PackFault` where two names are the same one, for some file system at least: by case, or by their Unicode form."""
    seen: set[str] = set()
    for name in names:
        plain = unicodedata.normalize("NFKC", name).casefold()
        if plain in seen:
            raise PackFault(name, "this name stands twice in the pack")
        seen.add(plain)


def check_size(name: str, size: int) -> None:
    """Raises `PackFault` for a file that is larger than one of its kind may be."""
    if size > (most := BYTES_MAX[room_of(name)]):
        raise PackFault(name, f"this file is too large: {most // 2**20} MiB at most")


def _unsafe(name: str) -> str:
    """Why the name is dangerous; "" where it is not."""
    if "\0" in name:
        return "there is a NUL in this name"
    if "\\" in name:
        return "there is a backslash in this name; folders are separated by /"
    if name.startswith("/") or _DRIVE.match(name):
        return "this name starts at the root of a disk"
    if ".." in name.split("/"):
        return "this name leads out of the pack"
    return ""


def _is(name: str, kind: object) -> bool:
    try:
        msgspec.convert(name, kind)
    except msgspec.ValidationError:
        return False
    return True
