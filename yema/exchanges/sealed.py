"""Opening and closing emergency sheets: the one place where exchanges meet the vault."""

import logging
from uuid import UUID, uuid5

import msgspec

from yema.errors import NotFound
from yema.exchanges.schemas.emergency import SheetContent
from yema.vault import Seal, SealBroken, keyring

log = logging.getLogger("yema")

_SCHEMA = "emergency/1"


def sheet_id(exchange: UUID, person: UUID) -> UUID:
    """The id of a person's sheet in an exchange; phones make the same one."""
    return uuid5(exchange, str(person))


async def key_to_write(person: UUID) -> bytes:
    """The person's data key, made where there is none. Waits for the disk then, so call it before a transaction.

    Raises `NotFound` for who was erased.
    """
    try:
        return await keyring().make_key(person)
    except LookupError:
        raise NotFound from None


def close_sheet(key: bytes, person: UUID, sheet: UUID, version: int, content: SheetContent) -> bytes:
    return Seal(person, sheet, version, _SCHEMA).close(key, msgspec.json.encode(content))


def open_sheet(person: UUID, sheet: UUID, version: int, sealed: bytes) -> SheetContent | None:
    """What the sheet says; None where it was emptied, or its key is gone."""
    key = keyring().key_of(person)
    if key is None or not sealed:
        return None
    try:
        text = Seal(person, sheet, version, _SCHEMA).open(key, sealed)
    except SealBroken:
        # One sheet that was damaged must not close those of the others.
        log.error("seal_broken")
        return None
    return msgspec.json.decode(text, type=SheetContent)
