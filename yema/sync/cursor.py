"""The cursor: what a phone knows, in a form that it can only keep and give back.

Everything is a varint (LEB128): the format, `kinds_version`, what the wording and the diary depended on, the round of paging; the distinct
epochs; then for each space its id, its epoch's place in that list, the membership's epoch and the number up to which everything is known;
while paging also the ceiling of the round, up to where things were known before, and which kinds are sent again. Twelve bytes of a
MAC over that and the person stand at the end: a phone of somebody else cannot use it.
"""

import base64
import binascii
import hashlib
import hmac
from typing import NamedTuple
from uuid import UUID

from msgspec import Struct

from yema.sync.errors import BadCursor
from yema.vault import derive

FORMAT = 1
MAC_BYTES = 12


class Terms(NamedTuple):
    """What an answer depends on beside the changes: the kinds that the phone knows, its languages, how far the diary is open."""

    kinds: int
    wording: int
    diary: int


class Mark(Struct):
    """Where a phone stands in a space: it has everything up to `seq`.

    While paging, `seq` walks up to `ceiling`. Tombstones up to `known` are passed over, and so are things up to `shown`, but for the
    kinds that are sent `again` (a bit set, see `pull`).
    """

    epoch: int
    joined: int
    seq: int
    ceiling: int = 0
    known: int = 0
    shown: int = 0
    again: int = 0


class Cursor(Struct):
    """What a phone knows. `round` counts the rounds while paging, 0 when the last page was complete.

    `learned` is the `kinds_version` that the phone had before this paging began.
    """

    terms: Terms
    marks: dict[int, Mark]
    round: int = 0
    learned: int = 0

    def text(self, person: UUID) -> str:
        """As the phone keeps it."""
        raw = bytearray()
        epochs = sorted({mark.epoch for mark in self.marks.values()})
        for number in (FORMAT, *self.terms, self.round, self.learned, len(epochs), *epochs):
            _put(raw, number)
        for space in sorted(self.marks):
            mark = self.marks[space]
            for number in (space, epochs.index(mark.epoch), mark.joined, mark.seq):
                _put(raw, number)
            if self.round:
                for number in (mark.ceiling, mark.known, mark.shown, mark.again):
                    _put(raw, number)
        return _spelled(bytes(raw) + _mac(person, bytes(raw)))

    @classmethod
    def read(cls, text: str, person: UUID) -> "Cursor":
        """Raises `BadCursor` for what this server did not make for this person."""
        try:
            signed = base64.b64decode(text + "=" * (-len(text) % 4), b"-_", validate=True)
        except (binascii.Error, ValueError):
            raise BadCursor from None
        raw, mac = signed[:-MAC_BYTES], signed[-MAC_BYTES:]
        # Base64 has more than one spelling for the same bytes; only ours is good.
        if not hmac.compare_digest(mac, _mac(person, raw)) or _spelled(signed) != text:
            raise BadCursor
        numbers = _numbers(raw)
        if numbers[0] != FORMAT:
            raise BadCursor
        turn, learned, count = numbers[4:7]
        epochs, rest = numbers[7 : 7 + count], numbers[7 + count :]
        width = 8 if turn else 4
        marks = {}
        for start in range(0, len(rest), width):
            space, epoch, *mark = rest[start : start + width]
            marks[space] = Mark(epochs[epoch], *mark)
        return cls(Terms(*numbers[1:4]), marks, turn, learned)


def short_hash(*parts: object) -> int:
    """Three bytes that tell one set of terms from another: unequal ones are taken for equal once in 16 million."""
    return int.from_bytes(hashlib.blake2b(repr(parts).encode(), digest_size=3).digest())


def _mac(person: UUID, raw: bytes) -> bytes:
    return derive("cursor", person.bytes, raw)[:MAC_BYTES]


def _spelled(signed: bytes) -> str:
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def _put(raw: bytearray, number: int) -> None:
    while number > 0x7F:
        raw.append(number & 0x7F | 0x80)
        number >>= 7
    raw.append(number)


def _numbers(raw: bytes) -> list[int]:
    numbers, number, shift = [], 0, 0
    for byte in raw:
        number |= (byte & 0x7F) << shift
        if byte & 0x80:
            shift += 7
        else:
            numbers.append(number)
            number, shift = 0, 0
    return numbers
