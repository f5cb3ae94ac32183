"""Imports a pack and is killed, as by a power cut, after its Nth transaction: `python -m tests.activities.killed N PACK DATA`."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

from yema.activities.actions.store import store_pack
from yema.activities.packfile import read_pack
from yema.changes import transaction
from yema.house import open_house
from yema.settings import Settings


async def _import(after: int, place: Path, data: Path) -> None:
    leave, left = transaction.__aexit__, 0

    async def counted(self: Any, *raised: Any) -> None:
        nonlocal left
        await leave(self, *raised)
        left += 1
        if left == after:
            os.kill(os.getpid(), signal.SIGKILL)

    async with open_house(Settings(data=data)):
        transaction.__aexit__ = counted  # type: ignore[method-assign,assignment]
        await store_pack(read_pack(place), organisation=None, public=False)


if __name__ == "__main__":
    asyncio.run(_import(int(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3])))
