"""Opening and closing what is written: the one place where journals meet the vault."""

from uuid import UUID

import msgspec

from yema.journals.errors import DiaryGone
from yema.journals.schemas import EntryContent
from yema.vault import Seal, keyring

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
    """Raises `DiaryGone`, or `SealBroken` where the bytes are not what was sealed."""
    return msgspec.json.decode(Seal(person, entry, revision, _ENTRY).open(_key(person), sealed), type=EntryContent)


def close_feedback(author: UUID, feedback: UUID, text: str) -> bytes:
    return Seal(author, feedback, 1, _FEEDBACK).close(_key(author), text.encode())


def open_feedback(author: UUID, feedback: UUID, sealed: bytes) -> str:
    return Seal(author, feedback, 1, _FEEDBACK).open(_key(author), sealed).decode()


def _key(person: UUID) -> bytes:
    key = keyring().key_of(person)
    if key is None:
        raise DiaryGone
    return key
