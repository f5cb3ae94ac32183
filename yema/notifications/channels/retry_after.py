"""The header Retry-After (RFC 9110, 10.2.3): seconds, or an HTTP date."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST = timedelta(days=1)
"""Whoever asks for more is asked again tomorrow."""


def retry_after(said: str | None, now: datetime) -> timedelta | None:
    """How long to wait, never less than nothing and at most a day; None where it is not there or makes no sense."""
    text = (said or "").strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:10])), LONGEST)
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    if until.tzinfo is None:  # "-0000": the time is UTC, says RFC 5322
        until = until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta()), LONGEST)
