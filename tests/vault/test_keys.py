"""The keys of a house: made once, for their owner only, and what is derived from them."""

from pathlib import Path

import pytest

from yema.settings import Settings
from yema.vault import derive, digest, keys, open_keys


def test_keys_are_files_for_their_owner_only(tmp_path: Path) -> None:
    open_keys(Settings(data=tmp_path))

    folder = tmp_path / "keys"
    modes = {path.name: oct(path.stat().st_mode & 0o777) for path in folder.iterdir()}

    assert modes == {"server.key": "0o600", "journals.key": "0o600"}
    assert oct(folder.stat().st_mode & 0o777) == "0o700"


def test_keys_are_made_once(tmp_path: Path) -> None:
    first = open_keys(Settings(data=tmp_path))

    assert open_keys(Settings(data=tmp_path)) == first
    assert keys() == first


def test_two_houses_share_no_key(tmp_path: Path) -> None:
    first, second = [open_keys(Settings(data=tmp_path / name)) for name in ("a", "b")]

    assert len({*first, *second}) == 4


def test_keys_may_lie_outside_the_data_folder(tmp_path: Path) -> None:
    open_keys(Settings(data=tmp_path / "data", keys=tmp_path / "safe"))

    assert ((tmp_path / "safe" / "server.key").exists(), (tmp_path / "data").exists()) == (True, False)


def test_a_key_of_the_wrong_length_is_refused_with_its_place(tmp_path: Path) -> None:
    open_keys(Settings(data=tmp_path))
    broken = tmp_path / "keys" / "journals.key"
    broken.write_bytes(b"short")

    with pytest.raises(RuntimeError) as refused:
        open_keys(Settings(data=tmp_path))

    assert str(refused.value) == f"{broken} is not a key of 32 bytes."
    assert broken.read_bytes() == b"short"


def test_what_is_derived_differs_by_purpose_house_and_secret(tmp_path: Path) -> None:
    open_keys(Settings(data=tmp_path / "a"))
    found = [digest("access", "x"), digest("refresh", "x"), digest("access", "y"), digest("access", b"x")]
    open_keys(Settings(data=tmp_path / "b"))
    found.append(digest("access", "x"))

    assert found[0] == found[3]
    assert len(set(found)) == 4


def test_parts_keep_their_places(tmp_path: Path) -> None:
    open_keys(Settings(data=tmp_path))

    assert derive("x", b"ab", b"c") != derive("x", b"a", b"bc")
