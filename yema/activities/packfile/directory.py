"""The table of contents of a ZIP file (APPNOTE 6.3.10), read with distrust.

Everything that is said twice must be said the same way, and the entries must fill the file from its first byte to its directory: so there
is no room for entries that overlap, for something before, between or behind them, or for a second directory that another program reads.
"""

import stat
import struct
from typing import BinaryIO, NamedTuple

from yema.activities.packfile.faults import ARCHIVE_BYTES_MAX, FILES_MAX, UNPACKED_BYTES_MAX, PackFault, shown
from yema.activities.packfile.names import FOLDERS, check_once, check_size, room_of

STORED, DEFLATED = 0, 8
ARCHIVE = "pack file"
"""How faults name the ZIP file itself."""

_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_DESCRIPTOR = struct.Struct("<3L")
_ZIP64_LOCATOR = b"PK\x06\x07"
_LEVELS, _DESCRIBED, _UTF8 = 0b110, 1 << 3, 1 << 11
_ENCRYPTED = 1 | 1 << 6 | 1 << 13
_EXTRA_ZIP64, _EXTRA_OTHER_NAME = 0x0001, 0x7075
_NAME_MAX = 250
_UNIX = 3


class Entry(NamedTuple):
    """A file in the archive: where its packed bytes start, how many these are, and what must come out."""

    name: str
    deflated: bool
    crc: int
    packed: int
    size: int
    start: int


class _Said(NamedTuple):
    """What the directory says of an entry."""

    raw_name: bytes
    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int


def read_directory(file: BinaryIO) -> list[Entry]:
    """The files in the archive. Raises `PackFault`; what is too many is refused before anything is made of it."""
    length = file.seek(0, 2)
    if length > ARCHIVE_BYTES_MAX:
        raise PackFault(ARCHIVE, f"this is too large: {ARCHIVE_BYTES_MAX // 2**20} MiB at most")
    count, start, end = _find(file, length)
    file.seek(start)
    said = _parse(file.read(end - start), count)
    check_once([one.name for one in said])
    if sum(one.size for one in said) > UNPACKED_BYTES_MAX:
        raise PackFault(ARCHIVE, f"this is too large unpacked: {UNPACKED_BYTES_MAX // 2**20} MiB at most")
    entries, reached = [], 0
    for one in sorted(said, key=lambda one: one.offset):
        if one.offset != reached:
            raise PackFault(one.name, "its bytes in the ZIP file overlap others, or something stands before them")
        entry, reached = _locate(file, one, start)
        if not one.name.endswith("/"):
            entries.append(entry)
    if reached != start:
        raise PackFault(ARCHIVE, "something stands between the files and the directory of the ZIP file")
    return entries


def _find(file: BinaryIO, length: int) -> tuple[int, int, int]:
    """(files, where their directory starts, where it ends)"""
    file.seek(0)
    begins = file.read(4)
    if length < _END.size or begins not in (b"PK\x03\x04", b"PK\x05\x06"):
        raise PackFault(ARCHIVE, "this is no ZIP file, or something stands before its beginning")
    file.seek(length - _END.size)
    sign, disk, first_disk, here, count, size, start, comment = _END.unpack(file.read(_END.size))
    if sign != b"PK\x05\x06" or comment:
        raise PackFault(ARCHIVE, "the ZIP file is cut off, or something stands behind its end")
    end = length - _END.size
    file.seek(max(0, end - 20))
    if file.read(4) == _ZIP64_LOCATOR or 0xFFFF in (here, count) or 0xFFFFFFFF in (size, start):
        raise PackFault(ARCHIVE, "this is a ZIP64 file; a pack needs none")
    if disk or first_disk or here != count:
        raise PackFault(ARCHIVE, "this is one part of a ZIP file in several")
    if count > FILES_MAX:
        raise PackFault(ARCHIVE, f"there are too many files in it: {FILES_MAX} at most")
    if start + size != end or size > count * (_CENTRAL.size + 4096):
        raise PackFault(ARCHIVE, "the directory of the ZIP file is not where it should be")
    return count, start, end


