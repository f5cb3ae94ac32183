"""The doors of exchanges."""

from litestar import Router

from yema.exchanges.routes import joining, people, planning, reading

router = Router(
    "/",
    route_handlers=[*joining.handlers, *reading.handlers, *people.handlers, *planning.handlers],
    tags=["exchanges"],
)
