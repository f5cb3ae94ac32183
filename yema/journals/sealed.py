"""Opening and closing what is written: the one place where journals meet the vault."""

import logging
from uuid import UUID

import msgspec

from yema.journals.errors import DiaryGone
from yema.journals.schemas import EntryContent
from yema.vault import Seal, SealBroken, keyring

log = logging.getLogger("yema")

_ENTRY = "entry/1"
_FEEDBACK = "feedback/1"


async def key_to_write(person: UUID) -> bytes:
    """The author's data key, made with their first line. Waits for the disk then, so call it before a transaction. Raises `DiaryGone`."""
    try:
        return await keyring().make_key(person)
    except LookupError:
        raise DiaryGone from None


def has_diary(person: UUID) -> bool:
    """Whether what this person wrote, if anything, can be read."""
    return keyring().key_of(person) is not None


def close_entry(key: bytes, person: UUID, entry: UUID, revision: int, content: EntryContent) -> bytes:
    return Seal(person, entry, revision, _ENTRY).close(key, msgspec.json.encode(content))


def open_entry(person: UUID, entry: UUID, revision: int, sealed: bytes) -> EntryContent:
    """Raises `DiaryGone`."""
    return msgspec.json.decode(_open(Seal(person, entry, revision, _ENTRY), sealed), type=EntryContent)


def close_feedback(author: UUID, feedback: UUID, text: str) -> bytes:
    return Seal(author, feedback, 1, _FEEDBACK).close(_key(author), text.encode())


def open_feedback(author: UUID, feedback: UUID, sealed: bytes) -> str:
    return _open(Seal(author, feedback, 1, _FEEDBACK), sealed).decode()


def _open(seal: Seal, sealed: bytes) -> bytes:
    try:
        return seal.open(_key(seal.person), sealed)
    except SealBroken:
        # One page that was damaged, or sealed with a key that is lost, must not close all the others.
        log.error("seal_broken")
        raise DiaryGone from None


def _key(person: UUID) -> bytes:
    key = keyring().key_of(person)
    if key is None:
        raise DiaryGone
    return key
