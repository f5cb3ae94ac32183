"""The one door: bytes for whoever has a signed link."""

import re
from typing import Annotated, Any

from litestar import Request, Router, get
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import FromPath, QueryParameter
from litestar.response.base import ASGIResponse
from litestar.response.streaming import ASGIStreamingResponse

from yema.errors import NotFound
from yema.http.conditional import is_fresh
from yema.http.headers import header
from yema.media.errors import RangeUnsatisfiable
from yema.media.links import Allowed, allowed
from yema.media.store import opened
from yema.shapes import NO_NUL

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})", re.ASCII)
_ENDS = {"image/webp": "webp", "audio/mpeg": "mp3", "application/pdf": "pdf"}
_SHOWN = ("image/", "audio/")
"""What a browser may show by itself. A PDF is saved: a viewer runs what is written in it."""

Asked = Annotated[str | None, QueryParameter(pattern=NO_NUL)]


@get(
    "/media/{sha256:str}",
    operation_id="readMedia",
    responses={
        200: ResponseSpec(bytes, description="The picture, paper or sound", media_type="*/*", generate_examples=False)
    },
)
async def read_media(
    request: Request[Any, Any, Any],
    sha256: FromPath[str],
    expires: Asked = None,
    type: Annotated[str | None, QueryParameter(name="type", pattern=NO_NUL)] = None,  # noqa: A002 - its name in the link
    signature: Asked = None,
) -> ASGIResponse:
    """The bytes of a picture, paper or sound, by a signed link, which works without a token until it expires.

    Links stand in what refers to media; a new one is had by asking for that again. `Range` gives a part (206).
    """
    link = allowed(sha256, type, expires, signature)
    store = opened().store
    size = await store.size(link.sha256)
    if size is None:
        raise NotFound
    headers = _headers(link)
    if is_fresh(header(request.scope, b"if-none-match"), headers["etag"]):
        return ASGIResponse(status_code=304, headers=headers, media_type=link.content_type, body=b"")
    start, end = wanted_range(request, size, headers["etag"]) or (0, size)
    partial = (start, end) != (0, size)
    if partial:
        headers["content-range"] = f"bytes {start}-{end - 1}/{size}"
    return ASGIStreamingResponse(
        iterator=store.stream(link.sha256, start, end),
        headers={**headers, "content-length": str(end - start)},
        media_type=link.content_type,
        status_code=206 if partial else 200,
    )


def _headers(link: Allowed) -> dict[str, str]:
    shown = "inline" if link.content_type.startswith(_SHOWN) else "attachment"
    name = f"{link.sha256[:12]}.{_ENDS.get(link.content_type, 'bin')}"
    return {
        "accept-ranges": "bytes",
        "cache-control": f"private, max-age={link.seconds}, immutable",
        "content-disposition": f'{shown}; filename="{name}"',
        "content-security-policy": "default-src 'none'; sandbox",
        "etag": f'"{link.sha256}"',
        "x-content-type-options": "nosniff",
    }


def wanted_range(request: Request[Any, Any, Any], size: int, etag: str) -> tuple[int, int] | None:
    """The one range that was asked for, its end not included (RFC 9110, 14). Several, or what is no range, mean all of it.

    Raises `RangeUnsatisfiable` where it begins behind the end.
    """
    if header(request.scope, b"if-range") not in (None, etag):
        return None
    match = _RANGE.fullmatch((header(request.scope, b"range") or "").strip())
    if match is None or match[0] == "bytes=-":
        return None
    first, last = match.groups()
    start, end = (int(first), int(last) + 1 if last else size) if first else (max(0, size - int(last)), size)
    if first and last and end <= start:
        return None
    if start >= size:
        raise RangeUnsatisfiable
    return start, min(end, size)


router = Router("/", route_handlers=[read_media], tags=["media"])
