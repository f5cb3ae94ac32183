"""`yema serve`: it ends when it is told to, and says in a sentence why it cannot begin."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.demo.conftest import Live
from tests.demo.processes import Ended, free_port, serving, yema
from yema.settings import SettingsError, load_with_origins

NOT_POSTGRES = "database_url is not like postgresql://user:password@host/name"


def serve(data: Path, **environment: str) -> Ended:
    """A server that is expected not to begin."""
    return yema("serve", "--port", str(free_port()), "--data", data, **environment)


def test_sigterm_ends_it_with_0(tmp_path: Path) -> None:
    with serving(tmp_path) as server:
        assert server.stop() == 0


def test_it_makes_its_folder_for_nobody_else(tmp_path: Path) -> None:
    with serving(tmp_path / "new"):
        assert oct((tmp_path / "new").stat().st_mode)[-3:] == "700"


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port: int = other.getsockname()[1]
        yield port


def test_a_port_that_is_taken_is_refused(tmp_path: Path, taken_port: int) -> None:
    ended = yema("serve", "--port", str(taken_port), "--data", tmp_path)

    sentence = f"Cannot listen on 127.0.0.1 port {taken_port} (Address already in use)."
    assert ended == Ended(1, "", f"{sentence} Name another with --port or --host.\n")


def test_a_folder_that_is_in_use_is_refused(live: Live) -> None:
    assert serve(live.data) == Ended(1, "", f"Another server is already using {live.data}.\n")


@pytest.mark.parametrize("command", [["serve"], ["config", "show"], ["demo"]])
def test_a_folder_that_cannot_be_opened_is_said_in_a_sentence(tmp_path: Path, command: list[str]) -> None:
    (tmp_path / "file").touch()

    ended = yema(*command, "--data", tmp_path / "file")

    assert ended == Ended(1, "", f"{tmp_path}/file/yema.toml cannot be read (Not a directory).\n")


def test_a_database_that_is_none_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "yema.sqlite").write_text("not a database" * 100)

    ended = serve(tmp_path)

    why = "(DatabaseError: file is not a database)"
    assert ended == Ended(1, "", f"The data folder or the database cannot be opened or brought up to date {why}.\n")


@pytest.mark.parametrize(
    ("toml", "why"),
    [
        ("port = 'x'", "Expected `int`, got `str` - at `$.port`"),
        ("port = 70000", "Expected `int` <= 65535 - at `$.port`"),
        ("database_url = 'mysql://nina:hunter2@db'", NOT_POSTGRES),
        ("database_url = 'postgresql://nina:hunter2@db:five/name'", NOT_POSTGRES),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(tmp_path: Path, toml: str, why: str) -> None:
    (tmp_path / "yema.toml").write_text(toml)

    with pytest.raises(SettingsError) as refused:
        load_with_origins(data=tmp_path)

    assert str(refused.value) == f"A setting cannot be used: {why}. See `yema config show --origin`."


def test_an_unknown_setting_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "yema.toml").write_text("prot = 1")

    ended = yema("serve", "--data", tmp_path)

    why = "Object contains unknown field `prot`"
    assert ended == Ended(1, "", f"A setting cannot be used: {why}. See `yema config show --origin`.\n")


def test_a_file_that_is_no_toml_is_said_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "yema.toml").write_text("port =")

    ended = yema("serve", "--data", tmp_path)

    assert ended == Ended(1, "", f"{tmp_path}/yema.toml is not valid TOML: Invalid value (at end of document).\n")


def test_a_postgres_that_does_not_answer_is_said_in_a_sentence_without_the_password(tmp_path: Path) -> None:
    ended = serve(tmp_path, YEMA_DATABASE_URL=f"postgresql://nina:hunter2@127.0.0.1:{free_port()}/yema")

    assert (ended.status, ended.err.count("\n"), "Traceback" in ended.err, "hunter2" in ended.err) == (
        1,
        1,
        False,
        False,
    )


@pytest.fixture
def used(tmp_path: Path, sqlite_template: Path) -> Path:
    """A data folder in which a server has run."""
    return shutil.copytree(sqlite_template.parent, tmp_path / "used")


@pytest.mark.parametrize("command", [["serve"], ["token", "nina@example.org"]])
def test_without_the_key_to_its_journals_it_does_not_begin(used: Path, command: list[str]) -> None:
    (used / "keys" / "journals.key").unlink()

    ended = yema(*command, "--data", used)

    sentence = f"{used}/keys/journals.key is missing, and {used} holds journals: put the key back first.\n"
    assert (ended, (used / "keys" / "journals.key").exists()) == (Ended(1, "", sentence), False)
