"""Papers: a PDF written anew from its pages.

Only what a page shows is taken over: contents, fonts, pictures, and links to the web. There is no other way from the old file to the new
one, so scripts, actions, forms, attachments, metadata, and what was never shown stay behind.
"""

import io
from typing import Any, Literal

from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    EncodedStreamObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

from yema.media.formats import Format
from yema.media.workshop.answer import Made, MadeVariant, Refusal
from yema.media.workshop.bare import bare_jpeg, bare_jpeg2000

PAGES_MAX = 200
OBJECTS_MAX = 100_000
LINKS_MAX = 200
"""On one page."""
URL_MAX = 2000
CONTENT_TYPE = "application/pdf"

_ON_A_PAGE = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group", "/Contents")
_RESOURCES = ("/ColorSpace", "/ExtGState", "/Font", "/Pattern", "/Properties", "/Shading", "/XObject")
_LEFT_OUT = frozenset(
    """
    /A /AA /AF /AcroForm /Alternates /Annots /Author /CreationDate /Creator /Desc /Dest /EF /EmbeddedFiles /FDecodeParms /FFilter
    /FS /Info /JS /JavaScript /Kids /LastModified /Measure /Metadata /ModDate /Names /OPI /OpenAction /Outlines /Pages /Parent
    /PieceInfo /Producer /PtData /Ref /RichMedia /StructParent /StructParents /StructTreeRoot /Thumb /Title /UF /URI /XFA
    """.split()  # noqa: SIM905 - forty lines otherwise
)
"""Keys that are about the file and its makers, that do something, or that lead out of the page."""
_ELSEWHERE = ("/Page", "/Pages", "/Catalog", "/Filespec", "/EmbeddedFile", "/Action")
_IN_STREAMS = ("/F", "/DL", "/Length")
"""In a stream: a file elsewhere that would hold its data, and what is counted anew."""
_OF_NAMES = ("/CharProcs", "/Colorants")
_Level = Literal["plain", "resources", "names"]
"""How keys are read: as PDF's own; as kinds of resources; or as names that somebody gave to fonts, pictures or glyphs."""
_PICTURES = {"/DCTDecode": bare_jpeg, "/DCT": bare_jpeg, "/JPXDecode": bare_jpeg2000}


def make_paper(content: bytes, given: Format) -> Made:
    """All of its pages."""
    reader = PdfReader(io.BytesIO(content), root_object_recovery_limit=1000)
    if reader.is_encrypted and not reader.decrypt(""):
        raise Refusal("paper_locked")
    _check_pages(reader)
    writer = PdfWriter()
    copying = _Copying(writer)
    for page in reader.pages:
        copying.page(page)
    writer.metadata = None
    target = io.BytesIO()
    writer.write(target)
    master = MadeVariant(name="master", content_type=CONTENT_TYPE, content=target.getvalue())
    return Made(kind="paper", variants=[master], pages=len(reader.pages))


def _check_pages(reader: PdfReader) -> None:
    """First what the file says of itself, which is quick; then what is true."""
    pages: Any = reader.root_object["/Pages"]
    for count in (int(pages.get("/Count", 0)), len(pages.get("/Kids", ())) and len(reader.pages)):
        if count > PAGES_MAX:
            raise Refusal("too_many_pages", PAGES_MAX)
    if not len(reader.pages):
        raise Refusal("media_unreadable")


