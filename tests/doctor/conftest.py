"""A data folder, and the doctor who looks at it."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.demo.processes import Ended
from yema.cli import yema
from yema.cli.shared import Trouble

SOUND = {"YEMA_SMTP_URL": "smtp://nina:hunter2@mail.example:587", "YEMA_PUBLIC_URL": "https://yema.example"}
ATTENTION = "Something needs your attention.\n"


@pytest.fixture
def data(tmp_path: Path, sqlite_template: Path) -> Path:
    """A data folder that is up to date."""
    return shutil.copytree(sqlite_template.parent, tmp_path / "data")


def told(ended: Ended) -> list[str]:
    """The sentences; exit 1 and a last word where there are any, else all is well."""
    sentences = ended.out.splitlines()
    assert ended in (Ended(1, ended.out, ATTENTION), Ended(0, "All is well.\n", ""))
    return [] if ended.status == 0 else sentences


def examined(data: Path, *, offline: bool = True, **environment: str) -> list[str]:
    """What the doctor says of a house that has a mail server and an address."""
    arguments = ["doctor", *(["--offline"] if offline else []), "--data", str(data)]
    result = CliRunner().invoke(yema, arguments, env={**SOUND, **environment}, standalone_mode=False)
    if isinstance(result.exception, Trouble):
        return told(Ended(1, result.stdout, f"{result.exception}\n"))
    assert result.exception is None, result.exception
    return told(Ended(0, result.stdout, ""))
