"""Requests that a machine makes up find no fault of the server."""

import asyncio
from typing import Any

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance

from tests.client import TestApp
from tests.http.worlds import ORIGIN, World, a_world, document
from yema.app import create_asgi
from yema.house import open_house
from yema.settings import Settings

EXAMPLES = 15
FILES = (
    "application/zip",
    "text/x-gettext-translation",
    "text/calendar",
    "text/csv",
    *(f"image/{kind}" for kind in ("jpeg", "png", "webp", "heic")),
)
FILES += ("application/pdf", *(f"audio/{kind}" for kind in ("mp4", "mpeg", "ogg")))
"""Bodies that are a file: sent as they were made up."""
LAST = ("leaveExchange", "signOut")
"""These end what the other operations need."""
LEFT_OUT = ("deleteEntry", "removeActivity", "eraseMe")
"""They would delete the page and the activity that others read, and whoever asks."""


@schemathesis.serializer(*FILES)
def as_it_is(_: schemathesis.SerializationContext, value: Any) -> bytes:
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


def test_made_up_requests_find_no_fault_of_the_server(settings: Settings) -> None:
    with asyncio.Runner() as runner:
        house = open_house(settings)
        runner.run(house.__aenter__())
        app = TestApp(create_asgi(settings))
        try:
            world = runner.run(a_world(app))
            tried = _try_all(runner, world, runner.run(document(app)))
        finally:
            runner.run(app.close())
            runner.run(house.__aexit__(None, None, None))

    assert tried > 20


def _try_all(runner: asyncio.Runner, world: World, described: dict[str, Any]) -> int:
    schema = schemathesis.openapi.from_dict(described)
    operations: list[Any] = [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]
    named = {operation.definition.raw["operationId"]: operation for operation in operations}
    tried = 0
    for name, operation in sorted(named.items(), key=lambda item: (item[0] in LAST, item[0])):
        if name in LEFT_OUT:
            continue

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def try_one(case: schemathesis.Case[Any]) -> None:
            # Ids that are there reach deeper than made-up ones.
            known = world.named(case.path)
            case.path_parameters = {name: known.get(name, value) for name, value in case.path_parameters.items()}
            answer = runner.run(_send(world.client, case))
            case.validate_response(
                schemathesis.Response.from_httpx(answer, verify=True),
                checks=[not_a_server_error, content_type_conformance],
            )

        try_one()
        tried += 1
    return tried


async def _send(client: httpx.AsyncClient, case: schemathesis.Case[Any]) -> httpx.Response:
    request: Any = requests.Request(**case.as_transport_kwargs(base_url=ORIGIN)).prepare()
    headers = {name: value for name, value in request.headers.items() if name.lower() != "authorization"}
    body = request.body.encode() if isinstance(request.body, str) else request.body
    answer = await client.request(str(request.method), str(request.url), content=body, headers=headers)
    # Checks look at how long an answer took, which httpx knows only of a stream that was closed.
    await answer.aclose()
    return answer
