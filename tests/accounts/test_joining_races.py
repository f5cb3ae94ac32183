"""Many phones, one code."""

import asyncio
from collections import Counter
from typing import Any

import pytest
from msgspec import UNSET

from tests import make
from tests.accounts.doors import coming, join_code, members
from yema.accounts.errors import WrongCode
from yema.accounts.tables import Person
from yema.database import Statement
from yema.exchanges.actions.people import joining
from yema.exchanges.errors import AlreadyMember
from yema.exchanges.schemas.people.joining import JoinDraft, JoinedView
from yema.settings import Settings


async def at_once(count: int, draft: JoinDraft, person: Any = None) -> Counter[str]:
    """What that many phones are told, each on a network of its own."""
    joins = (joining.join(draft, f"198.51.100.{number}", person) for number in range(count))
    found = await asyncio.gather(*joins, return_exceptions=True)
    return Counter(type(one).__name__ for one in found)


async def test_a_code_for_one_lets_in_one_of_sixty_four(house: Settings) -> None:
    exchange = await make.exchange()
    code = await join_code(exchange, uses_max=1)
    before = await Person.count()

    answers = await at_once(64, coming(code))

    assert answers == {JoinedView.__name__: 1, WrongCode.__name__: 63}
    assert await members(exchange) == [("participant", "pending")]
    assert await Person.count() == before + 1


async def test_without_its_condition_the_same_race_lets_in_all(
    house: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Shows that the race above would be lost: without `uses < uses_max` it fails with 64 members instead of one.
    bare = Statement(joining._USE.sqlite.replace("uses < uses_max AND ", "").replace("?", "{}"))
    assert bare.sqlite != joining._USE.sqlite
    monkeypatch.setattr(joining, "_USE", bare)
    code = await join_code(await make.exchange(), uses_max=1)

    answers = await at_once(64, coming(code))

    assert answers == {JoinedView.__name__: 64}


async def test_a_typed_code_for_one_lets_in_one_of_six(house: Settings) -> None:
    code = await join_code(await make.exchange(), uses_max=1)

    answers = await at_once(6, JoinDraft(display_name="Ola", locale="pl", code=code.code))

    assert answers == {JoinedView.__name__: 1, WrongCode.__name__: 5}


async def test_codes_are_checked_in_one_event_loop_after_another() -> None:
    # A test or a command may open the house in a new loop; what waits for argon2 must not remember the old one.
    async def crowd() -> list[bool]:
        return await asyncio.gather(*(joining._slowly(joining._verify, "$argon2id$nothing", "x") for _ in range(5)))

    answers = [await asyncio.to_thread(lambda: asyncio.run(crowd())) for _ in range(2)]

    assert answers == [[False] * 5] * 2


async def test_tapping_eight_times_makes_one_membership_and_one_use(house: Settings) -> None:
    exchange = await make.exchange()
    code = await join_code(exchange, uses_max=2)
    ana = make.signed_in(await make.person("Ana"))

    answers = await at_once(8, coming(code), ana)
    other = await at_once(1, coming(code))

    assert answers == {JoinedView.__name__: 1, AlreadyMember.__name__: 7}
    assert other == {JoinedView.__name__: 1}


async def test_two_codes_at_once_make_one_membership(house: Settings) -> None:
    exchange = await make.exchange()
    codes = [await join_code(exchange) for _ in range(8)]
    ana = make.signed_in(await make.person("Ana"))
    await asyncio.gather(
        *(Person.count() for _ in range(20))
    )  # opens all connections, so that none has to wait for its own

    found = await asyncio.gather(
        *(joining.join(coming(code), "192.0.2.9", ana) for code in codes), return_exceptions=True
    )

    assert Counter(type(one).__name__ for one in found) == {JoinedView.__name__: 1, AlreadyMember.__name__: 7}
    assert await members(exchange) == [("participant", "pending")]


async def test_only_somebody_new_gets_tokens(house: Settings) -> None:
    code = await join_code(await make.exchange())
    ana = make.signed_in(await make.person("Ana"))

    new, known = await joining.join(coming(code), "192.0.2.9"), await joining.join(coming(code), "192.0.2.9", ana)

    assert (new.tokens is UNSET, known.tokens is UNSET) == (False, True)
