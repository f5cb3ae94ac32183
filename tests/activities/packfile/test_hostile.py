"""What strangers may put into a ZIP file is refused in one sentence that names the file, before it costs anything."""

import io
import os
import stat
import struct
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.activities import packs, zips
from yema.activities.packfile import PackFault, read_pack

Files = dict[str, bytes]


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return zips.files_in(packs.folder(tmp_path, packs.activity("a")))


def fault(content: bytes) -> str:
    with pytest.raises(PackFault) as caught:
        zips.read(content)
    return str(caught.value)


def test_a_pack_that_another_program_zipped_is_read(files: Files) -> None:
    folders = {"activities/": b"", "po/": b""}

    found = [
        zips.read(zips.zipped({**folders, **files}, kind)).source for kind in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    ]

    assert [source.head.slug for source in found] == ["small", "small"]
    assert found[0] == found[1]


def test_a_pack_that_was_zipped_into_a_pipe_is_read(files: Files) -> None:
    class Pipe(io.RawIOBase):
        written = b""

        def writable(self) -> bool:
            return True

        def write(self, content: Any) -> int:
            self.written += bytes(content)
            return len(content)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)

    assert zips.read(pipe.written).source.head.slug == "small"


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../pack.yaml", "this name leads out of the pack"),
        ("activities/../../x.yaml", "this name leads out of the pack"),
        ("/etc/passwd", "this name starts at the root of a disk"),
        ("C:/x.yaml", "this name starts at the root of a disk"),
        ("activities\\x.yaml", "there is a backslash in this name; folders are separated by /"),
        ("readme.txt", None),
        ("activities/x.exe", None),
        ("activities/deep/x.yaml", None),
        ("activities/ä.yaml", None),
        ("activities/X.yaml", None),
        ("media/x.svg", None),
        ("media/x.jpg.exe", None),
        ("po/.po", None),
        ("docs/", None),
        ("__MACOSX/._pack.yaml", None),
        (".hidden", None),
        ("\u202epo.txt", None),
    ],
)
def test_a_name_that_does_not_belong_in_a_pack_is_refused(files: Files, name: str, why: str | None) -> None:
    shown = name if name.isprintable() else ascii(name)
    belongs = (
        "only pack.yaml, activities/NAME.yaml or .md, media/NAME and po/LANGUAGE.po belong in a pack;"
        " zip what is in its folder, not the folder"
    )

    assert fault(zips.with_info(files, name)) == f"{shown}: {why or belongs}"


def test_a_name_with_nul_is_refused(files: Files) -> None:
    content = zips.with_info(files, "activities/xxx.yaml").replace(b"activities/xxx.yaml", b"activities/x\0x.yaml")

    assert fault(content) == "'activities/x\\x00x.yaml': there is a NUL in this name"


def test_a_name_that_is_not_utf_8_is_refused(files: Files) -> None:
    content = zips.with_info(files, "po/zzzz.po").replace(b"po/zzzz.po", b"po/\xff\xfezz.po")

    assert fault(content) == "po/ÿþzz.po: this name is not written in UTF-8"


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("name", ["pack.yaml", "activities/a.yaml"])
def test_a_name_that_stands_twice_is_refused(files: Files, name: str) -> None:
    assert fault(zips.with_info(files, name)) == f"{name}: this name stands twice in the pack"


@pytest.mark.parametrize("other", ["po/PL.po", "po/pl.po", "po/ｐｌ.po"])
def test_a_name_that_is_the_same_for_some_disk_is_refused(files: Files, other: str) -> None:
    content = zips.with_info({**files, "po/Pl.po": b""}, other)

    assert fault(content) == f"{other}: this name stands twice in the pack"


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK, stat.S_IFDIR])
def test_a_link_or_another_thing_that_is_no_file_is_refused(files: Files, kind: int) -> None:
    content = zips.with_info(files, "po/pl.po", external_attr=(kind | 0o644) << 16)

    assert fault(content) == "po/pl.po: this is a link or something else that is no file"


def test_a_hundred_thousand_files_are_refused_before_they_are_counted(files: Files) -> None:
    entry = b"PK\x01\x02" + bytes(42)
    many = zips.zipped(files)[:-22] + entry * 65_000
    end = b"PK\x05\x06" + struct.pack(
        "<4H2LH", 0, 0, 65_000, 65_000, len(entry) * 65_000, len(many) - len(entry) * 65_000, 0
    )
    content = many + end
    tracemalloc.start()

    why = fault(content)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert why == "pack file: there are too many files in it: 5000 at most"
    assert peak < 200_000


def test_a_bomb_is_refused_by_what_it_says(files: Files) -> None:
    bomb = zips.zipped({**files, **{f"po/a{number}.po": b"\0" * (60 * 2**20) for number in range(5)}})

    assert fault(bomb) == "pack file: this is too large unpacked: 256 MiB at most"


def test_a_bomb_that_lies_is_stopped_at_its_lie(files: Files) -> None:
    honest = zips.zipped({**files, "po/pl.po": b"#" * (60 * 2**20)})
    liar = zips.patched(honest, "po/pl.po", 24, "<L", 100, both=True)
    tracemalloc.start()

    why = fault(liar)

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert why == "po/pl.po: it unpacks to more than the ZIP file says"
    assert peak < 2_000_000


