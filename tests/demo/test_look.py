"""The commands that only look, and the ones for packs and migrations."""

import asyncio
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from tests import make
from tests.demo.processes import ROOT, Ended, command, surroundings, yema
from yema.house import open_house
from yema.settings import Settings, load_with_origins

PACK = ROOT / "fixtures" / "packs" / "first-days"
SMTP = "smtp://nina:hunter2@mail.example:587"


@pytest.fixture
def data(tmp_path: Path, sqlite_template: Path) -> Path:
    """A data folder that is up to date."""
    return shutil.copytree(sqlite_template.parent, tmp_path / "data")


def test_settings_are_shown_with_their_origin_and_without_passwords(tmp_path: Path) -> None:
    (tmp_path / "yema.toml").write_text('port = 1111\nlog_level = "warning"\nmail_from = "yema@example.org"\n')

    ended = yema(
        "config", "show", "--origin", "--data", tmp_path, YEMA_PORT="2222", YEMA_SMTP_URL=SMTP, YEMA_DATA="elsewhere"
    )

    assert ended == Ended(
        0,
        f"data = {tmp_path}  # flag\n"
        "database_url =   # default\n"
        "host = 127.0.0.1  # default\n"
        "port = 2222  # environment\n"
        "public_url =   # default\n"
        "keys = None  # default\n"
        "log_level = warning  # yema.toml\n"
        "mail_from = yema@example.org  # yema.toml\n"
        "smtp_url = (set)  # environment\n"
        "trusted_proxies = []  # default\n"
        "media_url =   # default\n"
        "media_s3_endpoint =   # default\n"
        "media_s3_region = us-east-1  # default\n"
        "media_s3_key =   # default\n"
        "media_s3_secret =   # default\n"
        "fcm_url =   # default\n"
        "fcm_credentials =   # default\n"
        "vapid_subject =   # default\n"
        "push_to_private = False  # default\n",
        "",
    )


def test_the_folder_comes_from_the_environment_where_no_flag_names_it(tmp_path: Path) -> None:
    ended = yema("config", "show", YEMA_DATA=str(tmp_path))

    assert ended.out.splitlines()[0] == f"data = {tmp_path}"


def test_a_flag_is_stronger_than_the_environment_and_that_than_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "yema.toml").write_text("port = 1111")
    found: list[Any] = []
    for port in (None, 3333):
        found.append(load_with_origins(data=tmp_path, port=port))
        monkeypatch.setenv("YEMA_PORT", "2222")
        found.append(load_with_origins(data=tmp_path, port=port))

    assert [(settings.port, origins["port"]) for settings, origins in found] == [
        (1111, "yema.toml"),
        (2222, "environment"),
        (3333, "flag"),
        (3333, "flag"),
    ]


def test_proxies_are_a_list_in_the_environment_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YEMA_TRUSTED_PROXIES", "192.0.2.1, 192.0.2.2")

    settings, _ = load_with_origins(data=tmp_path)

    assert settings.trusted_proxies == ["192.0.2.1", "192.0.2.2"]


def test_the_document_is_the_one_in_the_repository() -> None:
    assert yema("openapi") == Ended(0, (ROOT / "openapi.json").read_text("utf-8"), "")


def test_each_operation_has_its_route() -> None:
    lines = yema("routes").out.splitlines()

    assert [line.split() for line in lines if line.endswith(" readMe")] == [["GET", "/api/v1/me", "readMe"]]
    assert len(lines) == len({line.split()[2] for line in lines})


def test_migrating_says_so_each_time(tmp_path: Path) -> None:
    said = Ended(0, "The database is up to date.\n", "")

    assert [yema("migrate", "--data", tmp_path) for _ in range(2)] == [said, said]


def test_a_good_pack_is_described() -> None:
    said = "first-days: 10 activities in en, ar, de, es, fr, it, pl, uk.\n"

    assert yema("pack", "validate", PACK) == Ended(0, said, "")


@pytest.mark.parametrize("verb", ["validate", "import"])
def test_a_faulty_pack_is_refused(tmp_path: Path, verb: str) -> None:
    faulty = tmp_path / "pack"
    shutil.copytree(PACK, faulty)
    (faulty / "pack.yaml").unlink()

    where = ["--data", str(tmp_path / "data")] if verb == "import" else []
    ended = yema("pack", verb, faulty, *where)

    said = "pack.yaml: this file is missing; it stands at the top of the pack, in no folder\n"
    assert (ended, (tmp_path / "data").exists()) == (Ended(1, "", said), False)


def test_a_private_pack_that_is_brought_in_again_stays_private_until_it_is_opened(tmp_path: Path) -> None:
    organisation = asyncio.run(a_house_with_an_organisation(tmp_path))
    public = []
    for options in (["--private", "--organisation", str(organisation)], [], ["--public"], []):
        assert yema("pack", "import", PACK, *options, "--data", tmp_path).status == 0
        with closing(sqlite3.connect(tmp_path / "yema.sqlite")) as raw:
            public += [bool(row[0]) for row in raw.execute("SELECT public FROM pack")]

    assert public == [False, False, True, True]


async def a_house_with_an_organisation(data: Path) -> UUID:
    async with open_house(Settings(data=data)):
        return await make.organisation()


def test_python_dash_m_yema_says_its_version() -> None:
    from yema import __version__

    assert yema("--version") == Ended(0, f"yema, version {__version__}\n", "")


def test_a_reader_that_goes_away_early_is_no_fault() -> None:
    with subprocess.Popen(
        command("openapi"), env=surroundings({}), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()

        assert process.stderr.read() == ""
