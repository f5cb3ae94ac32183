"""Somebody looks into their inbox at the moment in which there is more to tell."""

import asyncio
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from tests import make
from tests.database.outside import outside
from tests.notifications.kinds import happen, kind
from yema.notifications.spreading import spread
from yema.notifications.tables import Notification
from yema.settings import Settings


@pytest.mark.postgres
async def test_what_is_told_while_the_old_line_is_being_seen_is_a_new_line(house: Settings) -> None:
    """Fails where the old line is not held: it would be changed after it was seen, and nobody would look again."""
    person, expires_at = await make.person(), datetime.now(UTC) + timedelta(hours=1)
    await happen("trial", "weather", [person], expires_at=expires_at, says="rain")
    await spread([kind()])
    await happen("trial", "weather", [person], expires_at=expires_at, says="sun")

    async with outside(house) as reader:
        await reader.session.execute("BEGIN READ WRITE; UPDATE notification SET seen_at = now()")
        telling = asyncio.create_task(spread([kind()]))
        await reader.waiting()
        await reader.session.execute("COMMIT")
        await telling

    rows = await Notification.select().order_by(Notification.made_at)
    assert [(msgspec.json.decode(row["about"])["says"], row["seen_at"] is None) for row in rows] == [
        ("rain", False),
        ("sun", True),
    ]
