"""The doors of exchanges."""

from litestar import Router

from yema.exchanges.routes import (
    announcements,
    attendance,
    joining,
    packs,
    people,
    planning,
    reading,
    runs,
    travel,
)

ROOMS = (
    joining,
    reading,
    people,
    planning,
    travel,
    packs,
    runs,
    announcements,
    attendance,
)

router = Router("/", route_handlers=[handler for room in ROOMS for handler in room.handlers], tags=["exchanges"])
