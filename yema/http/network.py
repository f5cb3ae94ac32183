"""Where a request comes from, for the throttle only; never stored or logged as it is."""

from ipaddress import ip_address
from typing import Any

from litestar import Request


def network_of(request: Request[Any, Any, Any]) -> str:
    """The caller's address, an IPv6 one by its /64. `X-Forwarded-For` is believed only from proxies that the settings name."""
    client = request.scope.get("client")
    address = _plain(client[0]) if client else ""
    trusted = request.app.state.settings.trusted_proxies
    if address in trusted:
        hops = [_plain(hop.strip()) for line in _forwarded(request) for hop in line.split(",") if hop.strip()]
        address = next((hop for hop in reversed(hops) if hop not in trusted), address)
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    return address if parsed.version == 4 else str(int(parsed) >> 64)


def _forwarded(request: Request[Any, Any, Any]) -> list[str]:
    """All lines of the header: the last hop is the one that our own proxy wrote."""
    return [value.decode("latin-1") for key, value in request.scope["headers"] if key == b"x-forwarded-for"]


def _plain(address: str) -> str:
    """The address without a port, and an IPv4 one that came through a socket for both kinds as itself."""
    bare = address.partition("]")[0].removeprefix("[") if address.startswith("[") else address
    if bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        parsed = ip_address(bare)
    except ValueError:
        return bare
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
