"""Files as phones and offices make them, each with something in it that must not come out again."""

import io
import struct
import wave
from typing import Any

import av
import pillow_heif
from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.annotations import FreeText
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    NumberObject,
    StreamObject,
    TextStringObject,
)

CANARY = "Kanarek-52.2297N-21.0122E"
WIDE = (64, 48)


def image(size: tuple[int, int] = WIDE, mode: str = "RGB") -> Image.Image:
    """Red above, blue below, so that one sees how it is turned."""
    made = Image.new("RGB", size, (200, 0, 0))
    made.paste((0, 0, 200), (0, size[1] // 2, size[0], size[1]))
    return made.convert(mode)


def exif(orientation: int = 1) -> Image.Exif:
    """What a phone writes: its model, its owner, where it was."""
    told = Image.Exif()
    told[0x0110], told[0x013B], told[0x0112] = CANARY, CANARY, orientation
    told.get_ifd(0x8825).update({1: "N", 2: (52.0, 13.0, 47.0), 3: "E", 4: (21.0, 0.0, 44.0), 29: CANARY})
    return told


def jpeg(size: tuple[int, int] = WIDE, orientation: int = 1, mode: str = "RGB") -> bytes:
    return _saved(image(size, mode), "JPEG", exif=exif(orientation), comment=CANARY.encode(), quality=95)


def png(size: tuple[int, int] = WIDE, mode: str = "RGB") -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", CANARY)
    told.add_itxt("XML:com.adobe.xmp", f"<x>{CANARY}</x>")
    return _saved(image(size, mode), "PNG", pnginfo=told, exif=exif())


def webp(frames: int = 1) -> bytes:
    more = [Image.new("RGB", WIDE, (0, 200, 0)) for _ in range(frames - 1)]
    extra: dict[str, Any] = {"save_all": True, "append_images": more} if more else {}
    return _saved(image(), "WEBP", exif=exif(), xmp=f"<x>{CANARY}</x>".encode(), lossless=True, **extra)


def heic() -> bytes:
    pillow_heif.register_heif_opener()
    return _saved(image((128, 96)), "HEIF", exif=exif(), quality=90)


def _saved(picture: Image.Image, kind: str, **told: Any) -> bytes:
    target = io.BytesIO()
    picture.save(target, kind, **told)
    return target.getvalue()


def paper(pages: int = 2) -> bytes:
    """A PDF with a photo, a link, a script, an attachment, a form, an annotation and metadata."""
    writer = PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(300, 400)
        page[NameObject("/Contents")] = writer._add_object(
            _stream(b"BT /A 12 Tf 20 20 Td (Draw a river) Tj ET /Photo Do")
        )
        font = {"/Type": "/Font", "/Subtype": "/Type1", "/BaseFont": "/Helvetica"}
        page[NameObject("/Resources")] = _dictionary(
            Font=_dictionary(A=DictionaryObject({NameObject(k): NameObject(v) for k, v in font.items()})),
            XObject=_dictionary(Photo=writer._add_object(_photo())),
        )
        page[NameObject("/AA")] = _script()
        page[NameObject("/PieceInfo")] = _dictionary(Maker=TextStringObject(CANARY))
        page[NameObject("/Metadata")] = writer._add_object(_stream(CANARY.encode()))
    writer.add_attachment("holiday.txt", CANARY.encode())
    names: Any = writer.root_object["/Names"]
    names[NameObject("/JavaScript")] = _dictionary(Names=ArrayObject([TextStringObject("start"), _script()]))
    writer.add_metadata({"/Author": CANARY, "/Title": CANARY})
    writer.add_annotation(0, FreeText(text=CANARY, rect=(10, 10, 90, 90)))
    writer.root_object[NameObject("/OpenAction")] = _script()
    link = _dictionary(
        Type=NameObject("/Annot"),
        Subtype=NameObject("/Link"),
        Rect=ArrayObject([FloatObject(edge) for edge in (0, 0, 50, 20)]),
        Contents=TextStringObject(CANARY),
        A=_dictionary(S=NameObject("/URI"), URI=TextStringObject("https://yema.example/rivers")),
    )
    launch = _dictionary(
        Type=NameObject("/Annot"),
        Subtype=NameObject("/Link"),
        Rect=ArrayObject([NumberObject(0)] * 4),
        A=_dictionary(S=NameObject("/Launch"), F=TextStringObject(CANARY)),
    )
    writer.pages[0][NameObject("/Annots")] = ArrayObject([writer._add_object(link), writer._add_object(launch)])
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def locked_paper() -> bytes:
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="AES-256")
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def _photo() -> StreamObject:
    photo = _stream(jpeg())
    told = {"/Type": "/XObject", "/Subtype": "/Image", "/ColorSpace": "/DeviceRGB", "/Filter": "/DCTDecode"}
    photo.update({NameObject(key): NameObject(value) for key, value in told.items()})
    numbers = {"/Width": WIDE[0], "/Height": WIDE[1], "/BitsPerComponent": 8}
    photo.update({NameObject(key): NumberObject(value) for key, value in numbers.items()})
    return photo


def _stream(data: bytes) -> StreamObject:
    made = StreamObject()
    made._data = data
    return made


def _script() -> DictionaryObject:
    return _dictionary(S=NameObject("/JavaScript"), JS=TextStringObject(f"app.alert('{CANARY}')"))


def _dictionary(**items: Any) -> DictionaryObject:
    return DictionaryObject({NameObject(f"/{key}"): value for key, value in items.items()})


def wav(seconds: float = 1.0, rate: int = 8000) -> bytes:
    """A square wave of 400 Hz, with a note of who recorded it."""
    target = io.BytesIO()
    with wave.open(target, "wb") as made:
        made.setnchannels(1)
        made.setsampwidth(2)
        made.setframerate(rate)
        half = struct.pack("<h", 8000) * (rate // 800) + struct.pack("<h", -8000) * (rate // 800)
        made.writeframes(half * int(seconds * 400))
    note = CANARY.encode() + bytes(len(CANARY) % 2)
    told = b"LIST" + struct.pack("<I", 12 + len(note)) + b"INFOIART" + struct.pack("<I", len(note)) + note
    return _sized(target.getvalue() + told)


def _sized(riff: bytes) -> bytes:
    return riff[:4] + struct.pack("<I", len(riff) - 8) + riff[8:]


SOUNDS = {
    "mp3": ("mp3", "libmp3lame"),
    "aac": ("adts", "aac"),
    "mp4": ("ipod", "aac"),
    "ogg": ("ogg", "libopus"),
    "webm": ("webm", "libopus"),
}


def sound(name: str, seconds: float = 1.0, film: bool = False) -> bytes:
    """The same in other formats, in stereo; with a film beside it where that is asked for."""
    container, codec = SOUNDS[name]
    target = io.BytesIO()
    with (
        av.open(io.BytesIO(wav(seconds)), "r") as source,
        av.open(target, "w", format="mp4" if film else container) as made,
    ):
        made.metadata["artist"] = CANARY
        stream: Any = made.add_stream(codec, rate=48_000, layout="stereo")
        picture: Any = made.add_stream("mpeg4", rate=5, width=64, height=48, pix_fmt="yuv420p") if film else None
        resampler = av.AudioResampler(
            stream.codec_context.format, "stereo", 48_000, stream.codec_context.frame_size or 960
        )
        for frame in source.decode(audio=0):
            frame.pts = None
            for better in resampler.resample(frame):
                made.mux(stream.encode(better))
        made.mux(stream.encode(None))
        if picture is not None:
            made.mux(picture.encode(_film_frame()))
            made.mux(picture.encode(None))
    return target.getvalue()


def _film_frame() -> av.VideoFrame:
    made: Any = av.VideoFrame
    frame: av.VideoFrame = made.from_image(image())
    return frame
