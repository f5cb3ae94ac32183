"""Phones against the oracle: whatever five phones do, each of them holds what its person must see, nothing more and nothing less.

`--prove` runs as many examples as the figures say. What failed once stands below as a test of its own.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast

import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis.stateful import run_state_machine_as_test

from tests.postgres import PostgresServer
from tests.sync.houses import Houses
from tests.sync.machine import RAN, Phones
from tests.sync.watched import BECAME
from yema.settings import Settings


class Extent(NamedTuple):
    """How many examples, and of how many steps."""

    examples: int
    steps: int


SHORT = {"sqlite": Extent(12, 60), "postgres": Extent(5, 40)}
PROOF = {"sqlite": Extent(1000, 200), "postgres": Extent(200, 200)}
SAY_EVERY = 20


@pytest.fixture(scope="session")
def sqlite_houses(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Houses:
    folder = tmp_path_factory.mktemp("world")
    (folder / "yema.sqlite").write_bytes(sqlite_template.read_bytes())
    return Houses(Settings(data=folder, log_level="error"))


@pytest.fixture(scope="session")
def postgres_houses(
    postgres_server: PostgresServer, postgres_template: str, tmp_path_factory: pytest.TempPathFactory
) -> Houses:
    url = postgres_server.create("yema_world", postgres_template)
    folder = tmp_path_factory.mktemp("world")
    return Houses(Settings(data=folder, database_url=url, log_level="error"), postgres_server)


@pytest.fixture
def houses(database_kind: str, request: pytest.FixtureRequest) -> Houses:
    found: Houses = request.getfixturevalue(f"{database_kind}_houses")
    return found


def test_each_phone_holds_what_its_person_must_see(
    database_kind: str, houses: Houses, request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]
) -> None:
    prove = bool(request.config.getoption("prove", False))
    extent = (PROOF if prove else SHORT)[database_kind]
    begun, started = 0, time.monotonic()

    def machine() -> Phones:
        nonlocal begun
        begun += 1
        if prove and begun % SAY_EVERY == 0:
            with capsys.disabled():
                print(_told(database_kind, begun, time.monotonic() - started), file=sys.stderr, flush=True)  # noqa: T201
        return Phones(houses.clone(), houses.world)

    RAN.clear()
    BECAME.clear()
    run_state_machine_as_test(
        cast(Any, machine),  # anything that makes one will do
        settings=hypothesis_settings(
            max_examples=extent.examples,
            stateful_step_count=extent.steps,
            derandomize=not prove,
            database=None,
            deadline=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )
    if prove:
        with capsys.disabled():
            print(_told(database_kind, begun, time.monotonic() - started), *_figures(), sep="\n", file=sys.stderr)  # noqa: T201


def _told(database: str, examples: int, seconds: float) -> str:
    return f"{database}: {examples} examples, {RAN.total()} steps, {seconds:.0f} s"


def _figures() -> Iterator[str]:
    for name, counted in (("steps", RAN), ("mutations became", BECAME)):
        yield f"  {name}: " + ", ".join(f"{what} {count}" for what, count in counted.most_common())


@contextmanager
def _playing(houses: Houses) -> Iterator[Phones]:
    """The machine, whose rules a test calls in its order; then it settles and compares."""
    machine = Phones(houses.clone(), houses.world)
    try:
        yield machine
    finally:
        machine.teardown()


# What failed once, as short as it could be made. Each was a page that somebody had been told was safe, or gone.


def test_what_was_pushed_before_the_first_pull_is_said_again_after_a_restore(houses: Houses) -> None:
    with _playing(houses) as phones:
        phones.back_up()
        phones.write(at=2, about=1)
        phones.push(at=2)
        phones.restore()


def test_a_page_whose_deletion_was_not_pulled_yet_is_deleted_again_after_a_restore(houses: Houses) -> None:
    with _playing(houses) as phones:
        phones.sync(at=3, limit=20)
        phones.tell(at=3, circle="group")
        phones.back_up()
        phones.delete(at=3, pick=0)
        phones.push(at=3)
        phones.restore()


def test_what_two_phones_know_of_one_page_is_all_there_after_a_restore(houses: Houses) -> None:
    with _playing(houses) as phones:
        phones.share(at=1, circle="group", pick=0)
        phones.settle()
        phones.back_up()
        phones.revise(at=1, pick=0)
        phones.push(at=1)
        phones.restore()
        phones.revise(at=0, pick=0)


def test_what_was_confirmed_between_two_restores_is_said_again_after_the_second(houses: Houses) -> None:
    with _playing(houses) as phones:
        phones.back_up()
        phones.write(at=2, about=1)
        phones.sync(at=2, limit=None)
        phones.restore()
        phones.revise(at=2, pick=0)
        phones.push(at=2)
        phones.restore()


def test_what_was_taken_back_is_taken_back_again_after_a_restore(houses: Houses) -> None:
    with _playing(houses) as phones:
        phones.tell(at=2, circle="group")
        phones.sync(at=2, limit=None)
        phones.back_up()
        phones.take_back(at=2, pick=0)
        phones.push(at=2)
        phones.restore()


def test_a_share_that_meets_an_older_text_after_a_restore_does_not_make_the_phone_forget_the_later_one(
    houses: Houses,
) -> None:
    with _playing(houses) as phones:
        phones.write(at=1, about=1)
        phones.push(at=1)
        phones.back_up()
        phones.revise(at=1, pick=0)
        phones.share(at=1, circle="group", pick=0)
        phones.push(at=1)
        phones.restore()
