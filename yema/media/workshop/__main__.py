"""One file from standard input, one answer to standard output."""

import logging
import resource
import sys
import warnings
from collections.abc import Callable

from yema.media.formats import FORMATS, Format, Kind
from yema.media.workshop.answer import Made, Refusal, Refused, encode

MEMORY_MAX = 1536 * 1024 * 1024
"""Bytes of address space; 50 million pixels with transparency need a third of it."""
CPU_SECONDS_MAX = 40


def bound() -> None:
    """Give up what is not needed: memory, time, and files to write into."""
    for what, most in (
        (resource.RLIMIT_CPU, CPU_SECONDS_MAX),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, MEMORY_MAX),
    ):
        try:
            resource.setrlimit(what, (most, most))
        except (ValueError, OSError):  # this system does not know it, or allows less already
            continue


def _maker(kind: Kind) -> Callable[[bytes, Format], Made]:
    # Each kind brings large libraries; a process needs one of them.
    if kind == "picture":
        from yema.media.workshop.pictures import make_picture

        return make_picture
    if kind == "paper":
        from yema.media.workshop.papers import make_paper

        return make_paper
    from yema.media.workshop.sounds import make_sound

    return make_sound


def answer(content: bytes, given: Format) -> Made | Refused:
    """What was made of it. Whatever a library stumbles over is the file's fault: it was written by a stranger."""
    make = _maker(given.kind)
    try:
        return make(content, given)
    except Refusal as refusal:
        return refusal.refused
    except Exception:
        return Refused("media_unreadable")


def main() -> None:
    warnings.simplefilter("ignore")
    logging.disable()
    given = next(one for one in FORMATS.values() if one.name == sys.argv[1])
    content = sys.stdin.buffer.read()
    bound()
    sys.stdout.buffer.write(encode(answer(content, given)))
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
