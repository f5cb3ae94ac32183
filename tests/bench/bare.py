"""The measure: a Litestar application that answers ready bytes and does nothing else, under the same server code as ours."""

import asyncio
import signal
import sys
from pathlib import Path
from typing import Any

import msgspec
import uvloop
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.embed import Server
from litestar import HttpMethod, Litestar, Request, get, route
from litestar.response.base import ASGIResponse
from msgspec import Struct


class Answer(Struct):
    """What ours answered to a case: the bare handler answers as many bytes, with the same status and type."""

    name: str
    method: str
    status: int
    media_type: str
    size: int

    @property
    def path(self) -> str:
        return "/" + self.name.replace(" ", "-").replace(",", "")


@get("/healthz")
async def healthz() -> ASGIResponse:
    """The process answers."""
    return ASGIResponse(body=b"ok", media_type="text/plain")


def handler(answer: Answer) -> Any:
    """A handler that answers ready bytes; one that writes reads what was sent first."""
    body = b"x" * answer.size

    def ready() -> ASGIResponse:
        return ASGIResponse(body=body, media_type=answer.media_type, status_code=answer.status)

    async def read() -> ASGIResponse:
        return ready()

    async def write(request: Request[Any, Any, Any]) -> ASGIResponse:
        await request.body()
        return ready()

    decorate = route(answer.path, http_method=[HttpMethod(answer.method)])
    return decorate(read if answer.method == "GET" else write)


async def serve(port: int, answers: list[Answer]) -> None:
    """As `yema.server` does it."""
    app = Litestar([healthz, *map(handler, answers)], logging_config=None, openapi_config=None)
    server = Server(app, port=port, interface=Interfaces.ASGI, websockets=False, log_level=LogLevels.error)
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, server.stop)
    await server.serve()


if __name__ == "__main__":
    uvloop.run(serve(int(sys.argv[1]), msgspec.json.decode(Path(sys.argv[2]).read_bytes(), type=list[Answer])))
