"""Where a request comes from, for the throttle only; never stored or logged as it is."""

from ipaddress import ip_address
from typing import Any

from litestar import Request

from yema.http.headers import header


def network_of(request: Request[Any, Any, Any]) -> str:
    """The caller's address, an IPv6 one by its /64. `X-Forwarded-For` is believed only from proxies that the settings name."""
    client = request.scope.get("client")
    address = _plain(client[0]) if client else ""
    trusted = request.app.state.settings.trusted_proxies
    if address in trusted:
        hops = [
            _plain(hop.strip()) for hop in (header(request.scope, b"x-forwarded-for") or "").split(",") if hop.strip()
        ]
        address = next((hop for hop in reversed(hops) if hop not in trusted), address)
    try:
        parsed = ip_address(address)
    except ValueError:
        return address[:64]
    return address if parsed.version == 4 else str(int(parsed) >> 64)


def _plain(address: str) -> str:
    """An IPv4 address that a socket for both kinds shows as `::ffff:192.0.2.1`, as itself."""
    return address.removeprefix("::ffff:") if "." in address else address
