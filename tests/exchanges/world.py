"""An exchange with two groups and somebody in every part, and another one that has nothing to do with it."""

from typing import NamedTuple
from uuid import UUID

from tests import make


class World(NamedTuple):
    """Everybody is named after their part; those with a 2 are of the second group."""

    exchange: UUID
    group: UUID
    group2: UUID
    elsewhere: UUID
    participant: UUID
    groupmate: UUID
    participant2: UUID
    leader: UUID
    leader2: UUID
    facilitator: UUID
    coordinator: UUID
    pending: UUID
    left: UUID
    stranger: UUID


async def world() -> World:
    exchange, elsewhere = await make.exchange(), await make.exchange("Elsewhere")
    group, group2 = await make.group(exchange, "PL"), await make.group(exchange, "ES")
    return World(
        exchange=exchange,
        group=group,
        group2=group2,
        elsewhere=elsewhere,
        participant=await make.participant(exchange, group),
        groupmate=await make.participant(exchange, group),
        participant2=await make.participant(exchange, group2),
        leader=await make.leader(exchange, group),
        leader2=await make.leader(exchange, group2),
        facilitator=await make.member(exchange, "facilitator"),
        coordinator=await make.coordinator(exchange),
        pending=await make.participant(exchange, group, state="pending"),
        left=await make.participant(exchange, group, state="left"),
        stranger=await make.coordinator(elsewhere),
    )
