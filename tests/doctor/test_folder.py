"""The data folder: keys and database."""

from pathlib import Path

from tests.demo.processes import Ended, yema
from tests.doctor.conftest import ATTENTION, examined

NO_MAIL = "No SMTP server is set (smtp_url): mails with codes are only written to the data folder's mail/."


def test_the_doctor_finds_nothing(data: Path) -> None:
    assert examined(data) == []


def test_in_a_fresh_folder_only_mail_is_missed_and_the_command_ends_with_1(data: Path) -> None:
    assert yema("doctor", "--data", data) == Ended(1, f"{NO_MAIL}\n", ATTENTION)


def test_the_doctor_misses_the_folder(tmp_path: Path) -> None:
    assert examined(tmp_path / "none") == [f"There is no data folder at {tmp_path}/none; `yema serve` makes it."]


def test_the_doctor_misses_mail_and_a_key(data: Path) -> None:
    key = data / "keys" / "journals.key"
    key.unlink()

    assert examined(data, YEMA_SMTP_URL="") == [
        f"The key {key} is missing; without it nobody's journal opens. Restore it before you serve.",
        NO_MAIL,
    ]


def test_the_doctor_says_what_goes_with_the_server_key(data: Path) -> None:
    key = data / "keys" / "server.key"
    key.unlink()

    assert examined(data) == [
        f"The key {key} is missing; without it everybody has to sign in again. Restore it before you serve."
    ]


def test_the_doctor_finds_a_key_that_others_can_read(data: Path) -> None:
    key = data / "keys" / "journals.key"
    key.chmod(0o644)

    assert examined(data) == [f"Others on this machine can read {key}: chmod 600 it."]


def test_the_doctor_finds_a_demo(data: Path) -> None:
    (data / "demo").touch()

    assert examined(data) == [
        f"{data} is a demo folder: everybody can sign in as its people. Keep real people out of it."
    ]


def test_the_doctor_finds_a_file_that_is_no_database(data: Path) -> None:
    database = data / "yema.sqlite"
    database.write_text("not a database" * 100)

    assert examined(data) == [f"{database} is damaged (file is not a database); restore a backup."]


def test_the_doctor_finds_a_damaged_page(data: Path) -> None:
    database = data / "yema.sqlite"
    with database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xff" * 4096)

    said = examined(data)

    assert said[0].startswith(f"{database} is damaged (")


def test_the_doctor_reads_a_folder_with_any_name(data: Path) -> None:
    odd = data.with_name("what? 100% #1")
    data.rename(odd)

    assert examined(odd) == []


def test_the_doctor_leaves_a_folder_of_yesterday_as_it_is(data: Path) -> None:
    (data / "yema.sqlite").unlink()

    assert (examined(data), (data / "yema.sqlite").exists()) == ([], False)
