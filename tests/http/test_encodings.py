"""The same bytes in every encoding."""

import gzip

import brotli
import httpx
import pytest
import zstandard

from tests import make
from tests.client import TestApp
from yema.http.encodings import compress
from yema.http.headers import Encoding, accepted_encoding

DECODE = {
    "identity": bytes,
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda content: zstandard.ZstdDecompressor().decompressobj().decompress(content),
}


async def _raw(client: httpx.AsyncClient, path: str, encoding: str) -> tuple[str, bytes]:
    async with client.stream("GET", path, headers={"accept-encoding": encoding}) as answer:
        content = b"".join([chunk async for chunk in answer.aiter_raw()])
        assert int(answer.headers["content-length"]) == len(content)
        return answer.headers.get("content-encoding", "identity"), content


@pytest.mark.parametrize("path", ["/activities", "/packs", "/openapi.json"])
async def test_every_encoding_decodes_to_the_same_bytes(app: TestApp, path: str) -> None:
    await make.small_pack()
    _, plain = await _raw(app.anybody, path, "identity")

    found = {name: await _raw(app.anybody, path, name) for name in DECODE}

    assert {name: encoding for name, (encoding, _) in found.items()} == {name: name for name in DECODE}
    assert {name: DECODE[name](content) == plain for name, (_, content) in found.items()} == dict.fromkeys(DECODE, True)


async def test_what_fits_a_packet_is_not_compressed(app: TestApp) -> None:
    person = await app.as_(await make.person())

    encoding, content = await _raw(person, "/me", "br")

    assert (encoding, content[:1]) == ("identity", b"{")


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        (None, "identity"),
        ("", "identity"),
        ("identity", "identity"),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("gzip, br, zstd", "br"),
        ("gzip, zstd", "zstd"),
        ("br;q=0, gzip", "gzip"),
        ("br;q=0.0, zstd; q=0.000, gzip;q=0.1", "gzip"),
        ("br; Q=0, gzip", "gzip"),
        ("*", "br"),
        ("*;q=0", "identity"),
        ("br;q=0, *", "zstd"),
        ("gzip;q=0, br;q=0, zstd;q=0", "identity"),
        ("deflate, compress", "identity"),
        (";;;,,,q=0", "identity"),
    ],
)
def test_the_smallest_encoding_that_is_taken_wins_and_zero_refuses(accept: str | None, encoding: str) -> None:
    assert accepted_encoding(accept) == encoding


@pytest.mark.parametrize("kept", [True, False])
@pytest.mark.parametrize("encoding", ["identity", "gzip", "br", "zstd"])
def test_compressed_bytes_are_the_same_each_time(encoding: Encoding, kept: bool) -> None:
    content = b"water " * 1000

    first, second = compress(content, encoding, kept=kept), compress(content, encoding, kept=kept)

    assert (first, DECODE[encoding](first)) == (second, content)
