"""A server on this machine that speaks S3, and a bucket in it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from yema.settings import Settings

NAME = "yema-pictures"


@contextmanager
def bucket_server() -> Iterator[str]:
    """Its address; the bucket is in it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _make_bucket(url)
        yield url
    finally:
        server.kill()
        server.wait()


def _make_bucket(url: str) -> None:
    for _ in range(200):
        try:
            httpx.put(f"{url}/{NAME}").raise_for_status()
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("The bucket's server did not start.")


def in_bucket(data: Path, url: str, prefix: str) -> Settings:
    """Settings of a house whose media lie there."""
    return Settings(
        data=data,
        media_url=f"s3://{NAME}/{prefix}",
        media_s3_endpoint=url,
        media_s3_key="key",
        media_s3_secret="made-up",
    )
