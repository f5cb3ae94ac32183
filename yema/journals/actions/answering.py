"""Answering what was shared."""

from uuid import UUID

from yema.changes import Once, SpaceKey, transaction
from yema.database import Statement, as_id, execute
from yema.errors import NotFound
from yema.exchanges.queries.memberships import Membership
from yema.ids import uuid7
from yema.journals.schemas import (
    ReflectionView,
)
from yema.journals.sealed import close_feedback
from yema.journals.tables import Feedback

_HOLD_REFLECTION = Statement(
    "UPDATE reflection SET revision = revision WHERE id = {} RETURNING space_kind, space_owner"
)


async def answer_reflection(by: Membership, reflection: ReflectionView, text: str, once: Once | None = None) -> UUID:
    """Answer what was shared; the answer's id. Its author and those who see the reflection see it."""
    feedback = uuid7()
    sealed = close_feedback(reflection.person, feedback, text)
    async with transaction(once) as tx:
        # Held, so that an answer never stays behind where the reflection is taken back at the same time.
        rows = await execute(_HOLD_REFLECTION, reflection.id)
        if not rows:
            raise NotFound
        space = SpaceKey(rows[0][0], as_id(rows[0][1]))
        if space not in by.spaces():
            raise NotFound  # shared with somebody else in this moment, whom these words are not for
        await Feedback.insert(
            Feedback(
                id=feedback,
                entry=reflection.id,
                by=by.person,
                space_kind=space.kind,
                space_owner=space.owner,
                sealed=sealed,
                made_at=tx.at,
            )
        )
        tx.touched(space, "reflection", reflection.id)
        tx.touched(space, "feedback", feedback)
        tx.touched(SpaceKey("person", reflection.person), "feedback", feedback)
        if by.person != reflection.person:
            tx.tell("feedback_given", once_per=str(feedback), reflection=str(reflection.id))
        await tx.made(feedback)
    return feedback
