"""Takes deliveries up, sends them, and sees to it that what became of them is written down."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta

from yema.changes.notified import Message, NotificationKind
from yema.errors import Unavailable
from yema.http.problems import log_unforeseen
from yema.notifications.channels import Broken, Channel, Later, Outcome, Outgoing
from yema.notifications.delivering.checking import Fate, fate, look_again
from yema.notifications.delivering.claiming import Batch, Due, take_up
from yema.notifications.delivering.digests import gathered
from yema.notifications.delivering.settling import settle
from yema.notifications.delivering.wording import Asked, Worded, data_of, outgoing, reader_of, words_for

SETTLE_WAITS = (0.1, 0.5, 2.0, 5.0)
"""Seconds before a database that was busy is asked again: what was sent and not written down is sent twice."""
FAULT_WAIT = timedelta(minutes=15)
DATABASE_TURNS = 2
"""So many transactions of a postman at once: requests need the writer, or connections, too."""


class Postman:
    """Delivers by these channels, each by itself. Several may work at once, in one process or, on Postgres, in many."""

    def __init__(
        self,
        kinds: Sequence[NotificationKind],
        channels: Mapping[str, Channel],
        failed: Callable[[Exception], None] = log_unforeseen,
    ) -> None:
        self._kinds = {kind.name: kind for kind in kinds}
        self._channels = channels
        self._failed = failed
        self._turns = asyncio.Semaphore(DATABASE_TURNS)

    async def deliver(self, channel: str, limit: int | None = None) -> int:
        """Take up one batch and see it through; how many there were."""
        batch = await self.take_up(channel, limit)
        if batch is None:
            return 0
        await self.see_through(batch)
        return len(batch.due)

    async def take_up(self, channel: str, limit: int | None = None) -> Batch | None:
        """One batch of what is due, which is ours for a minute; None where there is nothing to do."""
        async with self._turns:
            return await take_up(channel, limit or self._channels[channel].at_once)

    async def see_through(self, batch: Batch) -> None:
        """Look again, find the words, send, and write down what became of each."""
        fates: list[Fate] = []
        ready: list[tuple[Due, Outgoing]] = []
        outcomes: dict[Due, Outcome] = {}
        for due, worded in await self._worded(batch, fates):
            if isinstance(worded, Message):
                ready.append((due, outgoing(due, worded, data_of(due))))
            elif worded is None:
                fates.append(fate(due, "moot", batch.at))
            else:
                outcomes[due] = Later("no_words")
        probed = batch.probing and bool(ready)
        outcomes |= await self._send(batch, ready)
        await self._settle(batch, fates, outcomes, probed=probed)

    async def _worded(self, batch: Batch, fates: list[Fate]) -> list[tuple[Due, Worded]]:
        """The words of those that are to be sent now; the fates of the others are added."""
        still: list[Due] = []
        for due in batch.due:
            found = self._look_again(due, batch)
            if found is None:
                still.append(due)
            else:
                fates.append(found)
        single = [due for due in still if due.told]
        asked = [Asked(due.told.kind, due.told.about, reader_of(due)) for due in single if due.told]
        digests = [due for due in still if not due.told]
        words = await words_for(self._kinds, asked, self._failed)
        words += await gathered(self._kinds, digests, batch.at, self._failed)
        return list(zip([*single, *digests], words, strict=True))

    def _look_again(self, due: Due, batch: Batch) -> Fate | None:
        try:
            return look_again(due, batch.channel, batch.at)
        except Exception as error:  # of one row: those beside it go all the same
            self._failed(error)
            return Fate(due.id, due.round, "waiting", batch.at + FAULT_WAIT, "fault")

    async def _send(self, batch: Batch, ready: Sequence[tuple[Due, Outgoing]]) -> dict[Due, Outcome]:
        """What became of each; while the circuit is open, one of them goes ahead."""
        outcomes: dict[Due, Outcome] = {}
        rest = list(ready)
        if batch.probing and rest:
            first, rest = rest[:1], rest[1:]
            outcomes |= await self._send_all(batch.channel, first)
            [outcome] = outcomes.values()
            if isinstance(outcome, Broken | Later):  # nothing shows that we are accepted again
                return outcomes | {due: Broken(outcome.code) for due, _ in rest}
        return outcomes | await self._send_all(batch.channel, rest)

    async def _send_all(self, name: str, ready: Sequence[tuple[Due, Outgoing]]) -> dict[Due, Outcome]:
        channel = self._channels[name]
        outcomes: dict[Due, Outcome] = {}
        for start in range(0, len(ready), channel.at_once):
            part = ready[start : start + channel.at_once]
            try:
                found = await channel.send([message for _, message in part])
                outcomes |= zip((due for due, _ in part), found, strict=True)
            except Exception as error:  # a fault of the channel's: not the end of the messages
                self._failed(error)
                outcomes |= {due: Later("channel_failed") for due, _ in part}
        return outcomes

    async def _settle(
        self, batch: Batch, fates: Sequence[Fate], outcomes: Mapping[Due, Outcome], *, probed: bool
    ) -> None:
        for seconds in (*SETTLE_WAITS, None):
            try:
                async with self._turns:
                    await settle(batch, fates, outcomes, probed=probed)
                    return
            except Unavailable:
                if seconds is None:
                    raise
                await asyncio.sleep(seconds)
