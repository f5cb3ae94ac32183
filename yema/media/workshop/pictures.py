"""Pictures, made anew as WebP in three sizes.

WebP: every iPhone since iOS 14, every Android and every browser of today shows it, it keeps transparency, and it is a third smaller than
JPEG, which is what counts on the network of a hostel.
"""

import io
from contextlib import suppress
from typing import Literal

import blurhash
from PIL import Image, ImageCms, ImageFile

from yema.media.formats import Format
from yema.media.workshop.answer import Made, MadeVariant, Refusal

SIZES: dict[Literal["small", "medium", "large"], int] = {"small": 480, "medium": 1024, "large": 2048}
"""The longest edge in pixels. No picture is ever enlarged."""
PIXELS_MAX = 50_000_000
"""What the cameras of phones make at most; beyond that are scans of posters, and bombs."""
EDGE_MAX = 30_000
QUALITY = 80
CONTENT_TYPE = "image/webp"
_HASHED = 32
"""The longest edge from which the BlurHash is made; it only knows a dozen colours."""

ImageFile.LOAD_TRUNCATED_IMAGES = False
Image.MAX_IMAGE_PIXELS = None  # our own bound is lower, and checked before anything is decoded


def make_picture(content: bytes, given: Format) -> Made:
    """Three sizes and a BlurHash of the first frame, upright, in sRGB, with nothing else in them."""
    image = _in_plain_colours(_decoded(content, given))
    sizes: list[MadeVariant] = []
    for name, longest in sorted(SIZES.items(), key=lambda item: -item[1]):
        image = _shrunk(image, longest)  # each from the one before: that is quicker, and nobody sees it
        sizes.append(
            MadeVariant(
                name=name, content_type=CONTENT_TYPE, content=_encoded(image), width=image.width, height=image.height
            )
        )
    return Made(kind="picture", variants=sizes[::-1], placeholder=_placeholder(image))


def _decoded(content: bytes, given: Format) -> Image.Image:
    if given.name == "heic":
        _learn_heic()
    image: Image.Image = Image.open(io.BytesIO(content), formats=[given.name.upper().replace("HEIC", "HEIF")])
    if image.width * image.height > PIXELS_MAX or max(image.size) > EDGE_MAX:
        raise Refusal("too_many_pixels", PIXELS_MAX // 1_000_000)
    largest = max(SIZES.values())
    image.draft(None, (largest, largest))  # JPEG can be decoded at a half or a quarter of its size
    image.load()
    orientation = _orientation(image)
    plain = _shrunk(_in_known_mode(image), largest)
    return plain.transpose(_TURNS[orientation]) if orientation in _TURNS else plain


_ORIENTATION = 0x0112
_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
"""What each value of EXIF's orientation asks for."""


def _orientation(image: Image.Image) -> int | None:
    """As EXIF tells it. Cameras also write broken EXIF, and the picture is none the worse for it."""
    try:
        found: int | None = image.getexif().get(_ORIENTATION)
    except Exception:
        return None
    return found


def _learn_heic() -> None:
    try:
        import pillow_heif
    except ImportError:
        raise Refusal("heic_missing") from None
    pillow_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False)


def _in_known_mode(image: Image.Image) -> Image.Image:
    """As one of L, RGB, RGBA or CMYK."""
    if image.mode.startswith("I"):  # sixteen bits, of which a screen shows the upper eight
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return image.convert("RGBA")
    return image if image.mode in ("L", "RGB", "CMYK") else image.convert("RGB")


def _shrunk(image: Image.Image, longest: int) -> Image.Image:
    if max(image.size) <= longest:
        return image
    scale = longest / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)


def _in_plain_colours(image: Image.Image) -> Image.Image:
    """In sRGB, which needs no profile: a profile names its maker, and the one of a screen its owner."""
    profile = image.info.get("icc_profile")
    seen = image.convert("RGB") if image.mode == "RGBA" else image
    plain = None
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):  # a broken one is as good as none
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            plain = ImageCms.profileToProfile(seen, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    plain = plain or seen.convert("RGB")
    if image.mode == "RGBA" and image.getchannel("A").getextrema() != (255, 255):
        plain.putalpha(image.getchannel("A"))
    return plain


def _encoded(image: Image.Image) -> bytes:
    bare = Image.frombytes(image.mode, image.size, image.tobytes())  # pixels, and nothing that hung on them
    target = io.BytesIO()
    bare.save(target, "WEBP", quality=QUALITY, method=4)
    return target.getvalue()


def _placeholder(image: Image.Image) -> str:
    """A BlurHash, four parts along the longer edge and three along the other; what is transparent counts as white."""
    tiny = _shrunk(image, _HASHED)
    if tiny.mode == "RGBA":
        tiny = Image.alpha_composite(Image.new("RGBA", tiny.size, "white"), tiny)
    across, down = (4, 3) if tiny.width >= tiny.height else (3, 4)
    pixels, row = tiny.convert("RGB").tobytes(), 3 * tiny.width
    rows = [[pixels[at : at + 3] for at in range(start, start + row, 3)] for start in range(0, row * tiny.height, row)]
    return str(blurhash.encode(rows, across, down))
