"""One struct with everything that can be set: `yema.toml` < `YEMA_*` < flags. Read once, at the start.

`yema.toml` lies in the data folder. Every field may be given there under its own name, and as `YEMA_` with the name in capitals.
"""

import os
import re
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

import msgspec

_MEDIA_URL = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w.-]+)*/?", re.ASCII)
_ENDPOINT = re.compile(r"https?://[\w.-]+(:\d{1,5})?/?", re.ASCII)
_PUBLIC_URL = re.compile(r"https?://([\w.-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(/[\w.~-]+)*/?", re.ASCII)

Origin = Literal["default", "yema.toml", "environment", "flag"]


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How this house is run. Paths are absolute or relative to where the command was started."""

    data: Path = Path("yema-data")
    """The data folder: keys, database, keyring, mails."""
    database_url: str = ""
    """`postgresql://user:password@host/name`; without it, SQLite in the data folder."""
    host: str = "127.0.0.1"
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 8000
    public_url: str = ""
    """`https://…`, the address under which phones reach this server, for links; without it, the one at which a request came."""
    keys: Path | None = None
    """Where the keys lie, when not in the data folder (`keys/`)."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    mail_from: str = "yema@localhost"
    smtp_url: str = ""
    """`smtp://user:password@host:587` or `smtps://…`; without it, mails are files in the data folder."""
    trusted_proxies: list[str] = []
    """Addresses of proxies whose `X-Forwarded-For` is believed."""
    media_url: str = ""
    """`s3://bucket` or `s3://bucket/prefix`; without it, pictures, papers and sounds lie in the data folder."""
    media_s3_endpoint: str = ""
    """`https://…` of a service that is not Amazon's."""
    media_s3_region: str = "us-east-1"
    media_s3_key: str = ""
    media_s3_secret: str = ""
    fcm_url: str = ""
    """`http://127.0.0.1:…` of a push service for tests; without it, Google's."""
    fcm_credentials: str = ""
    """A service account's JSON file; without it, what would be pushed to apps is a line in the log."""
    vapid_subject: str = ""
    """`mailto:` or `https://…` of whom push services of browsers can reach; without it, what would be pushed there is a line in the log."""
    push_to_private: bool = False
    """Whether browsers may name push services in private networks (a UnifiedPush server at home)."""

    @property
    def keys_folder(self) -> Path:
        return self.keys or self.data / "keys"

    @property
    def is_demo(self) -> bool:
        """Whether the data folder was filled by `yema demo`; such a folder is no place for real people."""
        return (self.data / "demo").exists()


class SettingsError(Exception):
    """A sentence for the operator."""


def load_settings(**flags: Any) -> Settings:
    """The settings of this process; see `load_with_origins`."""
    return load_with_origins(**flags)[0]


def load_with_origins(**flags: Any) -> tuple[Settings, dict[str, Origin]]:
    """The settings and where each came from. Raises `SettingsError` with a sentence that says what to change."""
    names = Settings.__struct_fields__
    given = {name: value for name, value in flags.items() if value is not None}
    environment = {name: os.environ[key] for name in names if (key := f"YEMA_{name.upper()}") in os.environ}
    folder = Path(given.get("data") or environment.get("data") or Settings().data)
    file = _read_toml(folder / "yema.toml")
    merged = {**file, **environment, **{k: str(v) if isinstance(v, Path) else v for k, v in given.items()}}
    if isinstance(merged.get("trusted_proxies"), str):
        merged["trusted_proxies"] = [p.strip() for p in merged["trusted_proxies"].split(",") if p.strip()]
    try:
        settings = msgspec.convert({**merged, "data": str(folder)}, Settings, strict=False, dec_hook=_as_path)
    except msgspec.ValidationError as error:
        raise _unusable(str(error)) from None
    if settings.database_url and not _names_postgres(settings.database_url):
        raise _unusable("database_url is not like postgresql://user:password@host/name")
    if settings.public_url and not _PUBLIC_URL.fullmatch(settings.public_url):
        raise _unusable("public_url is not like https://yema.example.org")
    if fault := _media_fault(settings):
        raise _unusable(fault)
    layers: list[tuple[Origin, dict[str, Any]]] = [("yema.toml", file), ("environment", environment), ("flag", given)]
    origins: dict[str, Origin] = dict.fromkeys(names, "default")
    for origin, layer in layers:
        origins |= dict.fromkeys(layer, origin)
    return settings, origins


def _unusable(why: str) -> SettingsError:
    return SettingsError(f"A setting cannot be used: {why}. See `yema config show --origin`.")


def _names_postgres(url: str) -> bool:
    try:
        return urlsplit(url).scheme in ("postgresql", "postgres") and urlsplit(url).port != 0
    except ValueError:  # the port is none
        return False


def _media_fault(settings: Settings) -> str:
    """What is wrong with where media are to lie; "" where nothing is."""
    if settings.media_url and not _MEDIA_URL.fullmatch(settings.media_url):
        return "media_url is not like s3://bucket/prefix"
    if settings.media_s3_endpoint and not _ENDPOINT.fullmatch(settings.media_s3_endpoint):
        return "media_s3_endpoint is not like https://host:port"
    if bool(settings.media_s3_key) != bool(settings.media_s3_secret):
        return "media_s3_key and media_s3_secret go together, and one of them is missing"
    if settings.media_url and find_spec("obstore") is None:
        return "media_url names a bucket, which needs the extra s3 (pip install 'yema[s3]')"
    return ""


def _as_path(kind: type, value: Any) -> Any:
    return Path(value) if kind is Path else value


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{path} cannot be read ({error.strerror}).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}.") from None
