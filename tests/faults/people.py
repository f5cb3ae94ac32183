"""Many people of one exchange, made before the server starts."""

import asyncio
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from tests import make
from yema.accounts.actions.tokens import open_sign_in
from yema.accounts.tables import Person
from yema.changes import SpaceKey, Transaction, transaction
from yema.exchanges.tables import Member
from yema.house import open_house
from yema.ids import uuid7
from yema.settings import Settings


class Crowd(NamedTuple):
    """An exchange, and the bearer tokens of its participants, none of whom has written anything yet."""

    exchange: UUID
    tokens: list[str]


def crowd(data: Path, count: int) -> Crowd:
    """Make the data folder and the people."""
    return asyncio.run(_crowd(data, count))


async def _crowd(data: Path, count: int) -> Crowd:
    async with open_house(Settings(data=data)):
        exchange = await make.exchange()
        async with transaction() as tx:
            tokens = [await _participant(exchange, number, tx) for number in range(count)]
        return Crowd(exchange, tokens)


async def _participant(exchange: UUID, number: int, tx: Transaction) -> str:
    person, member = uuid7(), uuid7()
    await Person.insert(Person(id=person, display_name=f"Person {number}", locale="en", made_at=tx.at))
    await Member.insert(
        Member(id=member, exchange=exchange, person=person, role="participant", state="active", made_at=tx.at)
    )
    tx.touched(SpaceKey("exchange", exchange), "member", member)
    tx.touched(SpaceKey("person", person), "me", person)
    return (await open_sign_in(person, "email", at=tx.at)).access_token
