"""A big exchange: three weeks, eighty people of four groups, four hundred slots, written as its leaders would have."""

from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from tests import make
from yema.exchanges.actions.told.release import release_plan
from yema.exchanges.tables.exchange import Exchange
from yema.house import open_house
from yema.settings import Settings

COUNTRIES = ("PL", "ES", "DE", "UA")
A_GROUP = 19
DAYS = 21
HOURS = (
    *("08:00-08:45", "09:00-10:15", "10:30-11:30", "11:30-12:15", "12:15-13:15", "13:30-14:15", "14:30-15:30"),
    *("15:30-16:00", "16:00-17:00", "17:00-17:30", "17:30-18:15", "18:30-19:15", "19:30-20:15", "20:15-20:45"),
    *("20:45-21:15", "21:15-21:45", "09:00-10:15", "14:30-15:30", "16:00-17:00"),
)
SLOTS = 400


class Big(NamedTuple):
    """The exchange, and access tokens of a participant, of one who waits for news, and of a leader."""

    exchange: UUID
    participant: str
    waiting: str
    leader: str


async def fill_exchange(data: Path) -> Big:
    """Write it beside whatever is in the data folder."""
    async with open_house(Settings(data=data)):
        exchange = await make.exchange("A long summer")
        first: date = (await Exchange.select(Exchange.starts_on).where(Exchange.id == exchange))[0]["starts_on"]
        groups = [await make.group(exchange, country) for country in COUNTRIES]
        leaders = [await make.leader(exchange, group, born="1990-05") for group in groups]
        people = [
            await make.participant(exchange, group, born=f"{2007 + n % 5}-0{1 + n % 9}")
            for group in groups
            for n in range(A_GROUP)
        ]
        venues = [await make.venue(exchange, name) for name in ("Hall", "Lawn", "Boat house", "Kitchen", "Village")]
        for n in range(SLOTS):
            day, place = divmod(n, len(HOURS))
            await make.slot(
                exchange,
                HOURS[place],
                title=f"Part {place} of day {day}",
                day=first + timedelta(days=day % DAYS),
                venue=venues[(n * 7) % len(venues)],
                groups=(groups[n % len(groups)],) if place > 12 else (),
                responsible=(leaders[n % len(leaders)],),
            )
        await release_plan(await make.membership(leaders[0], exchange))
        return Big(exchange, *[await make.token(who) for who in (people[0], people[1], leaders[0])])