def _parse(directory: bytes, count: int) -> list[_Said]:
    said, at = [], 0
    for _ in range(count):
        if at + _CENTRAL.size > len(directory):
            raise PackFault(ARCHIVE, "the directory of the ZIP file is cut off")
        row = _CENTRAL.unpack_from(directory, at)
        sign, made_by, _, flags, method, _, _, crc, packed, size, names, extras, comments, disk, _, mode, offset = row
        at += _CENTRAL.size
        raw_name, extra = directory[at : at + names], directory[at + names : at + names + extras]
        at += names + extras + comments
        if sign != b"PK\x01\x02" or at > len(directory) or disk:
            raise PackFault(ARCHIVE, "the directory of the ZIP file is broken")
        name = _name(raw_name, flags)
        _check_kind(name, made_by, mode)
        _check_extra(name, extra)
        _check_packing(name, flags, method, packed, size)
        said.append(_Said(raw_name, name, flags, method, crc, packed, size, offset))
    if at != len(directory):
        raise PackFault(ARCHIVE, "the directory of the ZIP file says more than there are files")
    return said


def _name(raw: bytes, flags: int) -> str:
    try:
        name = raw.decode("utf-8" if flags & _UTF8 else "ascii")
    except UnicodeDecodeError:
        raise PackFault(shown(raw.decode("latin-1")), "this name is not written in UTF-8") from None
    if len(raw) > _NAME_MAX:
        raise PackFault(name, "this name is too long")
    if name not in FOLDERS:
        room_of(name)
    return name


def _check_kind(name: str, made_by: int, mode: int) -> None:
    kind = stat.S_IFMT(mode >> 16) if made_by >> 8 == _UNIX else 0
    if kind not in (0, stat.S_IFDIR if name.endswith("/") else stat.S_IFREG):
        raise PackFault(name, "this is a link or something else that is no file")


def _check_extra(name: str, extra: bytes) -> None:
    at = 0
    while at + 4 <= len(extra):
        kind, size = struct.unpack_from("<2H", extra, at)
        at += 4 + size
        if kind == _EXTRA_ZIP64:
            raise PackFault(name, "this is a ZIP64 entry; a pack needs none")
        if kind == _EXTRA_OTHER_NAME:
            raise PackFault(name, "the ZIP file gives it a second name")
    if at != len(extra):
        raise PackFault(name, "what the ZIP file says of it is broken")


def _check_packing(name: str, flags: int, method: int, packed: int, size: int) -> None:
    if flags & _ENCRYPTED:
        raise PackFault(name, "this is encrypted")
    if flags & ~(_LEVELS | _DESCRIBED | _UTF8):
        raise PackFault(name, "it is packed in a way that we do not know")
    if method not in (STORED, DEFLATED):
        raise PackFault(name, "it is packed in a way that we do not know; use stored or deflate")
    if method == STORED and packed != size:
        raise PackFault(name, "its sizes in the ZIP file contradict each other")
    if name.endswith("/"):
        if size:
            raise PackFault(name, "this is a folder with bytes of its own")
    else:
        check_size(name, size)


def _locate(file: BinaryIO, said: _Said, directory: int) -> tuple[Entry, int]:
    """The entry, and where the next one must start."""
    broken = PackFault(said.name, "what stands before it in the ZIP file contradicts the directory")
    file.seek(said.offset)
    head = file.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        raise broken
    sign, _, flags, method, _, _, *sums, names, extras = _LOCAL.unpack(head)
    raw_name, extra = file.read(names), file.read(extras)
    if (sign, flags, method, raw_name) != (b"PK\x03\x04", said.flags, said.method, said.raw_name):
        raise broken
    _check_extra(said.name, extra)
    expected = [said.crc, said.packed, said.size]
    described = bool(flags & _DESCRIBED)
    if sums != expected and not (described and sums in ([0, 0, 0], [said.crc, 0, 0])):
        raise broken
    start = said.offset + _LOCAL.size + names + extras
    end = start + said.packed
    if described:
        end += _described(file, end, expected, broken)
    if end > directory:
        raise broken
    return Entry(said.name, said.method == DEFLATED, said.crc, said.packed, said.size, start), end


def _described(file: BinaryIO, at: int, expected: list[int], broken: PackFault) -> int:
    """How long the note is that stands behind the bytes and says their sums again."""
    file.seek(at)
    note = file.read(4 + _DESCRIPTOR.size)
    plain = _DESCRIPTOR.pack(*expected)
    if note == b"PK\x07\x08" + plain:
        return 16
    if note.startswith(plain):
        return 12
    raise broken
