"""Opening and closing emergency sheets and what requests for help say: the one place where exchanges meet the vault."""

import logging
from uuid import UUID, uuid5

import msgspec

from yema.errors import NotFound
from yema.exchanges.schemas.care.emergency import SheetContent
from yema.vault import Seal, SealBroken, keyring

log = logging.getLogger("yema")

_SCHEMA = "emergency/1"
_HELP = "help/1"


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
    text = _open(Seal(person, sheet, version, _SCHEMA), sealed)
    return None if text is None else msgspec.json.decode(text, type=SheetContent)


def close_help(key: bytes, person: UUID, request: UUID, text: str) -> bytes:
    return Seal(person, request, 1, _HELP).close(key, text.encode())


def open_help(person: UUID, request: UUID, sealed: bytes) -> str | None:
    """What the request for help says; None where it says nothing, or its key is gone."""
    text = _open(Seal(person, request, 1, _HELP), sealed)
    return None if text is None else text.decode()


def _open(seal: Seal, sealed: bytes) -> bytes | None:
    key = keyring().key_of(seal.person)
    if key is None or not sealed:
        return None
    try:
        return seal.open(key, sealed)
    except SealBroken:
        # One thing that was damaged must not close the others.
        log.error("seal_broken")
        return None
