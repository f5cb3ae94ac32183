"""How sheets are handed out: as a file to keep, with an ETag."""

from typing import Any

from litestar import Request
from litestar.response.base import ASGIResponse

from yema.http.conditional import etag, fingerprint, is_fresh
from yema.http.headers import header
from yema.http.response import PRIVATE, VARY


def sheet_answer(
    request: Request[Any, Any, Any],
    body: bytes,
    media_type: str,
    name: str,
    language: str,
    *,
    cache_control: str = PRIVATE,
) -> ASGIResponse:
    """The file under this name (ASCII), or 304."""
    headers = {
        "cache-control": cache_control,
        "content-disposition": f'attachment; filename="{name}"',
        "content-language": language,
        "etag": etag(fingerprint(body), "identity"),
        "vary": VARY,
        "x-content-type-options": "nosniff",
    }
    if is_fresh(header(request.scope, b"if-none-match"), headers["etag"]):
        return ASGIResponse(status_code=304, headers=headers, media_type=media_type, body=b"")
    return ASGIResponse(
        body=body, headers=headers, media_type=media_type, is_head_response=request.scope["method"] == "HEAD"
    )
