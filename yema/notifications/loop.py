"""The loop from the outbox to the phones: inside `yema serve`, and as `yema deliver` in processes of its own.

One task spreads, and one for each channel takes deliveries up, so that a slow channel delays no other. Woken when something is told,
else they look once a second.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress

from yema.changes import when_told
from yema.changes.notified import NotificationKind
from yema.http.problems import log_unforeseen
from yema.notifications.channels import Channel
from yema.notifications.delivering import Postman
from yema.notifications.delivering.claiming import Batch
from yema.notifications.spreading import spread

LOOK_SECONDS = 1.0
STOP_SECONDS = 8.0
"""So long a batch may take to settle when we stop; what is cut off is sent again when its lease ends."""


class Bell:
    """Wakes who waits. A ring between two looks is not missed: take `next()` before you look."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()
        self._event = asyncio.Event()

    def next(self) -> asyncio.Event:
        return self._event


async def run(kinds: Sequence[NotificationKind], channels: Mapping[str, Channel], stop: asyncio.Event) -> None:
    """Spread and deliver until `stop` is set; then let what is on its way settle. Survives every error, and logs it."""
    outbox, due = Bell(), Bell()
    postman = Postman(kinds, channels)
    end_listening = when_told(outbox.ring)
    tasks = [
        asyncio.create_task(_spread(kinds, outbox, due, stop)),
        *(asyncio.create_task(_deliver(postman, name, one.in_flight, due, stop)) for name, one in channels.items()),
    ]
    try:
        await stop.wait()
        outbox.ring()
        due.ring()
        await asyncio.wait(tasks, timeout=STOP_SECONDS)
    finally:
        end_listening()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def run_once(kinds: Sequence[NotificationKind], channels: Mapping[str, Channel]) -> int:
    """Spread and deliver what is due now; how many deliveries were taken up."""
    postman = Postman(kinds, channels)
    taken = 0
    while await spread(kinds):
        pass
    for name in channels:
        while count := await postman.deliver(name):
            taken += count
    return taken


async def _spread(kinds: Sequence[NotificationKind], outbox: Bell, due: Bell, stop: asyncio.Event) -> None:
    while not stop.is_set():
        told = outbox.next()
        try:
            count = await spread(kinds)
        except Exception as error:  # the database is busy, or a fault: a second later it is tried again
            log_unforeseen(error)
            await _pause(stop)
            continue
        if count:
            due.ring()
            await asyncio.sleep(0)  # requests come in between
        else:
            await _pause(told)


async def _deliver(postman: Postman, name: str, in_flight: int, due: Bell, stop: asyncio.Event) -> None:
    """Take up one batch after another, so many at once; each is sent in a task of its own."""
    turns = asyncio.Semaphore(in_flight)
    on_their_way: set[asyncio.Task[None]] = set()
    try:
        while not stop.is_set():
            told = due.next()
            await turns.acquire()  # first, so that the lease does not run while a batch waits for its turn
            batch = None if stop.is_set() else await _take_up(postman, name)
            if batch is None:
                turns.release()
                await _pause(told)
                continue
            task = asyncio.create_task(_see_through(postman, batch, turns))
            on_their_way.add(task)
            task.add_done_callback(on_their_way.discard)
            await asyncio.sleep(0)
        if on_their_way:
            await asyncio.wait(on_their_way)
    finally:
        cut_off = list(on_their_way)
        for task in cut_off:
            task.cancel()
        await asyncio.gather(*cut_off, return_exceptions=True)


async def _take_up(postman: Postman, name: str) -> Batch | None:
    try:
        return await postman.take_up(name)
    except Exception as error:  # the database is busy, or a fault: a second later it is tried again
        log_unforeseen(error)
        return None


async def _see_through(postman: Postman, batch: Batch, turns: asyncio.Semaphore) -> None:
    try:
        await postman.see_through(batch)
    except Exception as error:  # its lease ends, and then it is taken up again
        log_unforeseen(error)
    finally:
        turns.release()


async def _pause(until: asyncio.Event) -> None:
    with suppress(TimeoutError):
        await asyncio.wait_for(until.wait(), LOOK_SECONDS)
