"""Names that machines give: UUIDv7, which sort by the time they were made."""

import os
import time
from datetime import UTC, datetime
from uuid import UUID


def uuid7() -> UUID:
    """A new UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds, then 74 random ones."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    high = random >> 68  # 12 bits
    low = random & ((1 << 62) - 1)
    return UUID(int=milliseconds << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def now() -> datetime:
    """This instant, in UTC: the only clock that orders what the server does."""
    return datetime.now(UTC)
