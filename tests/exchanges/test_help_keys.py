"""Calls for help need the keyring as diaries do: nothing goes on without it where somebody has asked."""

from pathlib import Path

import pytest

from tests import make
from yema.backup import back_up, restore
from yema.backup.file import BackupTrouble
from yema.exchanges.actions.care.help import ask_for_help
from yema.exchanges.schemas.care.help import HelpDraft
from yema.house import open_house
from yema.settings import Settings
from yema.vault import KeysMissing
from yema.vault.keys import KEYRING


async def with_call(settings: Settings) -> None:
    """A folder in which somebody has asked for help, and nobody has a diary."""
    async with open_house(settings):
        exchange = await make.exchange()
        membership = await make.membership(await make.participant(exchange), exchange)
        await ask_for_help(membership, HelpDraft(text="By the lake"))


async def test_a_new_keyring_is_not_made_beside_calls_for_help(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path)
    await with_call(settings)
    (tmp_path / KEYRING).unlink()

    with pytest.raises(KeysMissing):
        async with open_house(settings):
            pass


async def test_a_backup_whose_calls_would_stay_closed_is_not_put_back_unasked(tmp_path: Path) -> None:
    settings, file = Settings(data=tmp_path / "data"), tmp_path / "backup.zip"
    await with_call(settings)
    await back_up(settings, file)
    (settings.data / KEYRING).unlink()
    file.with_name(f"{file.name}.keyring").unlink()

    with pytest.raises(BackupTrouble, match="1 of the diaries"):
        await restore(settings, file)
