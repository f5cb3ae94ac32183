"""The files of a pack, in a ZIP file or in a folder; each is read when it is asked for, and checked then."""

import os
import stat
import zlib
from pathlib import Path
from typing import BinaryIO, Protocol

from yema.activities.packfile.directory import Entry, read_directory
from yema.activities.packfile.faults import FILES_MAX, UNPACKED_BYTES_MAX, PackFault
from yema.activities.packfile.names import FOLDERS, check_once, check_size, room_of

CHUNK = 64 * 1024


class Contents(Protocol):
    """Files by their names in the pack: all of them belong there, and none is larger than it may be."""

    names: list[str]

    def read(self, name: str) -> bytes:
        """The bytes of one file. Raises `PackFault` where they are not what they should be."""


class Archive:
    """A ZIP file. Never more is unpacked than its directory said, and that was checked."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._entries = {entry.name: entry for entry in read_directory(file)}
        self.names = sorted(self._entries)

    def read(self, name: str) -> bytes:
        entry = self._entries[name]
        content = self._inflated(entry) if entry.deflated else self._stored(entry)
        if len(content) != entry.size or zlib.crc32(content) != entry.crc:
            raise PackFault(name, "it is damaged in the ZIP file")
        return content

    def _stored(self, entry: Entry) -> bytes:
        self._file.seek(entry.start)
        return self._file.read(entry.size)

    def _inflated(self, entry: Entry) -> bytes:
        self._file.seek(entry.start)
        stream, found, left = zlib.decompressobj(-15), bytearray(), entry.packed
        try:
            while left and not stream.eof:
                chunk = self._file.read(min(CHUNK, left))
                left -= len(chunk)
                while chunk:
                    # One byte more than promised shows the lie, whatever the ZIP file would unpack to.
                    found += stream.decompress(chunk, min(CHUNK, entry.size - len(found) + 1))
                    if len(found) > entry.size:
                        raise PackFault(entry.name, "it unpacks to more than the ZIP file says")
                    chunk = stream.unconsumed_tail
                if not stream.eof and not left:
                    found += stream.flush()
        except zlib.error:
            raise PackFault(entry.name, "it is damaged in the ZIP file") from None
        if left or not stream.eof or stream.unused_data:
            raise PackFault(entry.name, "it is damaged in the ZIP file")
        return bytes(found)


class Folder:
    """A folder, as an author edits it. What is hidden in it is no part of the pack."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self.names = sorted(self._look("", ("", *FOLDERS)))
        check_once(self.names)
        if len(self.names) > FILES_MAX:
            raise PackFault(str(place), f"there are too many files in it: {FILES_MAX} at most")
        if sum((place / name).stat().st_size for name in self.names) > UNPACKED_BYTES_MAX:
            raise PackFault(str(place), f"this is too large: {UNPACKED_BYTES_MAX // 2**20} MiB at most")

    def read(self, name: str) -> bytes:
        check_size(name, (self._place / name).stat().st_size)
        return (self._place / name).read_bytes()

    def _look(self, inside: str, folders: tuple[str, ...]) -> list[str]:
        found = []
        with os.scandir(self._place / inside) as listed:
            items = [*listed]
        for item in items:
            name = f"{inside}{item.name}"
            mode = item.stat(follow_symlinks=False).st_mode
            if item.name.startswith("."):
                continue
            if stat.S_ISDIR(mode) and f"{name}/" in folders:
                found += self._look(f"{name}/", ())
            elif stat.S_ISREG(mode) or stat.S_ISDIR(mode):
                room_of(f"{name}/" if stat.S_ISDIR(mode) else name)
                found.append(name)
            else:
                raise PackFault(name, "this is a link or something else that is no file")
        return found
