"""ZIP files to spoil: pack files of honest files, and such as nobody honest would make."""

import io
import struct
import zipfile
from pathlib import Path

from yema.activities.packfile import read_archive
from yema.activities.packfile.reading import PackFile


def files_in(place: Path) -> dict[str, bytes]:
    """The files of a folder, by their names in a pack."""
    return {str(path.relative_to(place)): path.read_bytes() for path in sorted(place.rglob("*")) if path.is_file()}


def zipped(files: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """As another program packs them."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def read(content: bytes) -> PackFile:
    return read_archive(io.BytesIO(content))


def with_info(files: dict[str, bytes], name: str, content: bytes = b"x", **fields: object) -> bytes:
    """The same with one more entry, of which the directory says this."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for other, other_content in files.items():
            archive.writestr(other, other_content)
        info = zipfile.ZipInfo(name)
        info.create_system = 3
        for field, value in fields.items():
            setattr(info, field, value)
        archive.writestr(info, content)
    return out.getvalue()


def patched(content: bytes, name: str, at: int, form: str, value: int, *, both: bool = False) -> bytes:
    """With a number changed in what the directory says of an entry (and, with `both`, before its bytes, two bytes earlier)."""
    changed = bytearray(content)
    raw = name.encode()
    central = content.rindex(raw, content.index(b"PK\x01\x02")) - 46
    struct.pack_into(form, changed, central + at, value)
    if both:
        struct.pack_into(form, changed, content.index(raw) - 30 + at - 2, value)
    return bytes(changed)
