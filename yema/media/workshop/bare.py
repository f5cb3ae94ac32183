"""Pictures inside papers, which stay as they are encoded, without what cameras wrote beside the pixels (EXIF, GPS, XMP, comments)."""

from collections.abc import Iterator

from yema.media.workshop.answer import Refusal

_SCAN = 0xDA
_END = 0xD9
_COMMENT = 0xFE
_SAYS_COLOURS = 0xEE
"""APP14: with it, Adobe says how colours are meant. The other fifteen are about the picture's origin."""
_BOXES = (b"jP  ", b"ftyp", b"jp2h", b"jp2c", b"jpch", b"jplh", b"rreq")


def bare_jpeg(data: bytes) -> bytes:
    """A JPEG without its comments and application segments, and without what follows its end. Raises `Refusal` for what is none."""
    if not data.startswith(b"\xff\xd8"):
        raise Refusal("media_unreadable")
    return b"\xff\xd8" + b"".join(_segments(data)) + b"\xff\xd9"


def _segments(data: bytes) -> Iterator[bytes]:
    at = 2
    while at + 4 <= len(data):
        if data[at] != 0xFF:
            raise Refusal("media_unreadable")
        marker = data[at + 1]
        if marker == 0xFF:  # padding
            at += 1
            continue
        if marker == _END:
            return
        end = at + 2 + int.from_bytes(data[at + 2 : at + 4])
        if marker == _SCAN:
            end = _end_of_scan(data, end)
        if marker == _SAYS_COLOURS:
            yield data[at : at + 2] + b"\x00\x0e" + data[at + 4 : at + 16] if end - at >= 16 else b""
        elif marker != _COMMENT and not 0xE0 <= marker <= 0xEF:
            yield data[at:end]
        at = end


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker is that is not part of the pixels (a stuffed zero, or a restart)."""
    while (at := data.find(b"\xff", at)) != -1 and at + 1 < len(data):
        if data[at + 1] not in (0x00, 0xFF) and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 1 if data[at + 1] == 0xFF else 2
    return len(data)


def bare_jpeg2000(data: bytes) -> bytes:
    """A JPEG 2000 file without its boxes of XML and the like; a bare stream of pixels has none."""
    if data.startswith(b"\xff\x4f"):
        return data
    kept, at = b"", 0
    while at + 8 <= len(data):
        size, kind, header = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8], 8
        if size == 1:
            size, header = int.from_bytes(data[at + 8 : at + 16]), 16
        end = len(data) if size == 0 else at + size
        if end < at + header:
            raise Refusal("media_unreadable")
        if kind in _BOXES:
            kept += data[at:end]
        at = end
    return kept
