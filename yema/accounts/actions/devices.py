"""Devices: registering the phone in one's hand for pushes, again and again, and letting go of it."""

from uuid import UUID

from yema.accounts.errors import NoDeviceHere
from yema.accounts.push_address import PushAddress, known_zone, push_address
from yema.accounts.rules import known_language
from yema.accounts.schemas import DeviceDraft
from yema.accounts.signed_in import SignedIn
from yema.changes import transaction
from yema.database import Statement, as_id, execute
from yema.errors import IdTaken, NotFound, NotSignedIn
from yema.vault import digest

DEVICES_MAX = 20
"""Of one person. A browser that is cleared each evening makes a new one each morning."""

# One registration at a time, as on SQLite anyway: each may take a row from somebody else, and two at once would stand in a ring.
_IN_TURN = Statement("SELECT 1", postgres="SELECT pg_advisory_xact_lock(793642)")
_STILL_IN = Statement("SELECT 1 FROM sign_in WHERE id = {} AND ended_at IS NULL", locks=True)
_HELD_BY = Statement("SELECT person, address_hash FROM device WHERE id = {}")
_TAKE_AWAY = Statement("DELETE FROM device WHERE address_hash = {} AND NOT (id = {} AND person = {})")
_KEEP = Statement(
    "INSERT INTO device (id, person, sign_in, platform, channel, address_kind, address, address_hash, p256dh, auth, locale, zone,"
    " made_at, registered_at) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {})"
    " ON CONFLICT (id) DO UPDATE SET sign_in = excluded.sign_in, platform = excluded.platform, channel = excluded.channel,"
    " address_kind = excluded.address_kind, address = excluded.address, address_hash = excluded.address_hash,"
    " p256dh = excluded.p256dh, auth = excluded.auth, locale = excluded.locale, zone = excluded.zone,"
    " registered_at = excluded.registered_at, gone_at = NULL"
)
_SURPLUS = Statement(
    "DELETE FROM device WHERE person = {} AND id NOT IN"
    " (SELECT id FROM device WHERE person = {} ORDER BY registered_at DESC, id DESC LIMIT {})"
)
_DELETE = Statement("DELETE FROM device WHERE id = {} AND person = {} RETURNING id")
_FORGET = Statement("DELETE FROM device WHERE sign_in = {}")
_FORGET_ALL = Statement("DELETE FROM device")


async def register_device(person: SignedIn, device: UUID, draft: DeviceDraft, *, private: bool) -> None:
    """Send this person's pushes there, and nobody else's any more; the device belongs to the sign-in that registers it.

    Whoever had the address before loses it, with all that was on its way to them. `private`: see `push_address`. Raises `NoDeviceHere`
    for an operator's token, `IdTaken` where another address of somebody else has that id, `Invalid`.
    """
    if person.via == "operator":
        raise NoDeviceHere
    address = push_address(draft, private=private)
    locale, zone = known_language(draft.locale), known_zone(draft.zone)
    hash_ = _hash(draft.channel, address)
    async with transaction() as tx:
        await execute(_IN_TURN)
        if not await execute(_STILL_IN, person.sign_in):
            raise NotSignedIn  # it was ended while this request was on its way, and its devices with it
        held = await execute(_HELD_BY, device)
        if held and as_id(held[0][0]) != person.id and held[0][1] != hash_:
            raise IdTaken
        # Another person's row is not rewritten: what waits for them under its id would be in the way of the new owner's.
        await execute(_TAKE_AWAY, hash_, device, person.id)
        where = (address.kind, address.value, hash_, address.p256dh, address.auth)
        whose = (device, person.id, person.sign_in, draft.platform, draft.channel)
        await execute(_KEEP, *whose, *where, locale, zone, tx.at, tx.at)
        await execute(_SURPLUS, person.id, person.id, DEVICES_MAX)


async def remove_device(person: SignedIn, device: UUID) -> None:
    """Send nothing there any more. Raises `NotFound` where this person has no such device."""
    async with transaction():
        if not await execute(_DELETE, device, person.id):
            raise NotFound


async def forget_devices(sign_in: UUID) -> None:
    """Let go of the devices of a sign-in that ends; inside a transaction of the caller's."""
    await execute(_FORGET, sign_in)


async def forget_all_devices() -> None:
    """After a restore: who has which phone may have changed since, and each app registers anew. Inside a transaction of the caller's."""
    await execute(_FORGET_ALL)


def _hash(channel: str, address: PushAddress) -> str:
    """One for each installation: an FCM token begins with the id of its own, before the colon (ADR 18)."""
    if channel == "fcm":
        return digest("push address", f"fcm {address.value.partition(':')[0] or address.value}")
    return digest("push address", f"{channel} {address.kind} {address.value}")
