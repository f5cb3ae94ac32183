"""Pushes: the service account, the subject for browsers, and channels by which nothing goes."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from tests.doctor.conftest import examined
from tests.notifications.fcm_things import account
from yema.cli.doctor.stored import Broken, Stored, read_stored
from yema.ids import uuid7
from yema.settings import Settings

FIREBASE = "(project settings, service accounts)."
ENDED = "2026-11-01T08:00:00+00:00"


def with_device(data: Path, channel: str, *, gone_at: str | None = None, ended_at: str | None = None) -> None:
    """A device as an app registers it; only what the doctor looks at is true."""
    rows: dict[str, dict[str, Any]] = {
        "sign_in": {"ended_at": ended_at},
        "device": {"channel": channel, "gone_at": gone_at},
    }
    with closing(sqlite3.connect(data / "yema.sqlite")) as raw, raw:
        ids = {table: str(uuid7()) for table in rows}
        for table, known in rows.items():
            columns = [(row[1], row[3], row[2]) for row in raw.execute(f"PRAGMA table_info({table})")]
            filled = {name: 0 if "INT" in kind else str(uuid7()) for name, needed, kind in columns if needed}
            filled |= {"id": ids[table], **known} | ({"sign_in": ids["sign_in"]} if table == "device" else {})
            marks = ", ".join("?" * len(filled))
            raw.execute(f"INSERT INTO {table} ({', '.join(filled)}) VALUES ({marks})", list(filled.values()))


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"type": "authorized_user"}, f"is not that of a service account; download one in Firebase {FIREBASE}"),
        ({"project_id": None}, f"names no project_id; download it again in Firebase {FIREBASE}"),
        ({"private_key": "none"}, f"has a private key that cannot be read; make a new one in Firebase {FIREBASE}"),
    ],
)
def test_an_account_that_is_none_is_named(data: Path, tmp_path: Path, changes: dict[str, Any], fault: str) -> None:
    path = account(tmp_path, **changes)

    assert examined(data, YEMA_FCM_CREDENTIALS=str(path)) == [
        f"The service account file {path} (fcm_credentials) {fault}"
    ]


def test_a_good_account_is_no_fault_and_a_missing_one_is(data: Path, tmp_path: Path) -> None:
    good, missing = account(tmp_path), tmp_path / "none.json"

    assert [examined(data, YEMA_FCM_CREDENTIALS=str(path)) for path in (good, missing)] == [
        [],
        [f"The service account file {missing} (fcm_credentials) is missing; download it again in Firebase {FIREBASE}"],
    ]


def test_an_account_that_is_no_json_and_open_to_others_has_two_faults(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("{")
    path.chmod(0o644)

    assert examined(data, YEMA_FCM_CREDENTIALS=str(path)) == [
        f"The service account file {path} (fcm_credentials) is not JSON; download it again in Firebase {FIREBASE}",
        f"Others on this machine can read {path}: chmod 600 it.",
    ]


def with_delivery(data: Path, device: str, trouble: str | None, *, days: float = 0) -> None:
    """A delivery that was made so many days ago."""
    made_at = str(datetime.now(UTC) - timedelta(days=days))
    known = {"device": device, "trouble": trouble, "made_at": made_at, "state": "waiting", "urgent": 0}
    with closing(sqlite3.connect(data / "yema.sqlite")) as raw, raw:
        columns = [(row[1], row[3], row[2]) for row in raw.execute("PRAGMA table_info(delivery)")]
        filled = {name: 0 if "INT" in kind else str(uuid7()) for name, needed, kind in columns if needed} | known
        marks = ", ".join("?" * len(filled))
        raw.execute(f"INSERT INTO delivery ({', '.join(filled)}) VALUES ({marks})", list(filled.values()))


def test_iphones_that_firebase_has_no_key_for_are_counted(data: Path) -> None:
    for device, trouble, days in (
        ("one", "apns_credentials", 0.0),
        ("one", "apns_credentials", 0.9),
        ("two", "apns_credentials", 0.5),
        ("three", "apns_credentials", 1.1),
        ("four", "quota", 0.0),
        ("five", None, 0.0),
    ):
        with_delivery(data, device, trouble, days=days)

    assert examined(data) == [
        (
            "Firebase cannot push to iPhones (apns_credentials): 2 of them got nothing in the last day. "
            "Upload a key for APNs in Firebase (project settings, Cloud Messaging), for the app's own team and bundle."
        )
    ]


def test_devices_that_wait_for_pushes_are_counted(data: Path) -> None:
    for channel in ("fcm", "fcm", "webpush"):
        with_device(data, channel)
    with_device(data, "webpush", gone_at=ENDED)
    with_device(data, "fcm", ended_at=ENDED)

    assert examined(data) == [
        (
            "No service account is set (fcm_credentials): what would be pushed to apps is only a line in the log. "
            "Apps that wait for it: 2."
        ),
        (
            "No vapid_subject is set: what would be pushed to browsers is only a line in the log. "
            "Set it to mailto: and an address at which push services can reach you. Browsers that wait: 1."
        ),
    ]


LOCAL = "name an address that can be reached from elsewhere, else Apple refuses us."


@pytest.mark.parametrize(
    ("subject", "fault"),
    [
        ("mailto:us@yema.example", ""),
        ("https://yema.example/contact", ""),
        ("us@yema.example", "it has to begin with mailto: or https://, else push services refuse us."),
        ("http://yema.example", "it has to begin with mailto: or https://, else push services refuse us."),
        ("mailto:us@localhost", LOCAL),
        ("https://localhost", LOCAL),
        ("https://127.0.0.1/", LOCAL),
    ],
)
def test_a_subject_that_push_services_refuse_is_named(data: Path, subject: str, fault: str) -> None:
    expected = [f"vapid_subject is {subject}; {fault}"] if fault else []

    assert examined(data, YEMA_VAPID_SUBJECT=subject) == expected


def test_a_channel_by_which_nothing_goes_is_named(data: Path) -> None:
    with closing(sqlite3.connect(data / "yema.sqlite")) as raw, raw:
        raw.executemany(
            "INSERT INTO notification_channel (id, channel, broken_since, trouble) VALUES (?, ?, ?, ?)",
            [
                (str(uuid7()), "fcm", "2026-11-21T17:03:00+00:00", "unauthenticated"),
                (str(uuid7()), "email", None, None),
            ],
        )

    assert examined(data) == [
        (
            "Nothing has gone out by fcm since 2026-11-21 17:03 UTC (unauthenticated). "
            "Look at fcm_credentials: the key may have been taken back, or belong to another project."
        )
    ]


@pytest.mark.postgres
async def test_postgres_is_asked_too(settings: Settings) -> None:
    since = datetime(2026, 11, 21, 17, 3, tzinfo=UTC)
    connection = await asyncpg.connect(settings.database_url)
    await connection.execute(
        "INSERT INTO notification_channel (id, channel, broken_since, trouble) VALUES ($1, 'fcm', $2, 'forbidden')",
        uuid7(),
        since,
    )
    await connection.close()

    assert await asyncio.to_thread(read_stored, settings) == Stored({}, [Broken("fcm", since, "forbidden")])


def test_a_postgres_that_does_not_answer_is_named(data: Path) -> None:
    assert examined(data, YEMA_DATABASE_URL="postgresql://nina:hunter2@127.0.0.1:1/yema") == [
        "The database cannot be asked (ConnectionRefusedError): look at database_url, and whether Postgres runs."
    ]
