"""The response: every GET gets an ETag, 304, an encoding and its language, whatever its handler returns."""

from typing import Any

import msgspec
from litestar import Request
from litestar.response import Response
from litestar.response.base import ASGIResponse

from yema.http.conditional import etag, fingerprint, is_fresh
from yema.http.encodings import SMALLEST, compress
from yema.http.headers import accepted_encoding, header
from yema.http.wanted import wanted_by

PRIVATE = "private, no-cache"
VARY = "Accept-Encoding, Accept-Language, Authorization"
_CONTENT_LANGUAGE = "yema.content_language"


def speaks(request: Request[Any, Any, Any], tag: str) -> None:
    """Say in which language this answer is (`Content-Language`)."""
    scope: Any = request.scope
    scope[_CONTENT_LANGUAGE] = tag


class YemaResponse(Response[Any]):
    """Encodes a View; conditional and compressed for GET, with the thing's ETag for what was just changed."""

    def to_asgi_response(self, app: Any, request: Request[Any, Any, Any], **given: Any) -> ASGIResponse:
        if self.content is None or isinstance(self.content, bytes | str):
            return super().to_asgi_response(app, request, **given)
        scope = request.scope
        body = msgspec.json.encode(self.content)
        headers = {**(given.get("headers") or {}), **self.headers}
        headers.setdefault("cache-control", PRIVATE)
        reads = scope["method"] in ("GET", "HEAD")
        if reads:
            headers["vary"] = VARY
        headers["content-language"] = str(scope.get(_CONTENT_LANGUAGE) or next(iter(wanted_by(scope)), "en"))
        encoding = accepted_encoding(header(scope, b"accept-encoding")) if len(body) >= SMALLEST else "identity"
        status = self.status_code or given.get("status_code") or 200
        if status < 300 and (reads or hasattr(self.content, "version")):
            headers["etag"] = etag(fingerprint(body), encoding, getattr(self.content, "version", 0))
            if reads and is_fresh(header(scope, b"if-none-match"), headers["etag"]):
                return ASGIResponse(status_code=304, headers=headers, media_type="application/json", body=b"")
        if encoding != "identity":
            body = compress(body, encoding, kept=False)
            headers["content-encoding"] = encoding
        return ASGIResponse(
            background=self.background or given.get("background"),
            body=body,
            headers=headers,
            media_type=self.media_type or "application/json",
            status_code=status,
            is_head_response=scope["method"] == "HEAD",
        )
