"""What somebody was told goes with them: out of an exchange, and for good."""

from uuid import UUID

from yema.changes import Transaction
from yema.database import Statement, execute
from yema.exchanges.actions.people.members import when_somebody_goes

_FORGET_OF = Statement("DELETE FROM notification WHERE person = {} AND exchange = {}")
"""Their deliveries go with them."""

_FORGET = [
    Statement("DELETE FROM delivery WHERE person = {}"),
    Statement("DELETE FROM notification WHERE person = {}"),
    Statement("DELETE FROM notification_choice WHERE person = {}"),
    Statement("DELETE FROM notification_habits WHERE id = {}"),
]


async def erase_told(person: UUID) -> None:
    """Delete what a person who is erased was told, by which ways, and how they wanted to hear. Inside a transaction."""
    for statement in _FORGET:
        await execute(statement, person)


async def _go(_: Transaction, exchange: UUID, person: UUID, for_good: bool) -> None:
    """Whoever leaves an exchange is no longer told of it, nor reads what they were told. In another group they may; the words know."""
    if for_good:
        await execute(_FORGET_OF, person, exchange)


when_somebody_goes(_go)
