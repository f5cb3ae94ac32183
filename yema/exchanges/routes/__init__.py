"""The doors of exchanges."""

from litestar import Router

from yema.exchanges.routes import joining, packs, people, planning, reading, runs

router = Router(
    "/",
    route_handlers=[
        *joining.handlers,
        *reading.handlers,
        *people.handlers,
        *planning.handlers,
        *packs.handlers,
        *runs.handlers,
    ],
    tags=["exchanges"],
)