@pytest.mark.parametrize(("name", "most"), [("pack.yaml", 16), ("media/x.jpg", 25), ("po/pl.po", 64)])
def test_a_file_that_is_too_large_is_refused(files: Files, name: str, most: int) -> None:
    large = zips.zipped({**files, name: b" " * (most * 2**20 + 1)})

    assert fault(large) == f"{name}: this file is too large: {most} MiB at most"


def test_more_than_sixty_four_mebibytes_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.zip"
    path.touch()
    os.truncate(path, 64 * 2**20 + 1)

    with pytest.raises(PackFault) as caught:
        read_pack(path)

    assert str(caught.value) == "pack file: this is too large: 64 MiB at most"


def _encrypted(content: bytes) -> bytes:
    return zips.patched(content, "pack.yaml", 8, "<H", 1, both=True)


def _overlapping(content: bytes) -> bytes:
    return zips.patched(content, "pack.yaml", 42, "<L", 0)


def _zip64_extra(content: bytes) -> bytes:
    files = {
        info.filename: zipfile.ZipFile(io.BytesIO(content)).read(info)
        for info in zipfile.ZipFile(io.BytesIO(content)).infolist()
    }
    return zips.with_info(files, "po/pl.po", extra=struct.pack("<2H", 1, 0))


def _second_name(content: bytes) -> bytes:
    files = {
        info.filename: zipfile.ZipFile(io.BytesIO(content)).read(info)
        for info in zipfile.ZipFile(io.BytesIO(content)).infolist()
    }
    return zips.with_info(files, "po/pl.po", extra=struct.pack("<2H", 0x7075, 4) + b"evil")


def _with_comment(content: bytes) -> bytes:
    return content[:-2] + struct.pack("<H", 4) + b"junk"


def _in_parts(content: bytes) -> bytes:
    return content[:-18] + struct.pack("<H", 1) + content[-16:]


def _zip64(content: bytes) -> bytes:
    return content[:-22] + b"PK\x06\x07" + bytes(16) + content[-22:]


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (_encrypted, "pack.yaml: this is encrypted"),
        (_overlapping, "pack.yaml: its bytes in the ZIP file overlap others, or something stands before them"),
        (_zip64_extra, "po/pl.po: this is a ZIP64 entry; a pack needs none"),
        (_second_name, "po/pl.po: the ZIP file gives it a second name"),
        (_with_comment, "pack file: the ZIP file is cut off, or something stands behind its end"),
        (_in_parts, "pack file: this is one part of a ZIP file in several"),
        (_zip64, "pack file: this is a ZIP64 file; a pack needs none"),
        (lambda c: c + b"junk", "pack file: the ZIP file is cut off, or something stands behind its end"),
        (lambda c: c[:-30], "pack file: the ZIP file is cut off, or something stands behind its end"),
        (lambda c: b"MZ" + c, "pack file: this is no ZIP file, or something stands before its beginning"),
        (lambda _: b"", "pack file: this is no ZIP file, or something stands before its beginning"),
        (lambda _: b"\x1f\x8b" + bytes(99), "pack file: this is no ZIP file, or something stands before its beginning"),
        (
            lambda c: zips.patched(c, "pack.yaml", 16, "<L", 1),
            "pack.yaml: what stands before it in the ZIP file contradicts the directory",
        ),
        (lambda c: zips.patched(c, "pack.yaml", 16, "<L", 1, both=True), "pack.yaml: it is damaged in the ZIP file"),
        (
            lambda c: zips.patched(c, "pack.yaml", 10, "<H", 0),
            "pack.yaml: its sizes in the ZIP file contradict each other",
        ),
    ],
)
def test_a_zip_file_that_contradicts_itself_is_refused(files: Files, spoil: Callable[[bytes], bytes], why: str) -> None:
    assert fault(spoil(zips.zipped(files))) == why


@pytest.mark.parametrize("kind", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(files: Files, kind: int) -> None:
    why = fault(zips.zipped(files, kind))

    assert why.endswith("it is packed in a way that we do not know; use stored or deflate") or "do not know" in why


def test_a_file_that_two_entries_share_is_refused(files: Files) -> None:
    """As in the bombs whose entries overlap: the directory names the same bytes again and again."""
    packed = zlib.compress(b"#" * 10_000)[2:-4]
    head = struct.pack("<5H3L2H", 20, 0, 8, 0, 33, zlib.crc32(b"#" * 10_000), len(packed), 10_000, 8, 0)
    local = b"PK\x03\x04" + head + b"po/aa.po" + packed
    central = b"".join(
        b"PK\x01\x02" + struct.pack("<H", 20) + head + struct.pack("<3H2L", 0, 0, 0, 0, 0) + f"po/{c}{c}.po".encode()
        for c in "abcdefgh"
    )
    end = b"PK\x05\x06" + struct.pack("<4H2LH", 0, 0, 8, 8, len(central), len(local), 0)

    assert (
        fault(local + central + end)
        == "po/bb.po: its bytes in the ZIP file overlap others, or something stands before them"
    )
