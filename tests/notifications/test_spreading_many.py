"""What concerns a thousand people is told part by part: nobody waits long for the writer, and whoever breaks off loses nobody."""

import gc
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from hypothesis import given
from hypothesis import strategies as st

from tests import make
from tests.notifications.crowd import crowd, transactions_measured
from tests.notifications.kinds import happen, kind
from yema.changes.notified import Occurrence, Settled, Telling
from yema.changes.tables import Outbox
from yema.notifications.spreading import claiming, dividing, spread, writing
from yema.notifications.spreading.dividing import AT_ONCE, parts_of
from yema.notifications.tables import Delivery, Notification
from yema.settings import Settings

NOON = datetime(2027, 7, 14, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)
MANY = 1000


async def told() -> tuple[int, set[int], int, set[int]]:
    """How many lines of how many rounds, how many deliveries of how many rounds."""
    lines, ways = await Notification.select(Notification.round), await Delivery.select(Delivery.round)
    return len(lines), {row["round"] for row in lines}, len(ways), {row["round"] for row in ways}


async def open_rows() -> int:
    return len(await Outbox.select(Outbox.id).where(Outbox.done_at.is_null()))


async def spread_all(people: Sequence[UUID] | None = None) -> None:
    """With `people`, these are concerned; as of real kinds, the outbox then holds none of them."""
    known = whole = kind()
    if people is not None:

        async def concerns(occurrence: Occurrence) -> Sequence[Telling | Settled]:
            [telling] = await known.events["trial"](occurrence)
            assert isinstance(telling, Telling)
            return [telling._replace(people=people)]

        whole = known._replace(events={"trial": concerns})
    while await spread([whole]):
        pass


async def test_no_transaction_that_tells_a_thousand_people_takes_long(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await crowd(MANY)
    await happen("trial", "plan", [], expires_at=datetime.now(UTC) + HOUR)
    gc.collect()  # of what stood there before, not of what is measured

    with transactions_measured(monkeypatch) as seconds:
        await spread_all(people)

    assert [round(one, 3) for one in seconds if one >= 0.05] == []
    assert await told() == (MANY, {1}, 3 * MANY, {1})


async def test_who_is_killed_in_the_middle_tells_nobody_twice_and_loses_nobody(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await crowd(4 * AT_ONCE)
    end, ended = claiming.end_one, list[Any]()

    async def die(*args: Any) -> None:
        ended.append(args)
        if len(ended) == 3:
            raise KeyboardInterrupt
        await end(*args)

    with time_machine.travel(NOON, tick=False):
        await happen("trial", "plan", people, expires_at=NOON + HOUR)
        with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
            patched.setattr(writing, "end_one", die)
            await spread_all()
    assert ((await told())[0], await open_rows()) == (AT_ONCE, 3)

    with time_machine.travel(NOON + timedelta(seconds=30), tick=False):
        await spread_all()

    assert (await told(), await open_rows()) == ((4 * AT_ONCE, {1}, 12 * AT_ONCE, {1}), 0)


async def test_a_kind_that_fails_for_a_part_tells_that_part_later(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dividing, "AT_ONCE", 2)
    people = [await make.person() for _ in range(6)]
    healthy, asked = kind(), list[Occurrence]()

    async def sick(occurrence: Occurrence) -> list[Telling | Settled]:
        asked.append(occurrence)
        if len(asked) == 3:
            raise ValueError
        return [*await healthy.events["trial"](occurrence)]

    kinds = [healthy._replace(events={"trial": sick})]
    with time_machine.travel(NOON, tick=False):
        await happen("trial", "plan", people, expires_at=NOON + HOUR)
        while await spread(kinds):
            pass
    assert ((await told())[:2], await open_rows()) == ((4, {1}), 1)

    with time_machine.travel(NOON + timedelta(seconds=2), tick=False):
        await spread(kinds)

    assert ((await told())[:2], await open_rows()) == ((6, {1}), 0)


async def test_what_was_settled_with_it_does_not_settle_what_a_part_has_told(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dividing, "AT_ONCE", 2)
    people = [await make.person() for _ in range(5)]
    healthy = kind()

    async def anew(occurrence: Occurrence) -> list[Telling | Settled]:
        return [Settled(["plan"]), *await healthy.events["trial"](occurrence)]

    await happen("trial", "plan", people, expires_at=datetime.now(UTC) + HOUR)
    while await spread([healthy._replace(events={"trial": anew})]):
        pass

    assert [row["seen_at"] for row in await Notification.select()] == [None] * 5


@given(st.dictionaries(st.uuids(), st.integers(1, 2 * AT_ONCE), max_size=400), st.uuids())
def test_everybody_is_in_one_part_and_no_part_is_too_much(lines: dict[UUID, int], anybody: UUID) -> None:
    parts = parts_of(lines)

    of = [Counter({person: lines[person] for person in lines if person in part}) for part in parts]
    assert [sum(person in part for part in parts) for person in [*lines, anybody]] == [1] * (len(lines) + 1)
    assert all(counted.total() <= AT_ONCE or len(counted) == 1 for counted in of)
