"""Many people in exchanges of a usual size, made before the server starts."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from tests import make
from yema.accounts.actions.tokens import open_sign_in
from yema.accounts.tables import Person
from yema.changes import SpaceKey, Transaction, transaction
from yema.exchanges.tables.exchange import Member
from yema.house import open_house
from yema.ids import uuid7
from yema.settings import Settings

MEMBERS = 40
"""So many participants are in each exchange."""
SIGNED_IN_FOR = timedelta(hours=12)
"""A long proof takes longer than an access token lives."""


class Somebody(NamedTuple):
    """A member of an exchange, and their bearer token."""

    id: UUID
    token: str
    exchange: UUID


class Crowd(NamedTuple):
    """Participants, none of whom has written anything yet, and one coordinator for each of their exchanges."""

    people: list[Somebody]
    coordinators: list[Somebody]

    @property
    def exchange(self) -> UUID:
        """The first one, or the only one."""
        return self.people[0].exchange

    @property
    def tokens(self) -> list[str]:
        return [somebody.token for somebody in self.people]


def crowd(data: Path, count: int) -> Crowd:
    """Make the data folder and the people."""
    return asyncio.run(_crowd(data, count))


async def _crowd(data: Path, count: int) -> Crowd:
    made = Crowd([], [])
    async with open_house(Settings(data=data)):
        for first in range(0, count, MEMBERS):
            exchange = await make.exchange()
            async with transaction() as tx:
                made.coordinators.append(await _member(exchange, "coordinator", first, tx))
                for number in range(first, min(first + MEMBERS, count)):
                    made.people.append(await _member(exchange, "participant", number, tx))
    return made


async def _member(exchange: UUID, role: str, number: int, tx: Transaction) -> Somebody:
    person, member = uuid7(), uuid7()
    await Person.insert(Person(id=person, display_name=f"Person {number}", locale="en", made_at=tx.at))
    await Member.insert(Member(id=member, exchange=exchange, person=person, role=role, state="active", made_at=tx.at))
    tx.touched(SpaceKey("exchange", exchange), "member", member)
    tx.touched(SpaceKey("person", person), "me", person)
    signed_in = await open_sign_in(person, "email", at=tx.at + SIGNED_IN_FOR)
    return Somebody(person, signed_in.access_token, exchange)
