"""The loop: from the outbox to the phone, beside everything else."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.notifications import post
from tests.notifications.kinds import happen, kind
from tests.notifications.trial_channel import TrialChannel
from yema.errors import Unavailable
from yema.ids import now
from yema.notifications import loop
from yema.notifications.channels import Channel
from yema.notifications.delivering import Postman, postman
from yema.notifications.delivering.settling import settle
from yema.notifications.spreading import spread
from yema.settings import Settings

KINDS = [kind()]


@asynccontextmanager
async def running(*channels: TrialChannel) -> AsyncIterator[asyncio.Event]:
    """A loop over these channels, until the end of the block."""
    stop = asyncio.Event()
    known: dict[str, Channel] = {channel.name: channel for channel in channels}
    task = asyncio.create_task(loop.run(KINDS, known, stop))
    try:
        yield stop
    finally:
        stop.set()
        await asyncio.wait_for(task, 10)


async def until(holds: Callable[[], bool], seconds: float = 5) -> None:
    async with asyncio.timeout(seconds):
        while not holds():  # noqa: ASYNC110 - it is the channel's list that grows
            await asyncio.sleep(0.005)


async def test_what_is_told_reaches_the_phone_at_once(house: Settings, monkeypatch: Any) -> None:
    monkeypatch.setattr(loop, "LOOK_SECONDS", 30.0)  # it is woken, and does not look by chance
    channel = TrialChannel()
    person, _ = await post.phone(zone="UTC")
    async with running(channel):
        await asyncio.sleep(0.1)
        await happen("trial", "topic", [person], expires_at=now() + post.HOUR, urgent=True)
        await until(lambda: bool(channel.handed), 5)

    assert channel.bodies == ["hello"]


async def test_a_slow_channel_delays_no_other(house: Settings) -> None:
    slow, quick = TrialChannel(), TrialChannel(name="webpush")
    slow.gate.clear()
    person, phone = await post.phone()
    await post.many(person, phone, 300, urgent=True)
    async with running(slow, quick):
        await until(lambda: bool(slow.handed))
        other, browser = await post.phone(channel="webpush", platform="web")
        await post.due(other, browser, channel="webpush", urgent=True)
        in_flight = slow.in_flight * slow.at_once
        await until(lambda: bool(quick.handed) and len(slow.handed) >= in_flight)
        slow.gate.set()

    assert (quick.bodies, len(slow.handed) >= in_flight) == (["hello"], True)


@pytest.mark.parametrize("in_flight", [1, 3])
async def test_of_a_channel_there_are_as_many_batches_on_their_way_as_it_says(house: Settings, in_flight: int) -> None:
    channel = TrialChannel(at_once=10, in_flight=in_flight)
    channel.gate.clear()
    await post.many(*await post.phone(), 50, urgent=True)
    async with running(channel):
        await until(lambda: len(channel.handed) >= 10 * in_flight)
        await asyncio.sleep(0.1)
        on_their_way = len(channel.handed)
        channel.gate.set()

    assert on_their_way == 10 * in_flight


async def test_stopping_lets_what_is_on_its_way_arrive_and_takes_up_nothing_more(house: Settings) -> None:
    channel = TrialChannel(at_once=10)
    channel.gate.clear()
    await post.many(*await post.phone(), 100, urgent=True)
    sent = channel.at_once * channel.in_flight
    async with running(channel) as stop:
        await until(lambda: len(channel.handed) == sent)
        stop.set()
        await asyncio.sleep(0.05)
        channel.gate.set()

    assert await post.states() == {"sent": sent, "waiting": 100 - sent}


async def test_stopping_waits_for_a_channel_that_hangs_only_so_long(house: Settings, monkeypatch: Any) -> None:
    monkeypatch.setattr(loop, "STOP_SECONDS", 0.2)
    channel = TrialChannel()
    channel.gate.clear()
    await post.many(*await post.phone(), 1, urgent=True)
    async with running(channel) as stop:
        await until(lambda: bool(channel.handed))
        started = time.monotonic()
        stop.set()

    assert (time.monotonic() - started < 2, await post.states()) == (True, {"waiting": 1})


@pytest.mark.parametrize("trouble", [Unavailable(retry_after=1), RuntimeError("a fault")])
async def test_trouble_with_the_database_ends_nothing(house: Settings, monkeypatch: Any, trouble: Exception) -> None:
    monkeypatch.setattr(loop, "LOOK_SECONDS", 0.01)
    channel, failures = TrialChannel(), 3

    def failing(real: Any) -> Any:
        left = [failures]

        async def sometimes(*args: Any, **fields: Any) -> Any:
            if left[0]:
                left[0] -= 1
                raise trouble
            return await real(*args, **fields)

        return sometimes

    monkeypatch.setattr(loop, "spread", failing(spread))
    monkeypatch.setattr(Postman, "take_up", failing(Postman.take_up))
    person, _ = await post.phone()
    async with running(channel):
        await happen("trial", "topic", [person], expires_at=now() + post.HOUR, urgent=True)
        await until(lambda: bool(channel.handed))

    assert channel.bodies == ["hello"]


async def test_what_was_sent_is_written_down_once_the_database_has_time(house: Settings, monkeypatch: Any) -> None:
    left = [2]

    async def busy(*args: Any, **fields: Any) -> None:
        if left[0]:
            left[0] -= 1
            raise Unavailable(retry_after=1)
        await settle(*args, **fields)

    monkeypatch.setattr(postman, "settle", busy)
    monkeypatch.setattr(postman, "SETTLE_WAITS", (0.01, 0.01, 0.01))
    channel = TrialChannel()
    await post.due(*await post.phone(), urgent=True)
    await post.postman(channel).deliver("fcm")

    assert (len(channel.handed), await post.states()) == (1, {"sent": 1})


async def test_once_means_until_nothing_is_due(house: Settings) -> None:
    channel = TrialChannel(at_once=10)
    person, phone = await post.phone()
    await post.many(person, phone, 35, urgent=True)
    await happen("trial", "topic", [person], expires_at=now() + post.HOUR, urgent=True)

    taken = await loop.run_once(KINDS, {"fcm": channel})

    assert (taken, await post.states()) == (36, {"sent": 36})
