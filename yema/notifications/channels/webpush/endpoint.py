"""The URL that a browser has given, taken apart and looked at."""

from ipaddress import ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

LENGTH_MAX = 2000

_KNOWN = ("fcm.googleapis.com", "jmt17.google.com", "updates.push.services.mozilla.com", "web.push.apple.com")
_KNOWN_UNDER = (".notify.windows.com", ".push.apple.com")


class BadEndpoint(ValueError):
    """Nothing is sent to such a URL."""


class Endpoint(NamedTuple):
    """`origin` is like `https://push.example`. `known`: the service of one of the big browsers, whose word of us counts."""

    url: str
    origin: str
    known: bool


def read_endpoint(url: str, *, private: bool) -> Endpoint:
    """Raises `BadEndpoint`. Only https; where push services may be `private`, also http to this very machine."""
    if len(url) > LENGTH_MAX or not url.isascii() or not url.isprintable() or any(one in url for one in ' \\"<>'):
        raise BadEndpoint
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise BadEndpoint from None
    plain = parts.scheme == "http" and private and _is_here(host)
    if not host or parts.username is not None or not (plain or parts.scheme == "https"):
        raise BadEndpoint
    bracketed = f"[{host}]" if ":" in host else host
    usual = port in (None, 80 if plain else 443)
    origin = f"{parts.scheme}://{bracketed}" + ("" if usual else f":{port}")
    return Endpoint(url.partition("#")[0], origin, host in _KNOWN or host.endswith(_KNOWN_UNDER))


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
