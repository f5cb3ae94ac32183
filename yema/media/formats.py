"""What a file is: its own bytes say so, whatever it is called."""

from typing import Literal, NamedTuple

from yema.media.errors import MediaMismatch, MediaUnknown

Kind = Literal["picture", "paper", "sound"]
Name = Literal["jpeg", "png", "webp", "heic", "pdf", "mp3", "aac", "mp4", "ogg", "wav", "webm"]

LOOKED_AT = 12
"""How many bytes decide, at most."""


class Format(NamedTuple):
    """What it is, and the content types under which it may be handed in."""

    name: Name
    kind: Kind
    declared: tuple[str, ...]


FORMATS: dict[Name, Format] = {
    given.name: given
    for given in (
        Format("jpeg", "picture", ("image/jpeg", "image/jpg", "image/pjpeg")),
        Format("png", "picture", ("image/png", "image/apng")),
        Format("webp", "picture", ("image/webp",)),
        Format("heic", "picture", ("image/heic", "image/heif", "image/heic-sequence", "image/heif-sequence")),
        Format("pdf", "paper", ("application/pdf", "application/x-pdf")),
        Format("mp3", "sound", ("audio/mpeg", "audio/mp3")),
        Format("aac", "sound", ("audio/aac", "audio/aacp", "audio/x-aac")),
        Format("mp4", "sound", ("audio/mp4", "audio/m4a", "audio/x-m4a", "audio/aac", "audio/3gpp", "video/mp4")),
        Format("ogg", "sound", ("audio/ogg", "audio/opus", "audio/vorbis", "application/ogg")),
        Format("wav", "sound", ("audio/wav", "audio/wave", "audio/x-wav", "audio/vnd.wave")),
        Format("webm", "sound", ("audio/webm", "video/webm")),
    )
}
UNDECLARED = ("", "application/octet-stream", "binary/octet-stream")
"""Content types that say nothing."""

_STARTS: tuple[tuple[bytes, Name], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"%PDF-", "pdf"),
    (b"OggS", "ogg"),
    (b"ID3", "mp3"),
    (b"\x1a\x45\xdf\xa3", "webm"),
)
_RIFF: dict[bytes, Name] = {b"WEBP": "webp", b"WAVE": "wav"}
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
_SOUND_BRANDS = (
    b"M4A ",
    b"M4B ",
    b"mp41",
    b"mp42",
    b"isom",
    b"iso2",
    b"iso5",
    b"iso6",
    b"dash",
    b"3gp4",
    b"3gp5",
    b"3gp6",
)


def format_of(content: bytes, declared: str | None = None) -> Format:
    """What the bytes are. Raises `MediaUnknown`, or `MediaMismatch` where they were declared as something else."""
    name = _name_of(content[:LOOKED_AT])
    if name is None:
        raise MediaUnknown
    found = FORMATS[name]
    said = (declared or "").partition(";")[0].strip().lower()
    if said not in UNDECLARED and said not in found.declared:
        raise MediaMismatch(found=found.declared[0])
    return found


def _name_of(start: bytes) -> Name | None:
    for sign, name in _STARTS:
        if start.startswith(sign):
            return name
    if start[:4] == b"RIFF":
        return _RIFF.get(start[8:12])
    if start[4:8] == b"ftyp":
        brand = start[8:12]
        return "heic" if brand in _HEIC_BRANDS else "mp4" if brand in _SOUND_BRANDS else None
    # The first twelve bits of a frame of MPEG sound are ones; its two bits of layer tell AAC (none) from MP3.
    if len(start) > 1 and start[0] == 0xFF and start[1] & 0xF0 == 0xF0:
        return "aac" if start[1] & 0x06 == 0 else "mp3"
    return "mp3" if start[:2] in (b"\xff\xe2", b"\xff\xe3") else None
