"""The URL that a browser has given, taken apart and looked at."""

from ipaddress import IPv6Network, ip_address
from typing import NamedTuple
from urllib.parse import urlsplit

LENGTH_MAX = 2000
SHORT_MAX = 3
"""Letters of what stands before a country where people get names below it: `co.uk`, `com.pl`."""

_KNOWN = ("fcm.googleapis.com", "jmt17.google.com", "updates.push.services.mozilla.com", "web.push.apple.com")
_KNOWN_UNDER = (".notify.windows.com", ".push.apple.com")


class BadEndpoint(ValueError):
    """Nothing is sent to such a URL."""


class Endpoint(NamedTuple):
    """`origin` is like `https://push.example`. `known`: the service of one of the big browsers, whose word of us counts.

    `domain` is what somebody may have for themselves, with all names below it.
    """

    url: str
    origin: str
    known: bool
    domain: str = ""


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
    domain = f"{host}:{port}" if _is_here(host) else domain_of(host)
    return Endpoint(url.partition("#")[0], origin, is_known(host), domain)


def is_known(host: str) -> bool:
    """Whether it is a push service of one of the big browsers."""
    return host in _KNOWN or host.endswith(_KNOWN_UNDER)


def domain_of(host: str) -> str:
    """`push.example` of `a.b.push.example`, `push.co.uk` of `a.push.co.uk`; of an address itself, of a new one its network.

    By the look of it: a list of all endings would be old soon, and who is taken for a neighbour only waits a little longer.
    """
    try:
        ip = ip_address(host)
    except ValueError:
        labels = host.split(".")
        short = len(labels[-1]) == 2 and len(labels[-2:][0]) <= SHORT_MAX
        return ".".join(labels[-3 if short else -2 :])
    return str(ip) if ip.version == 4 else str(IPv6Network((ip, 64), strict=False))


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
