"""Connecting to hosts that browsers name, and so anybody may: never to what lies inside our own network.

A name is resolved once, here, and the connection goes to the very address that was looked at; TLS still asks for the name's certificate.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network

import httpcore

from yema.notifications.channels.webpush.endpoint import is_known

Ip = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]
"""(host, port) -> addresses, best first. Raises OSError."""

TRIED_MAX = 3
ASKED_MAX = 2
"""Names that are asked for at once, of big services and of others."""
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = 0x5EFE
_NOBODYS = [ip_network(one) for one in ("fec0::/10", "3fff::/20", "192.88.99.0/24", "168.63.129.16/32")]
"""RFC 3879, 9637 and 7526, which Python's tables do not have yet, and the host that each machine in Azure reaches at this address."""

_ELSEWHERE = IPv4Address("192.0.2.1")
"""RFC 5737: no machine's."""


class Private(httpcore.ConnectError):
    """The host lies where no push service of others is."""


def is_public(ip: Ip) -> bool:
    """Whether it is an address of the public internet, also where one of the old family is written as one of the new."""
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        last = IPv4Address(int(ip) & 0xFFFFFFFF)
        if ip in _NAT64:  # RFC 6052: an IPv4 address in the last 32 bits
            inner = last
        if inner is not None:
            return is_public(inner)
        if int(ip) >> 32 & 0xFDFFFFFF == _ISATAP and not is_public(last):  # RFC 5214: the same, under any prefix
            return False
    if any(ip in one for one in _NOBODYS):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_ours(ip: Ip) -> bool:
    """Whether this very machine has the address: what listens on all of its addresses may be meant for nobody outside."""
    return _binds(ip) and not _binds(_ELSEWHERE)  # a machine that may bind any address says nothing by it


def _binds(ip: Ip) -> bool:
    family = socket.AF_INET6 if isinstance(ip, IPv6Address) else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as tried:
            tried.bind((str(ip), 0))
    except OSError:
        return False
    return True


class BySystem:
    """The addresses of a host, by the system's resolver; it also reads `127.1` and the like.

    It cannot be called back, and may wait for half a minute for a name server that somebody has set up to say nothing. So it has threads
    of its own, and strangers never have those of the big services.
    """

    def __init__(self) -> None:
        self._known, self._strangers = ThreadPoolExecutor(ASKED_MAX, "names"), ThreadPoolExecutor(ASKED_MAX, "names")

    async def __call__(self, host: str, port: int) -> list[str]:
        threads = self._known if is_known(host.rstrip(".")) else self._strangers
        asking = asyncio.get_running_loop().run_in_executor(threads, _addresses, host, port)
        return await asking

    def close(self) -> None:
        for threads in (self._known, self._strangers):
            threads.shutdown(wait=False, cancel_futures=True)


def _is_elsewhere(ip: Ip) -> bool:
    return is_public(ip) and not is_ours(ip)


def _addresses(host: str, port: int) -> list[str]:
    return list(dict.fromkeys(str(one[4][0]) for one in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)))


class Outwards(httpcore.AsyncNetworkBackend):
    """Connects only to public addresses; to any where `private` is set."""

    def __init__(self, *, private: bool, resolve: Resolve) -> None:
        self._private, self._resolve, self._inner = private, resolve, httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore calls it so
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises `Private`, or what httpcore raises."""
        try:
            found = await self._resolve(host, port)
        except (OSError, UnicodeError):
            raise httpcore.ConnectError("No such host.") from None
        allowed = [ip for ip in found if self._private or _is_elsewhere(ip_address(ip))]
        if found and not allowed:
            raise Private("A private address.")
        error: Exception = httpcore.ConnectError("No address.")
        for ip in allowed[:TRIED_MAX]:
            try:
                return await self._inner.connect_tcp(ip, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error
