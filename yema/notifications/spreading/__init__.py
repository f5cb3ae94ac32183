"""From the outbox to the inboxes: who is told of what happened, and by which ways.

An *occurrence* is taken up for a while (`claiming`), the slices are asked whom it concerns, outside any transaction (`asking`), and in one
transaction what they answer is written and the occurrence is ended: so whoever breaks off in the middle has told nothing, and nothing is
told twice. `writing` has that transaction; `settling`, `reminding`, `telling` and `ways` are its steps.
"""

from collections.abc import Sequence

from yema.changes.notified import NotificationKind
from yema.http.problems import log_unforeseen
from yema.ids import now
from yema.notifications.rules import BEGINS_FOR
from yema.notifications.spreading.asking import who_knows
from yema.notifications.spreading.claiming import claim, end, put_off
from yema.notifications.spreading.writing import spread_one


async def spread(kinds: Sequence[NotificationKind], limit: int = 50) -> int:
    """Take up what is due, of which these kinds are told: how many occurrences that were; as many as the limit where more may be due.

    Several processes may do it at once. What fails is logged, comes back later, and stops nothing else.
    """
    claimed = await claim(limit)
    at = now() - BEGINS_FOR  # what they tell has an end of its own
    over = [one for one in claimed if one.expires_at <= at or not who_knows(one.event, kinds)]
    await end(over)
    slow: set[str] = set()
    for one in claimed:
        if one in over:
            continue
        try:
            await spread_one(one, who_knows(one.event, kinds), slow)
        except Exception as error:  # whatever is wrong with this one, the others are told
            log_unforeseen(error)
            await put_off(one)
    return len(claimed)
