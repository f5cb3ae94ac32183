"""Having something made in the workshop, two files at once at most."""

import asyncio
import os
import subprocess
import sys

import msgspec

from yema.errors import YemaError
from yema.media.errors import REFUSALS, MediaUnreadable
from yema.media.formats import Format
from yema.media.workshop.answer import Made, Refused, decode

AT_ONCE = 2
"""Each takes a processor, and half a gigabyte for the largest of pictures."""
SECONDS_MAX = 60


class Bench:
    """The places in the workshop."""

    def __init__(self, places: int = AT_ONCE) -> None:
        self._free = asyncio.Semaphore(places)

    async def make(self, content: bytes, given: Format) -> Made:
        """The file made anew. Raises one of `REFUSALS`, also where it takes too long or too much."""
        async with self._free:
            answer = await asyncio.to_thread(_ask, content, given)
        if isinstance(answer, Refused):
            raise _refusal(answer)
        return answer


_TOLD = ("HOME", "LANG", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "TZ", "VIRTUAL_ENV")
_TOLD_ALL = ("COVERAGE", "LC_", "PYTHON")


def _ask(content: bytes, given: Format) -> Made | Refused:
    # Nothing of the server's settings is told to a process that reads what strangers wrote.
    told = {name: value for name, value in os.environ.items() if name in _TOLD or name.startswith(_TOLD_ALL)}
    command = [sys.executable, "-m", "yema.media.workshop", given.name]
    try:
        done = subprocess.run(  # noqa: S603 - the name is one of ours
            command,
            input=content,
            capture_output=True,
            timeout=SECONDS_MAX,
            env={**told, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return Refused(MediaUnreadable.code)
    if done.returncode < 0 or b"MemoryError" in done.stderr:  # killed: by its bounds, or by what it read
        return Refused(MediaUnreadable.code)
    try:
        return decode(done.stdout)
    except msgspec.DecodeError:
        raise RuntimeError("The workshop does not work.") from None


def _refusal(refused: Refused) -> YemaError:
    return REFUSALS[refused.code](max=refused.max)
