"""Service accounts, made up, and messages for the tests of FCM."""

import json
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from yema.ids import uuid7
from yema.notifications.channels import Address, Outgoing, Platform

PROJECT = "yema-of-the-tests"


def now() -> datetime:
    return datetime.now(UTC)


def in_an_hour() -> datetime:
    return now() + timedelta(hours=1)


@cache
def private_key() -> str:
    """One for all: making one takes a tenth of a second."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def account(folder: Path, **changes: Any) -> Path:
    """A service account's file as Google makes it, with these changes; None takes a field out."""
    info = {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": "1",
        "private_key": private_key(),
        "client_email": f"push@{PROJECT}.example",
        "client_id": "1",
        "token_uri": "https://oauth2.googleapis.com/token",
        **changes,
    }
    path = folder / "service-account.json"
    path.write_text(json.dumps({name: value for name, value in info.items() if value is not None}))
    path.chmod(0o600)
    return path


def outgoing(
    to: str,
    *,
    platform: Platform = "android",
    kind: Literal["token", "fid"] = "token",
    urgent: bool = False,
    locale: str = "pl",
    data: dict[str, str] | None = None,
) -> Outgoing:
    """A message to this address."""
    return Outgoing(
        delivery=uuid7(),
        address=Address(kind, to, platform),
        locale=locale,
        title="The plan has changed",
        body="Three changes on Tuesday",
        tag="t" * 32,
        data=data if data is not None else {"notification": str(uuid7()), "kind": "plan_changed"},
        urgent=urgent,
        expires_at=in_an_hour(),
    )
