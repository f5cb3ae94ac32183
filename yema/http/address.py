"""Under which address phones reach this server, for links that leave it."""

import re
from typing import Any

from litestar import Request

from yema.http.headers import header

_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:\d{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:\d{1,5})?", re.ASCII)


def public_address(request: Request[Any, Any, Any]) -> str:
    """The address that the settings name (`public_url`), else the one at which this request came; without a slash at its end."""
    configured: str = request.app.state.settings.public_url
    if configured:
        return configured.rstrip("/")
    host = header(request.scope, b"host") or ""
    if not _HOST.fullmatch(host):
        host = "localhost"
    return f"{request.scope['scheme']}://{host}"
