"""Papers: the pages come out, and nothing else."""

import io
import zlib
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject

from tests.media import files
from tests.media.made import made_of
from yema.errors import YemaError
from yema.media.errors import MediaUnreadable, PaperLocked, TooManyPages


async def rewritten(content: bytes) -> bytes:
    [master] = (await made_of(content)).variants
    assert (master.name, master.content_type) == ("master", "application/pdf")
    return master.content


def spoken(content: bytes) -> bytes:
    """All of a PDF with its streams unpacked, in which words can be searched."""
    found = [content]
    reader = PdfReader(io.BytesIO(content))
    for number in range(1, len(reader.xref[0]) + 50):
        thing: Any = reader.get_object(number)
        if thing is not None:
            found.append(str(thing).encode())
            found.append(thing.get_data() if hasattr(thing, "get_data") else b"")
    return b"\n".join(found)


DANGERS = (
    b"JavaScript",
    b"/JS",
    b"/AA",
    b"OpenAction",
    b"Launch",
    b"EmbeddedFile",
    b"/Names",
    b"/Info",
    b"FreeText",
    b"PieceInfo",
)


async def test_no_name_no_script_and_no_second_file_comes_out() -> None:
    given = files.paper()

    made = await rewritten(given)

    said = spoken(made)
    assert (files.CANARY.encode() in spoken(given), files.CANARY.encode() in said) == (True, False)
    assert [danger for danger in DANGERS if danger in said] == []


async def test_every_page_says_what_it_said() -> None:
    reader = PdfReader(io.BytesIO(await rewritten(files.paper(3))))

    assert [(page.extract_text().strip(), tuple(page.mediabox)) for page in reader.pages] == [
        ("Draw a river", (0, 0, 300, 400))
    ] * 3


async def test_its_pictures_are_still_shown() -> None:
    reader = PdfReader(io.BytesIO(await rewritten(files.paper(1))))

    [picture] = reader.pages[0].images
    assert picture.image is not None
    assert (picture.image.size, dict(picture.image.getexif())) == (files.WIDE, {})


async def test_links_to_the_web_still_lead_there() -> None:
    reader = PdfReader(io.BytesIO(await rewritten(files.paper(1))))

    [link] = [annotation.get_object() for annotation in reader.pages[0]["/Annots"]]  # type: ignore[attr-defined]
    assert dict(link["/A"]) == {"/S": "/URI", "/URI": "https://yema.example/rivers"}


async def test_the_same_paper_comes_out_the_same() -> None:
    given = files.paper()

    assert await rewritten(given) == await rewritten(given)


async def test_what_a_paper_consists_of_is_counted() -> None:
    made = await made_of(files.paper(3))

    assert (made.kind, made.pages) == ("paper", 3)


def of_pages(count: int) -> bytes:
    """Many pages that are one and the same object."""
    kids = b" ".join([b"3 0 R"] * count)
    return _raw(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%b] >>" % (count, kids),
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>",
    )


def lying(count: int) -> bytes:
    """It says that it has one page."""
    return of_pages(count).replace(b"/Count %d" % count, b"/Count 1" + b" " * (len(str(count)) - 1))


def _raw(*objects: bytes) -> bytes:
    written, places = b"%PDF-1.7\n", []
    for number, thing in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, thing)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, len(written))
    return written + b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table + end


def in_circles() -> bytes:
    return _raw(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Count 2 /Kids [2 0 R 2 0 R] >>")


def deep() -> bytes:
    """Each object holds the next one."""
    chain = [b"<< /Next %d 0 R >>" % number for number in range(5, 5004)]
    return _raw(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        b"<< /Type /Page /MediaBox [0 0 9 9] /Resources << /Font << /A 4 0 R >> >> >>",
        *chain,
        b"<< >>",
    )


def bomb() -> bytes:
    """Objects in a stream that unpacks to a gigabyte."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(bytes(1 << 20)) for _ in range(1024)) + packer.flush()
    stream = b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >> stream\n%b\nendstream"
    table = b"<< /Type /XRef /Size 4 /Root 2 0 R /W [1 4 1] /Length 24 >> stream\n%b\nendstream"
    start = b"%PDF-1.7\n1 0 obj\n" + stream % (len(packed), packed) + b"\nendobj\n"
    rows = [(0, 0, 0), (1, 9, 0), (2, 1, 0), (1, len(start), 0)]
    packed_rows = b"".join(bytes([kind]) + place.to_bytes(4) + bytes([last]) for kind, place, last in rows)
    return start + b"3 0 obj\n" + table % packed_rows + b"\nendobj\nstartxref\n%d\n%%%%EOF" % len(start)


HOSTILE: list[tuple[bytes, type[YemaError]]] = [
    (of_pages(100_000), TooManyPages),
    (lying(100_000), TooManyPages),
    (files.locked_paper(), PaperLocked),
    (files.paper()[:400], MediaUnreadable),
    (b"%PDF-1.7\n" + bytes(5000), MediaUnreadable),
    (of_pages(0), MediaUnreadable),
    (in_circles(), MediaUnreadable),
    (deep(), MediaUnreadable),
    (bomb(), MediaUnreadable),
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
async def test_what_is_broken_or_hostile_is_refused(number: int) -> None:
    content, error = HOSTILE[number]

    with pytest.raises(error):
        await made_of(content)


async def test_a_paper_that_only_forbids_changes_is_taken() -> None:
    writer = PdfWriter(clone_from=io.BytesIO(files.paper(1)))
    writer.encrypt("", "owner", algorithm="AES-256")
    target = io.BytesIO()
    writer.write(target)

    reader = PdfReader(io.BytesIO(await rewritten(target.getvalue())))

    assert (reader.is_encrypted, reader.pages[0].extract_text().strip()) == (False, "Draw a river")


async def test_glyphs_and_pictures_may_have_any_name() -> None:
    # "/A" and "/AA" are actions elsewhere, and here the names of a font and of a picture.
    writer = PdfWriter(clone_from=io.BytesIO(files.paper(1)))
    resources: Any = writer.pages[0]["/Resources"]
    resources["/XObject"][NameObject("/AA")] = resources["/XObject"].raw_get("/Photo")
    target = io.BytesIO()
    writer.write(target)

    seen: Any = PdfReader(io.BytesIO(await rewritten(target.getvalue()))).pages[0]["/Resources"]

    assert (set(seen["/XObject"]), set(seen["/Font"])) == ({"/AA", "/Photo"}, {"/A"})
