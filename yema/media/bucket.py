"""The store in a bucket that speaks S3. Its library (obstore, the extra `s3`) is loaded where one is used, and nowhere else."""

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from yema.media.errors import BytesMissing, StoreUnreachable
from yema.media.store import CHUNK, NAME
from yema.settings import Settings

WAIT = timedelta(seconds=20)


class Bucket:
    """A `Store`."""

    def __init__(self, store: Any) -> None:
        self._store = store

    async def put(self, sha256: str, content: bytes) -> None:
        import obstore

        with _in_our_words():
            await obstore.put_async(self._store, sha256, content, use_multipart=False)

    async def size(self, sha256: str) -> int | None:
        import obstore

        try:
            with _in_our_words():
                return int((await obstore.head_async(self._store, sha256))["size"])
        except BytesMissing:
            return None

    async def stream(self, sha256: str, start: int, end: int) -> AsyncIterator[bytes]:
        import obstore

        if end <= start:
            return
        with _in_our_words():
            got = await obstore.get_async(self._store, sha256, options={"range": (start, end)})
        chunks = aiter(got.stream(CHUNK))
        while True:
            with _in_our_words():
                chunk = await anext(chunks, None)
            if chunk is None:
                return
            yield bytes(chunk)

    async def delete(self, sha256: str) -> None:
        import obstore

        try:
            with _in_our_words():
                await obstore.delete_async(self._store, sha256)
        except BytesMissing:
            return

    async def all_older_than(self, instant: datetime) -> AsyncIterator[str]:
        import obstore

        pages = aiter(obstore.list(self._store))
        while True:
            with _in_our_words():
                page = await anext(pages, None)
            if page is None:
                return
            for found in page:
                if found["last_modified"] < instant and NAME.fullmatch(found["path"]):
                    yield found["path"]


def open_bucket(settings: Settings) -> Bucket:
    """The bucket that the settings name; it is not asked yet."""
    from obstore.store import S3Store

    named = urlsplit(settings.media_url)
    config: dict[str, Any] = {
        "region": settings.media_s3_region,
        "access_key_id": settings.media_s3_key,
        "secret_access_key": settings.media_s3_secret,
    }
    if settings.media_s3_endpoint:
        config |= {"endpoint": settings.media_s3_endpoint, "virtual_hosted_style_request": False}
    if not settings.media_s3_key:
        config["skip_signature"] = True
    return Bucket(
        S3Store(
            named.netloc,
            prefix=named.path.strip("/") or None,
            client_options={"allow_http": settings.media_s3_endpoint.startswith("http://"), "timeout": WAIT},
            retry_config={"max_retries": 3, "retry_timeout": WAIT},
            **config,
        )
    )


@contextmanager
def _in_our_words() -> Iterator[None]:
    from obstore.exceptions import BaseError, NotFoundError

    try:
        yield
    except (NotFoundError, FileNotFoundError):
        raise BytesMissing from None
    except (BaseError, OSError):
        # Its own words may name the bucket and the key.
        raise StoreUnreachable(retry_after=5) from None
