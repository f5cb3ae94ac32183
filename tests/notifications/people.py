"""Builders: people's devices, as rows."""

from hashlib import sha256
from itertools import count
from uuid import UUID

from yema.accounts.tables import Device, SignIn
from yema.changes import transaction
from yema.ids import uuid7

_numbers = count(1)


async def device(
    person: UUID,
    *,
    channel: str = "fcm",
    platform: str = "android",
    locale: str = "en",
    zone: str = "Europe/Warsaw",
    address: str = "",
) -> UUID:
    """A device of this person, with a sign-in of its own."""
    address = address or f"token-{next(_numbers)}"
    async with transaction() as tx:
        sign_in = SignIn(
            id=uuid7(), person=person, via="email", rotation=uuid7().hex, made_at=tx.at, last_used_at=tx.at
        )
        row = Device(
            id=uuid7(),
            person=person,
            sign_in=sign_in.id,
            platform=platform,
            channel=channel,
            address_kind="token" if channel == "fcm" else "endpoint",
            address=address,
            address_hash=sha256(address.encode()).hexdigest(),
            locale=locale,
            zone=zone,
            made_at=tx.at,
            registered_at=tx.at,
        )
        await SignIn.insert(sign_in)
        await Device.insert(row)
    return row.id
