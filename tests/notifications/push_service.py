"""A push service on loopback, and the browsers that use it: they decrypt what came with keys of their own (RFC 8291, RFC 8188).

Written from the documents and not from `yema/`: nothing of the sender is imported.
"""

import asyncio
import hashlib
import hmac
import json
import os
import ssl
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from yema.notifications.channels import Address


class Reply(NamedTuple):
    """What the service answers. `drop`: it hangs up instead, `drop_after`: afterwards; `seconds`: it lets one wait."""

    status: int = 201
    headers: Mapping[str, str] = {}
    body: bytes = b""
    drop: bool = False
    drop_after: bool = False
    seconds: float = 0


class Pushed(NamedTuple):
    """A request as it came. `claims` and `key` are those of the note, whose signature was looked at."""

    path: str
    headers: dict[str, str]
    body: bytes
    claims: dict[str, Any]
    key: str


@dataclass
class Browser:
    """A subscription with its private keys."""

    endpoint: str
    private: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))

    @property
    def point(self) -> bytes:
        return self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    @property
    def address(self) -> Address:
        return Address("endpoint", self.endpoint, "web", b64(self.point), b64(self.auth))

    def opened(self, body: bytes) -> bytes:
        """The message without its padding. Raises where it is not for this browser."""
        salt, size, length = body[:16], int.from_bytes(body[16:20]), body[20]
        sender, record = body[21 : 21 + length], body[21 + length :]
        assert (size, length, len(body) <= 4096) == (4096, 65, True)
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.private.exchange(ec.ECDH(), theirs)
        secret = _hmac(_hmac(self.auth, shared), b"WebPush: info\0" + self.point + sender + b"\x01")
        random = _hmac(salt, secret)
        key = _hmac(random, b"Content-Encoding: aes128gcm\0\x01")[:16]
        nonce = _hmac(random, b"Content-Encoding: nonce\0\x01")[:12]
        opening = Cipher(algorithms.AES(key), modes.GCM(nonce, record[-16:])).decryptor()
        padded = (opening.update(record[:-16]) + opening.finalize()).rstrip(b"\0")
        assert padded[-1:] == b"\x02"  # the only record, and so the last
        return padded[:-1]


class PushService:
    """`answer` says what comes back for a request; it is asked after the note was looked at."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.pushed: list[Pushed] = []
        self.connections = 0
        self.answer: Callable[[Pushed], Reply] = lambda _: Reply()

    def browser(self) -> Browser:
        return Browser(f"{self.origin}/push/{uuid4().hex}")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                reply = await self._reply(head.decode(), reader)
                if reply.drop:
                    break
                lines = {"Content-Length": str(len(reply.body)), **reply.headers}
                text = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
                writer.write(f"HTTP/1.1 {reply.status} Said\r\n{text}\r\n".encode() + reply.body)
                await writer.drain()
                if reply.drop_after:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    async def _reply(self, head: str, reader: asyncio.StreamReader) -> Reply:
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        body = await reader.readexactly(int(headers["content-length"]))
        claims, key = read_note(headers["authorization"])
        assert first.startswith("POST /")
        assert claims["aud"] == self.origin
        pushed = Pushed(first.split()[1], headers, body, claims, key)
        self.pushed.append(pushed)
        reply = self.answer(pushed)
        await asyncio.sleep(reply.seconds)
        return reply


@asynccontextmanager
async def push_service(tls: ssl.SSLContext | None = None, name: str = "127.0.0.1") -> AsyncIterator[PushService]:
    """A service that runs meanwhile, at a port of its own; with `tls`, it goes by that name."""
    service = PushService("")
    server = await asyncio.start_server(service.serve, "127.0.0.1", 0, ssl=tls)
    port = server.sockets[0].getsockname()[1]
    service.origin = f"{'https' if tls else 'http'}://{name}:{port}"
    try:
        yield service
    finally:
        server.close()


def read_note(authorization: str) -> tuple[dict[str, Any], str]:
    """The claims of a VAPID note and the key that signed it (RFC 8292, 3). Raises where the signature is not that key's."""
    scheme, _, rest = authorization.partition(" ")
    given = dict(part.strip().split("=", 1) for part in rest.split(","))
    head, claims, signature = given["t"].split(".")
    raw = unb64(signature)
    assert (scheme, json.loads(unb64(head))["alg"], len(raw)) == ("vapid", "ES256", 64)
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), unb64(given["k"]))
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    return json.loads(unb64(claims)), given["k"]


def b64(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, hashlib.sha256)
