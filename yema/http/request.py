"""The request: its body is JSON and nothing else, decoded strictly into the type that the handler asks for."""

from functools import lru_cache
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import HTTPException

from yema.errors import N_, FieldError, Invalid, YemaError
from yema.http.headers import header
from yema.http.invalid import field_error


class WrongContentType(YemaError):
    """The body is of another type than the route takes."""

    status = 415
    code = "unsupported_media_type"
    title = N_("Send this as application/json.")


class NotJson(Invalid):
    """The body cannot be read as JSON: broken, not UTF-8, or nested too deeply."""

    code = "not_json"
    title = N_("The body is not readable JSON.")


class YemaRequest(Request[Any, Any, Any]):
    """`"1"` does not become 1, unknown fields are refused, and what cannot be read is a problem of the sender (400)."""

    @property
    def content_length(self) -> int | None:
        """The length that the sender announced; Litestar's own reads all headers for it."""
        value = header(self.scope, b"content-length")
        if value is not None and not (value.isascii() and value.isdecimal()):
            raise NotJson
        return None if value is None else int(value)

    async def json(self) -> Any:
        kind = (header(self.scope, b"content-type") or "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise WrongContentType
        field = self.route_handler.parsed_data_field
        assert field is not None  # noqa: S101 - only a handler with a body asks for it
        return decode(await self.body(), field.annotation)


def decode(body: bytes, kind: Any) -> Any:
    """The body as that type. Raises `NotJson`, or `Invalid` with the field that is wrong."""
    try:
        return _decoder(kind).decode(body)
    except msgspec.ValidationError as error:
        raise Invalid(field_error(str(error))) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NotJson from None


@lru_cache(256)
def _decoder(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def missing_body(error: HTTPException) -> Invalid | None:
    """Litestar's complaint about a body or parameter, in our words."""
    extra = getattr(error, "extra", None)
    if not isinstance(extra, list):
        return None
    if any(isinstance(item, dict) and item.get("key") == "data" for item in extra):
        return NotJson()
    fields = [
        FieldError(f"/{item.get('key', '')}", "invalid", N_("This value is not allowed here."))
        for item in extra
        if isinstance(item, dict)
    ]
    return Invalid(*fields)