class _Copying:
    """What was copied so far: what two pages share is copied once."""

    def __init__(self, writer: PdfWriter) -> None:
        self._writer = writer
        self._done: dict[tuple[int, int, _Level], Any] = {}

    def page(self, old: Any) -> None:
        box = old.mediabox
        new = self._writer.add_blank_page(float(box.width), float(box.height))
        for key in _ON_A_PAGE:
            if key in old:
                new[NameObject(key)] = self._copied(old.raw_get(key))
        new[NameObject("/Resources")] = self._copied(old.get("/Resources", DictionaryObject()), "resources")
        if links := [self._writer._add_object(link) for link in _links(old)]:
            new[NameObject("/Annots")] = ArrayObject(links)

    def _copied(self, value: Any, level: _Level = "plain") -> Any:
        if isinstance(value, IndirectObject):
            return self._shared(value, level)
        if isinstance(value, StreamObject):  # a stream is always referred to
            return NullObject()
        if isinstance(value, DictionaryObject):
            return self._fill(DictionaryObject(), value, level)
        if isinstance(value, ArrayObject):
            return ArrayObject([self._copied(item) for item in value])
        return value

    def _shared(self, reference: IndirectObject, level: _Level) -> Any:
        key = (reference.idnum, reference.generation, level)
        if key not in self._done:
            if len(self._done) >= OBJECTS_MAX:
                raise Refusal("media_unreadable")
            old = reference.get_object()
            self._done[key] = NullObject()  # what leads out of the page, and a list that holds itself
            if isinstance(old, StreamObject):
                stream = EncodedStreamObject()
                self._done[key] = self._writer._add_object(stream)  # before it is filled: it may refer to itself
                self._fill_stream(stream, old)
            elif not isinstance(old, DictionaryObject):
                self._done[key] = self._writer._add_object(self._copied(old))
            elif old.get("/Type") not in _ELSEWHERE:
                new = DictionaryObject()
                self._done[key] = self._writer._add_object(new)
                self._fill(new, old, level)
        return self._done[key]

    def _fill(self, new: DictionaryObject, old: DictionaryObject, level: _Level) -> DictionaryObject:
        for key in old:
            value = old.raw_get(key)
            if level == "resources":
                if key in _RESOURCES:
                    new[NameObject(key)] = self._copied(value, "names")
            elif level == "names":
                if not isinstance(value, str | bytes) or isinstance(value, NameObject):
                    new[NameObject(key)] = self._copied(value)
            elif key not in _LEFT_OUT:
                below: _Level = "resources" if key == "/Resources" else "names" if key in _OF_NAMES else "plain"
                new[NameObject(key)] = self._copied(value, below)
        return new

    def _fill_stream(self, new: Any, old: Any) -> None:
        self._fill(new, old, "plain")
        for key in _IN_STREAMS:
            new.pop(NameObject(key), None)
        filters = old.get("/Filter")
        last = filters[-1] if isinstance(filters, ArrayObject) and filters else filters
        bare = _PICTURES.get(str(last))
        alone = not isinstance(filters, ArrayObject) or len(filters) == 1
        if (
            bare is not None and not alone
        ):  # a camera's picture within another encoding: nobody writes that but to hide it
            raise Refusal("media_unreadable")
        new._data = bare(old._data) if bare else old._data


def _opened(value: Any) -> Any:
    return value.get_object() if isinstance(value, IndirectObject) else value


def _links(page: Any) -> list[DictionaryObject]:
    """Links to the web, written anew."""
    links = []
    for annotation in list(_opened(page.get("/Annots")) or ())[:LINKS_MAX]:
        old = _opened(annotation)
        action = _opened(old.get("/A")) if isinstance(old, DictionaryObject) else None
        if not isinstance(action, DictionaryObject) or action.get("/S") != "/URI":
            continue
        url, corners = str(action.get("/URI", "")), _opened(old.get("/Rect")) or ()
        if url.startswith(("https://", "http://")) and len(url) <= URL_MAX and url.isascii() and len(corners) == 4:
            links.append(_link(url, corners))
    return links


def _link(url: str, corners: Any) -> DictionaryObject:
    return DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Link"),
            NameObject("/Rect"): ArrayObject([FloatObject(float(corner)) for corner in corners]),
            NameObject("/Border"): ArrayObject([NumberObject(0)] * 3),
            NameObject("/A"): DictionaryObject(
                {NameObject("/S"): NameObject("/URI"), NameObject("/URI"): TextStringObject(url)}
            ),
        }
    )
