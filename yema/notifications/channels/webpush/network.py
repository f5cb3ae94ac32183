"""Connecting to hosts that browsers name, and so anybody may: never to what lies inside our own network.

A name is resolved once, here, and the connection goes to the very address that was looked at; TLS still asks for the name's certificate.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpcore

Ip = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[str]]]
"""(host, port) -> addresses, best first. Raises OSError."""

TRIED_MAX = 3
_NAT64 = IPv6Network("64:ff9b::/96")


class Private(httpcore.ConnectError):
    """The host lies where no push service of others is."""


def is_public(ip: Ip) -> bool:
    """Whether it is an address of the public internet, also where one of the old family is written as one of the new."""
    if isinstance(ip, IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour
        if ip in _NAT64:  # RFC 6052: an IPv4 address in the last 32 bits
            inner = IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(inner)
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


async def by_the_system(host: str, port: int) -> list[str]:
    """The addresses of a host, by the system's resolver; it also reads `127.1` and the like."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(one[4][0]) for one in found))


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
        allowed = [ip for ip in found if self._private or is_public(ip_address(ip))]
        if found and not allowed:
            raise Private("A private address.")
        error: Exception = httpcore.ConnectError("No address.")
        for ip in allowed[:TRIED_MAX]:
            try:
                return await self._inner.connect_tcp(ip, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error
