"""Having something made in the workshop's own process, with its bounds, and looking at what came out."""

import io

from PIL import Image

from yema.media.formats import format_of
from yema.media.working import Bench
from yema.media.workshop.answer import Made


async def made_of(content: bytes) -> Made:
    return await Bench().make(content, format_of(content))


def opened(made: Made, name: str = "large") -> Image.Image:
    """One size of a picture."""
    [content] = [variant.content for variant in made.variants if variant.name == name]
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def sizes(made: Made) -> list[tuple[str, int | None, int | None]]:
    return [(variant.name, variant.width, variant.height) for variant in made.variants]


def everything(made: Made) -> bytes:
    return b"".join(variant.content for variant in made.variants)
