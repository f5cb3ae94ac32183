"""The largest activity that there may be is written in a moment."""

import gc
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest

from tests.activities import workshop
from tests.activities.workshop import desk
from tests.client import TestApp
from tests.measuring import untraced
from yema.activities.actions import writing
from yema.activities.actions.rows.texts import save_texts
from yema.activities.pack.source import BLOCKS_MAX, Translation
from yema.changes import transaction

CPU_SECONDS = 0.05


def steps(words: str) -> list[dict[str, Any]]:
    more = [{"key": f"s-{n}", "kind": "step", "text": f"Step {n}. {words}"} for n in range(BLOCKS_MAX - 2)]
    return workshop.blocks(*more)


@pytest.fixture
def spent(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """The CPU time of the loop's thread in each transaction of writing."""
    found: list[float] = []
    # What other tests left is not looked through while this one is measured; a server does the same after its start.
    gc.collect()
    gc.freeze()

    class timed(transaction):  # noqa: N801
        __slots__ = ("_since",)

        async def __aenter__(self) -> Any:
            tx = await super().__aenter__()
            self._since = time.thread_time()
            return tx

        async def __aexit__(self, *error: Any) -> None:
            await super().__aexit__(*error)
            found.append(time.thread_time() - self._since)

    monkeypatch.setattr(writing, "transaction", timed)
    yield found
    gc.unfreeze()


@pytest.mark.parametrize("minor", [False, True])
async def test_two_hundred_blocks_are_written_and_changed_in_a_moment(
    app: TestApp, spent: list[float], minor: bool
) -> None:
    trainer = await desk(app)
    spent.clear()
    with untraced():
        made = await trainer.activity(blocks=steps("Go to the river."))
    async with transaction():
        await save_texts(
            (UUID(block["id"]), "pl", Translation(text="Krok.", source=block["text"])) for block in made["blocks"]
        )

    with untraced():
        answer = await trainer.change(made, blocks=steps("Go to the lake."), minor=minor)

    states = [block["state"] for block in (await trainer.read(made["id"], locale="pl"))["blocks"]]
    assert [block["text"] for block in answer.json()["blocks"]] == [one["text"] for one in steps("Go to the lake.")]
    assert states == ["fresh"] * 2 + (["fresh"] if minor else ["stale"]) * (BLOCKS_MAX - 2)
    print([f"{seconds * 1000:.0f} ms" for seconds in spent])  # noqa: T201
    assert [seconds < CPU_SECONDS for seconds in spent] == [True] * 2
