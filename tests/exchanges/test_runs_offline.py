"""How it went, told by a leader without a network; a report's id is that of its slot."""

import asyncio
import io
import logging
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.accounts.doors import logged
from tests.client import TestApp
from tests.exchanges.test_runs import TOLD, ran, run_of
from tests.exchanges.world import World
from tests.journals.test_secrecy import canary
from tests.sync.world import JSON, Door, door, mutation, statuses, told
from yema.activities.tables import RunReport
from yema.changes import SpaceKey, transaction
from yema.changes.tables import Change, OnceRow, Outbox
from yema.erasing import erase, erase_again

KIND = 2
"""The `kinds_version` with which phones learned of reports."""


def report(slot: UUID, base: int = 0, **fields: Any) -> JSON:
    return mutation("run_report", "put", slot, base, **{**TOLD, **fields})


def taken_back(slot: UUID, base: int) -> JSON:
    return mutation("run_report", "delete", slot, base)


def bare(result: JSON) -> JSON:
    return {key: value for key, value in result.items() if key != "mutation_id"}


async def led(app: TestApp) -> tuple[World, UUID, Door]:
    """A world, a slot with an activity, and a leader's phone that knows everything."""
    everybody, _, slot = await ran()
    phone = await door(app, everybody.leader)
    await phone.pull(version=KIND)
    return everybody, slot, phone


async def test_what_was_told_offline_is_what_the_route_would_have_kept(app: TestApp) -> None:
    _, slot, phone = await led(app)

    result = await phone.push_one(report(slot))
    came = await phone.pull(version=KIND)

    assert (bare(result), came.ids("run_report")) == ({"status": "applied", "version": 1}, [str(slot)])
    assert came.data("run_report") == [(await phone.client.get(run_of(slot))).json()]


async def test_it_is_changed_and_taken_back_and_the_other_phone_hears_of_it(app: TestApp) -> None:
    everybody, slot, phone = await led(app)
    other = await door(app, everybody.leader)
    await other.pull(version=KIND)

    results = await phone.push(report(slot), report(slot, 1, minutes=70))
    before = await other.pull(version=KIND)
    last = await phone.push_one(taken_back(slot, 2))
    after = await other.pull(version=KIND)

    assert [bare(result) for result in (*results, last)] == [{"status": "applied", "version": n} for n in (1, 2, 3)]
    assert [data["minutes"] for data in before.data("run_report")] == [70]
    assert after.ops("run_report") == [("run_report", "gone", str(slot))]


async def test_an_older_phone_is_not_sent_reports(app: TestApp) -> None:
    everybody, slot, phone = await led(app)
    await phone.push_one(report(slot))

    assert (await (await door(app, everybody.leader)).pull(version=1)).ids("run_report") == []


async def test_nobody_else_of_the_exchange_is_sent_a_report(app: TestApp) -> None:
    everybody, slot, phone = await led(app)
    await phone.push_one(report(slot))

    for who in (everybody.leader2, everybody.coordinator, everybody.participant):
        assert (await (await door(app, who)).pull(version=KIND)).ids("run_report") == []


@pytest.mark.parametrize(("base", "op"), [(0, "put"), (1, "put"), (1, "delete")])
async def test_what_another_phone_told_is_shown_and_not_overwritten(app: TestApp, base: int, op: str) -> None:
    everybody, slot, phone = await led(app)
    other = await door(app, everybody.leader)
    await other.push(report(slot), report(slot, 1, change="Less paper"))

    result = await phone.push_one(report(slot, base) if op == "put" else taken_back(slot, base))

    assert (told(result), result["current"]["change"]) == (("conflict", "stale"), "Less paper")
    assert (await phone.client.get(run_of(slot))).json() == result["current"]


async def test_of_many_phones_that_change_one_report_one_does_it(app: TestApp) -> None:
    _, slot, phone = await led(app)
    await phone.push_one(report(slot))

    results = await asyncio.gather(*(phone.push_one(report(slot, 1, minutes=n + 1)) for n in range(8)))

    assert sorted(statuses(results)) == ["applied"] + ["conflict"] * 7


async def test_a_lost_answer_tells_nothing_twice(app: TestApp) -> None:
    _, slot, phone = await led(app)
    pushed = [report(slot), report(slot, 1, minutes=70), taken_back(slot, 2)]

    before, after = await phone.push(*pushed), await phone.push(*pushed)

    assert (statuses(before), statuses(after)) == (["applied"] * 3, ["duplicate"] * 3)
    assert await RunReport.count() == 0


ALLOWED = {
    "participant": ("rejected", "leaders_only"),
    "facilitator": ("applied", ""),
    "left": ("rejected", "not_found"),
    "stranger": ("rejected", "not_found"),
    "pending": ("later", "waits_for_approval"),
}


async def test_who_may_tell_offline(app: TestApp) -> None:
    everybody, slot, _ = await led(app)

    for who, answer in ALLOWED.items():
        phone = await door(app, getattr(everybody, who))

        assert (who, told(await phone.push_one(report(slot)))) == (who, answer)


async def test_what_the_route_would_refuse_is_rejected(app: TestApp) -> None:
    everybody, slot, phone = await led(app)
    meal = await make.slot(everybody.exchange)

    results = await phone.push(report(meal), report(slot, minutes=0), report(slot, 3), taken_back(slot, 1))

    codes = ("no_activity", "invalid", "not_found", "not_found")
    assert [told(result) for result in results] == [("rejected", code) for code in codes]


@pytest.fixture
def logs(app: TestApp, caplog: pytest.LogCaptureFixture) -> Iterator[io.StringIO]:
    """What the house logs, and all that every logger of the process could say."""
    caplog.set_level(logging.DEBUG)
    yield logged()
    logging.getLogger("yema").handlers.clear()


async def test_no_word_of_it_is_in_the_books_or_in_the_logs(
    app: TestApp, logs: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    _, slot, phone = await led(app)
    words = canary()
    await phone.push(report(slot, change=words), report(slot, change=words), report(slot, change=words, minutes=0))
    await phone.client.put(run_of(slot), json={**TOLD, "change": words}, headers={"if-match": '"1"'})
    await phone.client.put(run_of(slot), json={**TOLD, "change": words * 200}, headers={"if-match": '"2"'})

    told_of = [str(await table.select()) for table in (Change, OnceRow, Outbox)]

    assert (await phone.client.get(run_of(slot))).json()["change"] == words
    assert [words in text for text in (*told_of, logs.getvalue(), caplog.text)] == [False] * 5
    assert "/slots/{slot_id}/run" in logs.getvalue()


async def test_what_somebody_told_goes_when_they_are_erased(app: TestApp) -> None:
    everybody, slot, phone = await led(app)
    other = await door(app, everybody.leader2)
    await phone.push_one(report(slot))
    await other.push_one(report(slot, minutes=70))

    assert (await phone.client.delete("/me")).status_code == 204

    assert await RunReport.select(RunReport.minutes, RunReport.by) == [{"minutes": 70, "by": everybody.leader2}]


async def test_what_comes_while_somebody_is_erased_goes_with_the_next_start(app: TestApp) -> None:
    everybody, slot, phone = await led(app)
    await phone.push_one(report(slot))
    [row] = await RunReport.select()
    await erase(everybody.leader)
    await put_back(row)

    counts = [await RunReport.count(), await erase_again({everybody.leader}), await RunReport.count()]

    assert counts == [1, 1, 0]


async def put_back(row: JSON) -> None:
    async with transaction() as tx:
        await RunReport.insert(RunReport(**row))
        tx.touched(SpaceKey("person", row["by"]), "run_report", row["slot"])
