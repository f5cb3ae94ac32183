"""Emergency sheets need the keyring as diaries do: nothing goes on without it where somebody has one."""

from pathlib import Path

import pytest

from tests import make
from tests.exchanges.sheets_world import FULL
from yema.backup import back_up, restore
from yema.backup.file import BackupTrouble
from yema.exchanges.actions.care.emergency import take_sheet_back, write_sheet
from yema.exchanges.schemas.care.emergency import SheetDraft
from yema.house import open_house
from yema.settings import Settings
from yema.vault import KeysMissing
from yema.vault.keys import KEYRING


async def with_sheet(settings: Settings, *, taken_back: bool = False) -> None:
    """A folder in which somebody has an emergency sheet and no diary."""
    async with open_house(settings):
        exchange = await make.exchange()
        membership = await make.membership(await make.participant(exchange), exchange)
        await write_sheet(membership, membership.person, SheetDraft(diet=FULL["diet"]), 0)
        if taken_back:
            await take_sheet_back(membership)


async def test_a_new_keyring_is_not_made_beside_sheets(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    await with_sheet(settings)
    (tmp_path / KEYRING).unlink()

    with pytest.raises(KeysMissing):
        async with open_house(settings):
            pass

    assert not (tmp_path / KEYRING).exists()


async def test_where_all_were_taken_back_a_new_keyring_does_no_harm(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    await with_sheet(settings, taken_back=True)
    (tmp_path / KEYRING).unlink()

    async with open_house(settings):
        assert (tmp_path / KEYRING).exists()


async def test_a_backup_whose_sheets_would_stay_closed_is_not_put_back_unasked(tmp_path: Path) -> None:
    settings, file = Settings(data=tmp_path / "data"), tmp_path / "backup.zip"
    await with_sheet(settings)
    await back_up(settings, file)
    (settings.data / KEYRING).unlink()
    file.with_name(f"{file.name}.keyring").unlink()

    with pytest.raises(BackupTrouble, match="1 of the diaries"):
        await restore(settings, file)
