"""The service account's file."""

import ipaddress
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

TEXTS = ("client_email", "private_key", "token_uri")


class Unusable(Exception):
    """Why it cannot be used: a code, such as `credentials_key`, which says nothing of what stands in the file."""


class Account(NamedTuple):
    """What a service account's file says. `info` is all of it; `asks` is false where a made-up token will do."""

    project: str
    info: dict[str, Any]
    asks: bool


def read_account(path: Path, fcm_url: str = "") -> Account:
    """Read the file. Blocks. Raises `Unusable`.

    For a push service on loopback a made-up account is enough: unless its token endpoint is on loopback too, nobody is asked for a token.
    """
    info = _read(path)
    project = info.get("project_id")
    if info.get("type") != "service_account":
        raise Unusable("credentials_kind")
    if not isinstance(project, str) or not project:
        raise Unusable("credentials_project")
    asks = not on_loopback(fcm_url) or on_loopback(str(info.get("token_uri", "")))
    if asks:
        _check(info)
    return Account(project, info, asks)


def on_loopback(url: str) -> bool:
    """Whether the address names this machine itself."""
    try:
        host = urlsplit(url).hostname or ""
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _read(path: Path) -> dict[str, Any]:
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, Any])
    except FileNotFoundError:
        raise Unusable("credentials_missing") from None
    except OSError:
        raise Unusable("credentials_unreadable") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Unusable("credentials_json") from None


def _check(info: dict[str, Any]) -> None:
    if any(not isinstance(info.get(name), str) or not info[name] for name in TEXTS):
        raise Unusable("credentials_kind")
    try:
        key = load_pem_private_key(info["private_key"].encode(), None)
    except Exception:  # cryptography raises of many kinds for what is no key
        raise Unusable("credentials_key") from None
    if not isinstance(key, RSAPrivateKey):
        raise Unusable("credentials_key")
