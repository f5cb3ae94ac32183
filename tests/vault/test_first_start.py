"""What the first start makes, and what a later one refuses to make again."""

import stat
from pathlib import Path

import pytest

from yema.house import open_house
from yema.settings import Settings
from yema.vault import KeysMissing


@pytest.mark.parametrize("name", ["server.key", "journals.key"])
async def test_a_key_that_is_missing_beside_diaries_is_not_made_anew(tmp_path: Path, name: str) -> None:
    settings = Settings(data=tmp_path / "data")
    async with open_house(settings):
        pass
    (settings.keys_folder / name).unlink()

    with pytest.raises(KeysMissing, match=name):
        async with open_house(settings):
            pass

    assert not (settings.keys_folder / name).exists()


async def test_nobody_else_on_the_machine_can_read_what_is_made(tmp_path: Path) -> None:
    """Also where the folder was there before, and is open to all."""
    (tmp_path / "data").mkdir(mode=0o755)

    async with open_house(Settings(data=tmp_path / "data")):
        files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
        readable = [path.name for path in files if stat.S_IMODE(path.stat().st_mode) & 0o077]

    assert readable == []
