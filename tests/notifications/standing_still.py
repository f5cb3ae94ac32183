"""How long an event loop did nothing else: by the processor's time of its thread, whoever else wants the processor."""

import asyncio
import gc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import thread_time

from tests.measuring import untraced


class Longest:
    """`seconds` of the longest turn of the loop in the block."""

    seconds = 0.0


@asynccontextmanager
async def standing_still() -> AsyncIterator[Longest]:
    longest = Longest()
    ticking = asyncio.create_task(_tick(longest))
    gc.collect()
    gc.disable()  # the heap of all the tests is no matter of this one
    try:
        with untraced():
            await asyncio.sleep(0)
            yield longest
            await asyncio.sleep(0)
    finally:
        gc.enable()
        ticking.cancel()


async def _tick(longest: Longest) -> None:
    while True:
        began = thread_time()
        await asyncio.sleep(0)
        longest.seconds = max(longest.seconds, thread_time() - began)
