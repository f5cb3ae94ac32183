"""The OpenAPI document: what Litestar finds, and the manners that all operations share."""

import json
import re
from functools import lru_cache
from typing import Any

from litestar import Litestar, Request, Router, get
from litestar.openapi import OpenAPIConfig
from litestar.response.base import ASGIResponse

from yema import __version__
from yema.errors import NotFound
from yema.http.problems import MEDIA_TYPE
from yema.http.ready import ReadyBytes

_PROBLEM = {
    "description": "What went wrong, in the reader's language (RFC 9457). `code` is stable.",
    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_STRING = {"type": "string"}
_COMPONENTS = {
    "FieldProblem": {
        "type": "object",
        "required": ["pointer", "code", "detail"],
        "properties": {"pointer": _STRING, "code": _STRING, "detail": _STRING},
    },
    "Problem": {
        "type": "object",
        "required": ["type", "title", "status", "code"],
        "properties": {
            "type": _STRING,
            "title": _STRING,
            "status": {"type": "integer"},
            "code": _STRING,
            "detail": _STRING,
            "errors": {"type": "array", "items": {"$ref": "#/components/schemas/FieldProblem"}},
            "current": {"description": "With 412: the thing as it is now."},
            "request_id": _STRING,
        },
    },
}
_LOCALE = {
    "name": "locale",
    "in": "query",
    "required": False,
    "schema": _STRING,
    "description": "A language tag; goes before Accept-Language.",
}
_TAKES_IF_MATCH = (
    "takeVersion",
    "writeActivityTexts",
    "writePackTexts",
    "changePack",
    "changeActivity",
    "changeSlot",
    "cancelSlot",
    "splitSlot",
    "writeEntry",
    "tellRun",
    "changeTravelLeg",
    "dropTravelLeg",
    "wordAnnouncement",
    "writeEmergencySheet",
    "writeMemberEmergencySheet",
    "deleteEmergencySheet",
)
_TAKES_KEY = (
    "makePack",
    "publishPack",
    "forkPack",
    "addActivity",
    "scheduleSlot",
    "releasePlan",
    "splitSlot",
    "undoRelease",
    "makeJoinCode",
    "answerReflection",
    "planTravelLeg",
    "announce",
    "renewCalendar",
    "addStaff",
    "makeExchange",
    "copyExchange",
    "makeGroup",
    "makeVenue",
    "askForHelp",
)
_PUBLIC = (
    "exportPack",
    "listActivities",
    "readActivity",
    "listPacks",
    "readPack",
    "listPackVersions",
    "readVersionChanges",
    "listForks",
    "readForkChanges",
    "findPackFile",
    "readPackFile",
    "findPackMedium",
)
_NO_TOKEN = ("askForEmailCode", "confirmEmailCode", "readCalendar", "readMedia", "refresh", "signInByCode")

# Litestar names a page of `PackView` after the module in which that stands; a client's type must not change when we move a file.
_MODULE = re.compile(r"Page_(?:\w+\.)+(\w+)_(?=\")")

_ready = ReadyBytes()


def openapi_config() -> OpenAPIConfig:
    """No pages: they would load scripts from elsewhere. The document itself is served below."""
    nothing = Router("/unused", route_handlers=[], include_in_schema=False, before_request=_is_not_there)
    return OpenAPIConfig(title="YEMA", version=__version__, openapi_router=nothing, use_handler_docstrings=True)


def _is_not_there(_: Request[Any, Any, Any]) -> None:
    raise NotFound


@get("/openapi.json", include_in_schema=False)
async def openapi_route(request: Request[Any, Any, Any]) -> ASGIResponse:
    """This document."""

    async def build() -> bytes:
        return json.dumps(document(request.app), ensure_ascii=False).encode()

    return await _ready.serve(
        request, ("openapi", __version__), build, language="en", cache_control="public, max-age=300"
    )


@lru_cache(1)
def document(app: Litestar) -> dict[str, Any]:
    """The document, with one `Problem` for every error, `locale`, conditional headers and the bearer token."""
    text = json.dumps(app.openapi_schema.to_schema(), default=str)
    schema: dict[str, Any] = json.loads(_MODULE.sub(r"Page_\1", text))
    schemas = schema["components"]["schemas"]
    schemas |= _COMPONENTS
    app.state.describe(schemas)
    schema["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    for path in schema["paths"].values():
        for operation in path.values():
            if isinstance(operation, dict):
                _finish(operation)
    return _nullable_as_types(schema)  # type: ignore[no-any-return]


def _finish(operation: dict[str, Any]) -> None:
    responses = operation["responses"]
    responses.pop("400", None)
    responses["default"] = _PROBLEM
    name = operation["operationId"]
    parameters = operation.setdefault("parameters", [])
    parameters.append(_LOCALE)
    for taken, header in ((_TAKES_IF_MATCH, "If-Match"), (_TAKES_KEY, "Idempotency-Key")):
        if name in taken:
            parameters.append({"name": header, "in": "header", "required": False, "schema": _STRING})
    if name not in _NO_TOKEN:
        optional: list[dict[str, list[str]]] = [{}] if name in (*_PUBLIC, "join") else []
        operation["security"] = [{"token": []}, *optional]


def _nullable_as_types(value: Any) -> Any:
    """`oneOf: [X, null]` as `type: [X, "null"]`: Swift's generator drops the property otherwise. What phones push says `anyOf`."""
    if isinstance(value, list):
        return [_nullable_as_types(item) for item in value]
    if not isinstance(value, dict):
        return value
    found = {key: _nullable_as_types(item) for key, item in value.items()}
    word = "anyOf" if "anyOf" in found else "oneOf"
    choices = found.get(word)
    if isinstance(choices, list) and {"type": "null"} in choices and len(choices) == 2:
        other = next(choice for choice in choices if choice != {"type": "null"})
        if "type" in other:
            found.pop(word)
            found = {**other, **found, "type": [other["type"], "null"]}
            if "enum" in other and None not in other["enum"]:
                found["enum"] = [*other["enum"], None]
    return found
