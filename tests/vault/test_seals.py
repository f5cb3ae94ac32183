"""A seal opens for whom and what it was closed, and for nothing else."""

import os
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yema.vault import Seal, SealBroken
from yema.vault.sealing import NONCE_BYTES

KEYS = st.binary(min_size=32, max_size=32)
SCHEMAS = st.text(max_size=20)
SEALS = st.builds(Seal, st.uuids(), st.uuids(), st.integers(0, 2**53), SCHEMAS)
TAG_BYTES = 16


def opens(seal: Seal, key: bytes, sealed: bytes) -> bool:
    try:
        seal.open(key, sealed)
    except SealBroken:
        return False
    return True


@given(SEALS, KEYS, st.binary(max_size=2000))
def test_what_was_sealed_comes_out_again(seal: Seal, key: bytes, text: bytes) -> None:
    assert seal.open(key, seal.close(key, text)) == text


@given(SEALS, KEYS, st.binary(max_size=50), st.data())
def test_a_changed_byte_breaks_the_seal(seal: Seal, key: bytes, text: bytes, data: st.DataObject) -> None:
    sealed = bytearray(seal.close(key, text))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))

    assert not opens(seal, key, bytes(sealed))


@given(SEALS, KEYS, st.binary(max_size=50), st.data())
def test_a_piece_breaks_the_seal(seal: Seal, key: bytes, text: bytes, data: st.DataObject) -> None:
    sealed = seal.close(key, text)
    cut = data.draw(st.integers(0, len(sealed) - 1))

    assert (opens(seal, key, sealed[:cut]), opens(seal, key, sealed + b"\x00")) == (False, False)


@given(SEALS, SEALS, KEYS)
def test_another_person_thing_revision_or_schema_does_not_open_it(seal: Seal, other: Seal, key: bytes) -> None:
    sealed = seal.close(key, b"Dear diary")
    moved = [seal._replace(**{field: getattr(other, field)}) for field in Seal._fields]

    assert [one for one in moved if opens(one, key, sealed) != (one == seal)] == []


@given(SEALS, KEYS, KEYS)
def test_another_key_does_not_open_it(seal: Seal, key: bytes, other: bytes) -> None:
    assert opens(seal, other, seal.close(key, b"Dear diary")) == (key == other)


@pytest.mark.parametrize(
    "sealed", [b"", b"\x01", b"\x01" + b"\x00" * 8, b"\x01" + b"\x00" * 27, b"\x00" * 40, b"\x02" * 40]
)
def test_what_never_was_a_seal_is_a_broken_one(sealed: bytes) -> None:
    seal = Seal(UUID(int=1), UUID(int=2), 1, "entry/1")

    with pytest.raises(SealBroken):
        seal.open(os.urandom(32), sealed)


def test_sealing_the_same_twice_shows_nothing() -> None:
    seal, key = Seal(UUID(int=1), UUID(int=2), 1, "entry/1"), os.urandom(32)

    first, second = seal.close(key, b"Dear diary"), seal.close(key, b"Dear diary")

    assert first[1 : 1 + NONCE_BYTES] != second[1 : 1 + NONCE_BYTES]
    assert first[1 + NONCE_BYTES :] != second[1 + NONCE_BYTES :]


def test_the_sealed_text_is_not_the_text() -> None:
    sealed = Seal(UUID(int=1), UUID(int=2), 1, "entry/1").close(os.urandom(32), b"Dear diary")

    assert (sealed.count(b"diary"), len(sealed)) == (0, 1 + NONCE_BYTES + len(b"Dear diary") + TAG_BYTES)
