"""Compressing answers: thoroughly for bytes that are kept, quickly for those that are sent once."""

import gzip

import brotli
import zstandard

from yema.http.headers import Encoding

SMALLEST = 400
"""Bytes below which compressing saves less than its header costs."""


def compress(content: bytes, encoding: Encoding, *, kept: bool) -> bytes:
    """The content in that encoding; `kept` bytes are compressed once and sent often."""
    if encoding == "br":
        return brotli.compress(content, quality=6 if kept else 2)  # type: ignore[no-any-return]
    if encoding == "zstd":
        return zstandard.compress(content, 12 if kept else 3)
    if encoding == "gzip":
        return gzip.compress(content, 7 if kept else 3, mtime=0)
    return content
