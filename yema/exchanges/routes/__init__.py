"""The doors of exchanges."""

from litestar import Router

from yema.exchanges.routes import (
    announcements,
    attendance,
    eligibility,
    emergency,
    feeds,
    history,
    importing,
    inviting,
    joining,
    materials,
    mixing,
    mobilities,
    packs,
    particulars,
    people,
    places,
    planning,
    printing,
    reading,
    runs,
    setup,
    travel,
    warnings,
)
from yema.exchanges.routes import help as help_requests

ROOMS = (
    joining,
    inviting,
    reading,
    setup,
    places,
    people,
    particulars,
    emergency,
    help_requests,
    planning,
    warnings,
    eligibility,
    mobilities,
    mixing,
    materials,
    history,
    travel,
    packs,
    runs,
    announcements,
    attendance,
    feeds,
    printing,
    importing,
)

router = Router("/", route_handlers=[handler for room in ROOMS for handler in room.handlers], tags=["exchanges"])
