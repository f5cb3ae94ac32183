"""The reader's languages for one request: `?locale=`, `Accept-Language`, then the person's own once they are known."""

from typing import Any
from urllib.parse import parse_qs

from yema.http.headers import header
from yema.i18n import wanted_tags

_OWN = "yema.own_locale"


def prefer(scope: Any, own: str) -> None:
    """Remember the signed-in person's own language for this request."""
    scope[_OWN] = own


def wanted_by(scope: Any) -> tuple[str, ...]:
    """The tags that are wanted, best first."""
    query = scope.get("query_string") or b""
    asked = None
    if b"locale=" in query:
        asked = parse_qs(query.decode("latin-1")).get("locale", [None])[0]
    return wanted_tags(asked, header(scope, b"accept-language"), scope.get(_OWN))
