"""problem+json (RFC 9457) for everything that goes wrong, in the reader's language."""

import logging
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import HTTPException
from litestar.response import Response
from msgspec import UNSET, UnsetType

from yema.database import trouble
from yema.errors import N_, Invalid, NotFound, YemaError
from yema.http.request import missing_body
from yema.http.response import VARY
from yema.http.wanted import wanted_by
from yema.i18n import gettext, ngettext
from yema.i18n.catalog import catalogue_for
from yema.shapes import View

log = logging.getLogger("yema")

MEDIA_TYPE = "application/problem+json"


class FieldProblem(View):
    """What is wrong with one field; `pointer` is a JSON pointer (RFC 6901) into the body."""

    pointer: str
    code: str
    detail: str


class Problem(View):
    """What went wrong. `code` is stable, the words are in the reader's language; `request_id` finds it in the server's log."""

    type: str
    title: str
    status: int
    code: str
    detail: str | UnsetType = UNSET
    errors: list[FieldProblem] | UnsetType = UNSET
    current: Any | UnsetType = UNSET
    request_id: str | UnsetType = UNSET


class MethodNotAllowed(YemaError):
    """The path is there, and does not take this method."""

    status = 405
    code = "method_not_allowed"
    title = N_("This cannot be done here.")


class TooLarge(YemaError):
    """The body is larger than the route takes."""

    status = 413
    code = "too_large"
    title = N_("This is too large.")


_OURS: dict[int, type[YemaError]] = {404: NotFound, 405: MethodNotAllowed, 413: TooLarge}


def problem_response(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The answer to anything that was raised. Only what we did not foresee is logged with its place, never its words."""
    known = as_yema_error(error)
    if known is None:
        log_unforeseen(error, request_id(request))
        known = YemaError()
    wanted = wanted_by(request.scope)
    headers = {"content-language": catalogue_for(wanted), "cache-control": "no-store", "vary": VARY}
    if known.retry_after is not None:
        headers["retry-after"] = str(known.retry_after)
    if known.status == 401:
        headers["www-authenticate"] = "Bearer"
    if isinstance(error, HTTPException) and (allow := (error.headers or {}).get("allow")):
        headers["allow"] = allow
    return Response(
        msgspec.json.encode(view_of(known, wanted, request_id(request))),
        status_code=known.status,
        media_type=MEDIA_TYPE,
        headers=headers,
    )


def as_yema_error(error: Exception) -> YemaError | None:
    """What was raised, as an error of ours; None for a fault of the program."""
    if known := trouble(error):
        return known
    if isinstance(error, HTTPException):
        if ours := _OURS.get(error.status_code):
            return ours()
        if 400 <= error.status_code < 500:
            return missing_body(error) or Invalid()
    if isinstance(error, UnicodeDecodeError | RecursionError):
        return Invalid()
    return None


def view_of(error: YemaError, wanted: tuple[str, ...], request: str | None = None) -> Problem:
    """The problem as the reader sees it; sync's push shows the same for one of its items."""
    return Problem(
        type=f"urn:yema:problem:{error.code}",
        title=gettext(wanted, error.title, **error.values),
        status=error.status,
        code=error.code,
        detail=_detail(error, wanted) or UNSET,
        errors=[
            FieldProblem(pointer=f.pointer, code=f.code, detail=gettext(wanted, f.words, **f.values))
            for f in error.fields
        ]
        or UNSET,
        current=UNSET if error.current is None else error.current,
        request_id=request or UNSET,
    )


def _detail(error: YemaError, wanted: tuple[str, ...]) -> str:
    words = gettext(wanted, error.detail, **error.values)
    if error.retry_after:
        wait = ngettext(wanted, "Try again in %(n)d second.", "Try again in %(n)d seconds.", error.retry_after)
        return f"{words} {wait}".strip()
    return words


def request_id(request: Request[Any, Any, Any]) -> str | None:
    return request.scope.get("yema.request_id")  # type: ignore[return-value]


def log_unforeseen(error: Exception, request: str | None = None) -> None:
    """Log a fault of the program: what kind and where, never its words."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    # The exception's own words are left out: a driver may put a row's values into them.
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
    log.error("unforeseen", extra={"kind": type(error).__name__, "place": place, "request_id": request})
