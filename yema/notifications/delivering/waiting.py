"""How long to wait before the next try. Pure."""

import random
from datetime import datetime, timedelta

FIRST = timedelta(seconds=2)
LONGEST = timedelta(minutes=15)
TOO_SHORT = timedelta(seconds=1)
"""Who has less left than that is not tried again."""
_DOUBLINGS_MAX = 20


def backoff_max(attempts: int) -> timedelta:
    """The longest wait after so many attempts: 2 s doubled with each, 15 minutes at most."""
    return min(LONGEST, FIRST * (1 << min(attempts, _DOUBLINGS_MAX)))


def next_try(attempts: int, after: timedelta | None, at: datetime, expires_at: datetime) -> datetime | None:
    """When to try again: anywhere up to the longest wait ("full jitter"), not before `after`; None where it expires before that.

    Whoever failed together does not come back together: AWS Architecture Blog, Exponential Backoff And Jitter (2015).
    """
    left, least = expires_at - at, after or timedelta(0)
    if left <= max(TOO_SHORT, least):
        return None
    waits = random.random() * min(backoff_max(attempts), left)  # noqa: S311 - nobody gains by guessing it
    return at + max(least, waits)
