"""Thousands of deliveries through a channel that fails, by workers that are killed: nothing is lost."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.notifications import post
from tests.notifications.trial_channel import TrialChannel
from yema.ids import now
from yema.notifications.channels import Later, Outcome, Outgoing, Sent
from yema.notifications.delivering import Postman
from yema.settings import Settings

NUMBER, WORKERS, KILLS = 2000, 4, 25
QUOTA = timedelta(seconds=90)


class Weather:
    """20 % are busy, 10 % over the quota, 5 % of the connections drop; the rest arrives."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.arrived: Counter[object] = Counter()
        self.tags: dict[object, set[str]] = {}
        self.not_before: dict[object, datetime] = {}
        self.too_early = 0

    def __call__(self, message: Outgoing) -> Outcome:
        self.too_early += now() < self.not_before.get(message.delivery, now())
        drawn = self.chance.random()
        if drawn < 0.2:
            return Later("UNAVAILABLE")
        if drawn < 0.3:
            self.not_before[message.delivery] = now() + QUOTA
            return Later("QUOTA_EXCEEDED", QUOTA)
        if drawn < 0.35:
            return Later("connection_lost")
        self.arrived[message.delivery] += 1
        self.tags.setdefault(message.delivery, set()).add(message.tag)
        return Sent()


class Sky(TrialChannel):
    """Answers after a moment, so that somebody can be killed between the answer and what is written of it."""

    def __init__(self, weather: Weather) -> None:
        super().__init__(weather, at_once=40)
        self.weather = weather

    async def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        outcomes = [self.weather(message) for message in messages]
        await asyncio.sleep(0.002)
        return outcomes


async def test_nothing_is_lost_and_only_what_was_on_its_way_comes_twice(house: Settings) -> None:
    weather = Weather(seed=6)
    sky = Sky(weather)
    hit: set[object] = set()
    with post.standing() as clock:
        person, phone = await post.phone()
        await post.many(person, phone, NUMBER, expires_at=now() + 10 * post.HOUR)
        await _work(post.postman(sky), sky, hit, kills=KILLS)
        for _ in range(40):  # the rest of the afternoon
            clock.shift(timedelta(minutes=5))
            await _work(post.postman(sky), sky, hit)
            if await post.states() == {"sent": NUMBER}:
                break

    twice = {delivery for delivery, times in weather.arrived.items() if times > 1}
    assert (await post.states(), len(weather.arrived), weather.too_early) == ({"sent": NUMBER}, NUMBER, 0)
    assert twice <= hit
    assert {len(tags) for tags in weather.tags.values()} == {1}
    assert hit, "nobody was killed while sending: the storm proves nothing"


async def _work(man: Postman, sky: Sky, hit: set[object], kills: int = 0) -> None:
    """Workers, some of whom are killed and replaced, until nothing is due."""
    batches: dict[asyncio.Task[None], set[object]] = {}

    async def work() -> None:
        while True:
            batch = await man.take_up("fcm")
            if batch is None:
                return
            mine = batches[asyncio.current_task()]  # type: ignore[index]
            mine |= {due.id for due in batch.due}
            await man.see_through(batch)
            mine.clear()

    def start() -> None:
        task = asyncio.create_task(work())
        batches[task] = set()

    for _ in range(WORKERS):
        start()
    while True:
        running = [task for task in batches if not task.done()]
        if kills and running:
            await asyncio.sleep(sky.weather.chance.random() * 0.01)
            at_it = [task for task in running if batches[task] and not task.done()]
            if not at_it:
                continue
            victim = sky.weather.chance.choice(at_it)
            hit |= batches[victim]
            victim.cancel()
            kills -= 1
            start()
        elif running:
            await asyncio.wait(running)
        else:
            return
