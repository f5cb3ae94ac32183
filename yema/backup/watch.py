"""How long work is followed, and what it found is said."""

from collections.abc import Callable
from typing import NamedTuple


def _nobody(*_: object) -> None:
    """Nobody is watching."""


class Watch(NamedTuple):
    """`step`: (what is being done, how much of it, out of how much). `say`: a sentence for the operator."""

    step: Callable[[str, int, int], None] = _nobody
    say: Callable[[str], None] = _nobody


UNWATCHED = Watch()
