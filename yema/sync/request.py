"""The body of a push, of which one item may be beyond reading."""

import json
from typing import Any

import msgspec

from yema.http.request import NotJson, YemaRequest, decode

_BEYOND_READING = "beyond_reading"


class PushRequest(YemaRequest):
    """As any request; but half a surrogate pair in one text, as JavaScript sends it, spoils that item and not the body."""

    async def json(self) -> Any:
        try:
            return await super().json()
        except NotJson:
            field = self.route_handler.parsed_data_field
            return decode(_by_items(await self.body()), field.annotation if field else None)


def _by_items(body: bytes) -> bytes:
    """The same body, with what is left of each item that cannot be read. Raises `NotJson` where it is not a push at all."""
    try:
        found = json.loads(body, parse_constant=_refuse)
        items = [_readable(item) for item in found["mutations"]]
        return msgspec.json.encode({**found, "mutations": items})
    except (ValueError, TypeError, KeyError, RecursionError):
        raise NotJson from None


def _refuse(constant: str) -> Any:
    raise NotJson


def _readable(item: Any) -> msgspec.Raw:
    try:
        return msgspec.Raw(msgspec.json.encode(item))
    except (UnicodeEncodeError, OverflowError):
        name = item.get("mutation_id") if isinstance(item, dict) else None
        left = {"mutation_id": name} if isinstance(name, str) and name.isascii() else {}
        return msgspec.Raw(msgspec.json.encode({**left, _BEYOND_READING: True}))
