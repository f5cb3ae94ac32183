"""Media: pictures, papers (PDF handouts) and short sounds. It never asks who may look: whoever calls it has found that out.

Nouns: a *medium* (one picture, paper or sound, made anew from what was handed in), its *variants* (three sizes of a picture; the one
*master* of a paper or a sound), the *store* (their bytes under their SHA-256, in the data folder or in a bucket), the *workshop* (a
process of its own, the only one that opens what strangers hand in), a *link* (signed, works for some hours without a token).
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from yema.media.actions import forget, keep, sweep_media
    from yema.media.links import link_to
    from yema.media.queries import content_of, kept, media_made_before
    from yema.media.schemas import Kept, KeptVariant

__all__ = [
    "Kept",
    "KeptVariant",
    "content_of",
    "forget",
    "keep",
    "kept",
    "link_to",
    "media_made_before",
    "sweep_media",
]
_ROOMS = ("actions", "links", "queries", "schemas")


def __getattr__(name: str) -> Any:
    """Found when it is asked for: the workshop's process imports this package too, and needs no database."""
    if name in __all__:
        for room in _ROOMS:
            if hasattr(found := import_module(f"yema.media.{room}"), name):
                return getattr(found, name)
    raise AttributeError(name)
