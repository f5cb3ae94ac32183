"""Commands beside a running server: what they write counts at its next request, and its WAL is left to it."""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from tests.demo.conftest import Live, Walked
from tests.demo.processes import ROOT, Ended, serving, yema

PACK = ROOT / "fixtures" / "packs" / "first-days"


def token(live: Live) -> str:
    ended = yema("token", live.email, "--data", live.data)
    return ended.out.strip()


def test_a_token_counts_at_the_next_request(live: Live) -> None:
    me = live.server.get("/me", token(live))

    assert (me.status_code, me.json()["id"]) == (200, str(live.person))


def test_a_token_of_the_operator_opens_no_diary(live: Live) -> None:
    answer = live.server.get("/journal/entries", token(live))

    assert (answer.status_code, answer.json()["code"]) == (403, "diary_closed")


def test_the_person_sees_that_a_token_was_made(live: Live) -> None:
    before = len(live.server.get("/me/sign-ins", token(live)).json()["notices"])

    sign_ins = live.server.get("/me/sign-ins", token(live)).json()

    assert [n["kind"] for n in sign_ins["notices"]] == ["operator_token"] * (before + 1)


def test_a_token_in_a_demo_folder_opens_the_diary(walked: Walked) -> None:
    with serving(walked.data) as server:
        made = yema("token", "participant@demo.example", "--data", walked.data).out.strip()

        assert server.get("/journal/entries", made).status_code == 200


def test_json_has_all_that_a_sign_in_gives(live: Live) -> None:
    given = json.loads(yema("token", f" {live.email.upper()} ", "--json", "--data", live.data).out)

    renewed = {"refresh_token": given["refresh_token"], "rotation_id": "0123456789abcdef"}
    with live.server.client() as phone:
        answer = phone.post("/sign-in/refresh", json=renewed)
    assert (sorted(given), given["expires_in"], given["token_type"], answer.status_code) == (
        ["access_token", "expires_in", "refresh_token", "token_type"],
        3600,
        "Bearer",
        200,
    )


def test_nobody_has_an_unknown_address(live: Live) -> None:
    ended = yema("token", "nobody@example.org", "--data", live.data)

    assert ended == Ended(1, "", "Nobody has that e-mail address here.\n")


def test_a_folder_without_data_is_not_made(tmp_path: Path) -> None:
    ended = yema("token", "nina@example.org", "--data", tmp_path / "none")

    sentence = f"There is no YEMA data in {tmp_path}/none. Name the folder with --data.\n"
    assert (ended, (tmp_path / "none").exists()) == (Ended(1, "", sentence), False)


@contextmanager
def by_hand(data: Path) -> Iterator[sqlite3.Connection]:
    """A connection of our own, which never checkpoints."""
    with closing(sqlite3.connect(data / "yema.sqlite", isolation_level=None)) as raw:
        raw.execute("PRAGMA wal_autocheckpoint=0")
        yield raw


def fingerprint(data: Path) -> str:
    """The database without its WAL: only a checkpoint changes it."""
    return hashlib.sha256((data / "yema.sqlite").read_bytes()).hexdigest()


def fill_the_wal(raw: sqlite3.Connection) -> None:
    """More pages than after which SQLite checkpoints by itself."""
    raw.execute("CREATE TABLE ballast (bytes BLOB)")
    raw.execute(
        "WITH n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500)"
        " INSERT INTO ballast SELECT randomblob(4000) FROM n"
    )


def test_no_command_checkpoints_the_wal_of_the_server(live: Live) -> None:
    with by_hand(live.data) as raw:
        fill_the_wal(raw)
    before = fingerprint(live.data)

    wrote = [
        yema("token", live.email, "--data", live.data).status,
        yema("pack", "import", PACK, "--data", live.data).status,
        yema("migrate", "--data", live.data).status,
    ]

    assert (wrote, fingerprint(live.data) == before) == ([0, 0, 0], True)


def test_a_database_that_stays_busy_is_said_in_a_sentence(live: Live) -> None:
    with by_hand(live.data) as raw:
        raw.execute("BEGIN IMMEDIATE")

        ended = yema("token", live.email, "--data", live.data)

    assert ended == Ended(1, "", "The server is busy. Please try again.\n")


def test_an_imported_pack_is_served_at_the_next_request(live: Live) -> None:
    versions = []
    for _ in range(2):
        *_, said = yema("pack", "import", PACK, "--data", live.data).out.splitlines()
        [pack] = live.server.get("/packs").json()["items"]
        versions.append((said, f"first-days: version {pack['version']} is published."))

    assert [said for said, _ in versions] == [served for _, served in versions]
