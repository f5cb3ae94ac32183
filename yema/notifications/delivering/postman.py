"""Takes deliveries up, sends them, and sees to it that what became of them is written down."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from uuid import UUID

from yema.changes.notified import Message, NotificationKind
from yema.errors import Unavailable
from yema.http.problems import log_unforeseen
from yema.notifications.channels import Channel, Later, Outcome, Outgoing
from yema.notifications.delivering.checking import Fate, fate, look_again
from yema.notifications.delivering.claiming import Batch, Due, take_up
from yema.notifications.delivering.clocks import Clock
from yema.notifications.delivering.digests import Gathered, gathered
from yema.notifications.delivering.sending import Handed, Sender
from yema.notifications.delivering.settling import settle
from yema.notifications.delivering.wording import Asked, data_of, outgoing, reader_of, words_for

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
        self._sender = Sender(channels, failed)
        self._certain = frozenset(kind.name for kind in kinds if kind.certain and not kind.covered)
        self._turns = asyncio.Semaphore(DATABASE_TURNS)
        self._clock = Clock()

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
            await self._clock.look()
            return await take_up(channel, limit or self._channels[channel].at_once)

    async def see_through(self, batch: Batch) -> None:
        """Look again, find the words, send, and write down what became of each."""
        fates: list[Fate] = []
        ready: list[tuple[Due, Outgoing]] = []
        held: dict[Due, tuple[UUID, ...]] = {}
        outcomes: dict[Due, Outcome] = {}
        for due, (worded, its) in await self._worded(batch, fates):
            if isinstance(worded, Message):
                ready.append((due, outgoing(due, worded, data_of(due, self._kind_of(due)), batch.at)))
                held[due] = its
            elif worded is None:
                fates.append(fate(due, "moot", batch.at))
            else:
                outcomes[due] = Later("no_words")
        handed = await self._sender.send(batch, ready)
        await self._settle(batch, fates, handed._replace(outcomes=outcomes | handed.outcomes), held)

    async def _worded(self, batch: Batch, fates: list[Fate]) -> list[tuple[Due, Gathered]]:
        """The words of those that are to be sent now; the fates of the others are added."""
        still: list[Due] = []
        for due in batch.due:
            became = self._look_again(due, batch)
            if became is None:
                still.append(due)
            else:
                fates.append(became)
        single = [(due, due.told) for due in still if due.told]
        asked = [Asked(told.kind, told.about, reader_of(due)) for due, told in single]
        digests = [due for due in still if not due.told]
        words = await words_for(self._kinds, asked, self._failed)
        alone = [(due, Gathered(its, (told.id,))) for (due, told), its in zip(single, words, strict=True)]
        together = await gathered(self._kinds, digests, batch.at, self._failed)
        return [*alone, *zip(digests, together, strict=True)]

    def _kind_of(self, due: Due) -> NotificationKind | None:
        return self._kinds.get(due.told.kind) if due.told else None

    def _look_again(self, due: Due, batch: Batch) -> Fate | None:
        try:
            kind = self._kind_of(due)
            return look_again(due, batch.channel, batch.at, certain=kind is not None and kind.certain)
        except Exception as error:  # of one row: those beside it go all the same
            self._failed(error)
            return Fate(due.id, due.round, "waiting", batch.at + FAULT_WAIT, "fault")

    async def _settle(
        self,
        batch: Batch,
        fates: Sequence[Fate],
        handed: Handed,
        held: Mapping[Due, tuple[UUID, ...]],
    ) -> None:
        for seconds in (*SETTLE_WAITS, None):
            try:
                async with self._turns:
                    await settle(batch, fates, handed, held, self._certain)
                    return
            except Unavailable:
                if seconds is None:
                    raise
                await asyncio.sleep(seconds)
