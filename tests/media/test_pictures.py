"""Pictures: what comes out shows the same, and says nothing else."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import blurhash
import pytest
from PIL import Image, ImageCms

from tests.media import files
from tests.media.made import everything, made_of, opened, sizes
from yema.errors import YemaError
from yema.media.errors import HeicMissing, MediaUnreadable, TooManyPixels
from yema.media.formats import FORMATS
from yema.media.workshop.__main__ import answer
from yema.media.workshop.answer import Refused


@pytest.mark.parametrize("given", [files.jpeg, files.png, files.webp, files.heic])
async def test_no_place_and_no_name_comes_out(given: Callable[[], bytes]) -> None:
    content = given()

    made = await made_of(content)

    told = {**opened(made).getexif(), **opened(made).getexif().get_ifd(0x8825)}
    marks = [mark for mark in (b"EXIF", b"XMP ", b"ICCP", files.CANARY.encode()) if mark in everything(made)]
    assert (files.CANARY.encode() in content, told, marks) == (True, {}, [])


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((3000, 1500), [("small", 480, 240), ("medium", 1024, 512), ("large", 2048, 1024)]),
        ((300, 600), [("small", 240, 480), ("medium", 300, 600), ("large", 300, 600)]),
        ((20, 10), [("small", 20, 10), ("medium", 20, 10), ("large", 20, 10)]),
        ((9000, 2), [("small", 480, 1), ("medium", 1024, 1), ("large", 2048, 1)]),
    ],
)
async def test_there_are_three_sizes_and_none_is_enlarged(
    size: tuple[int, int], expected: list[tuple[str, int, int]]
) -> None:
    made = await made_of(files.png(size))

    assert (sizes(made), {variant.content_type for variant in made.variants}) == (expected, {"image/webp"})


RED, BLUE = "red", "blue"


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_it_stands_upright(orientation: int) -> None:
    # Drawn as a camera that was held so would have stored it.
    stored = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    corner = files.image((64, 48))
    corner.paste((0, 200, 0), (0, 0, 16, 16))
    target = io.BytesIO()
    (corner.transpose(stored) if stored is not None else corner).save(target, "JPEG", exif=files.exif(orientation))

    seen = opened(await made_of(target.getvalue()))

    assert (seen.size, [_name(seen.getpixel(at)) for at in ((4, 4), (60, 4), (4, 44), (60, 44))]) == (
        (64, 48),
        ["green", RED, BLUE, BLUE],
    )


def _name(pixel: object) -> str:
    assert isinstance(pixel, tuple)
    return (RED, "green", BLUE)[max(range(3), key=lambda channel: pixel[channel])]


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1"])
async def test_colours_of_every_kind_are_understood(mode: str) -> None:
    content = files.jpeg(mode=mode) if mode == "CMYK" else files.png(mode=mode)

    seen = opened(await made_of(content))

    assert (seen.mode, seen.size) == ("RGB", files.WIDE)


async def test_sixteen_bits_become_eight() -> None:
    deep = Image.new("I;16", (8, 8), 0x8000)
    target = io.BytesIO()
    deep.save(target, "PNG")

    [low, high] = opened(await made_of(target.getvalue())).convert("L").getextrema()

    assert abs(float(str(low)) - 128) <= 2 >= abs(float(str(high)) - 128)


async def test_transparency_is_kept() -> None:
    glass = Image.new("RGBA", (40, 40), (255, 0, 0, 0))
    target = io.BytesIO()
    glass.save(target, "PNG")

    seen = opened(await made_of(target.getvalue()))

    assert (seen.mode, seen.getchannel("A").getextrema()) == ("RGBA", (0, 0))


async def test_of_an_animation_the_first_picture_is_kept() -> None:
    seen = opened(await made_of(files.webp(frames=3)))

    assert (getattr(seen, "n_frames", 1), _name(seen.getpixel((4, 4)))) == (1, RED)


async def test_a_profile_is_applied_and_left_out() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    broken, target = profile[:60] + b"\xff" * 60, io.BytesIO()
    files.image().save(target, "JPEG", icc_profile=broken)

    made = await made_of(target.getvalue())

    assert (_name(opened(made).getpixel((4, 4))), b"ICCP" in everything(made)) == (RED, False)


async def test_the_placeholder_is_a_blurhash_of_it() -> None:
    made = await made_of(files.png((640, 480)))

    assert made.placeholder is not None
    rows = blurhash.decode(made.placeholder, 4, 4)
    assert (len(made.placeholder), _name(tuple(rows[0][0])), _name(tuple(rows[3][3]))) == (28, RED, BLUE)


async def test_what_is_hidden_behind_a_picture_is_left_behind() -> None:
    hidden = io.BytesIO()
    with zipfile.ZipFile(hidden, "w") as packed:
        packed.writestr(files.CANARY, files.CANARY)
    both = files.jpeg() + hidden.getvalue() + b"%PDF-1.7 <script>"

    made = await made_of(both)

    assert [mark for mark in (b"PK\x03\x04", b"%PDF", files.CANARY.encode()) if mark in everything(made)] == []


def flood(width: int, height: int) -> bytes:
    """A PNG of a few kilobytes that promises a great many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", header), (b"IDAT", zlib.compress(bytes(1_000_000))), (b"IEND", b"")]
    packed = [
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


HOSTILE: list[tuple[bytes, type[YemaError]]] = [
    (flood(100_000, 100_000), TooManyPixels),
    (flood(2_000_000_000, 1), TooManyPixels),
    (flood(7000, 7000), MediaUnreadable),
    (files.jpeg((640, 480))[:2000], MediaUnreadable),
    (files.png((640, 480))[:200], MediaUnreadable),
    (files.webp()[:-20], MediaUnreadable),
    (files.heic()[:-200], MediaUnreadable),
    (b"\xff\xd8\xff" + bytes(1000), MediaUnreadable),
    (b"\x89PNG\r\n\x1a\n", MediaUnreadable),
]


@pytest.mark.parametrize("number", range(len(HOSTILE)))
async def test_what_is_broken_or_hostile_is_refused(number: int) -> None:
    content, error = HOSTILE[number]

    with pytest.raises(error):
        await made_of(content)


async def test_as_many_pixels_as_a_phone_makes_are_no_trouble() -> None:
    target = io.BytesIO()
    Image.new("RGBA", (8160, 6120), (1, 2, 3, 4)).save(target, "PNG", compress_level=1)

    made = await made_of(target.getvalue())

    assert sizes(made)[-1] == ("large", 2048, 1536)


def test_without_its_extra_heic_is_refused_in_plain_words(monkeypatch: pytest.MonkeyPatch) -> None:
    content = files.heic()
    monkeypatch.setitem(__import__("sys").modules, "pillow_heif", None)

    assert answer(content, FORMATS["heic"]) == Refused(HeicMissing.code)
