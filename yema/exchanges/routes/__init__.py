"""The doors of exchanges."""

from litestar import Router

from yema.exchanges.routes.care import attendance, emergency
from yema.exchanges.routes.care import help as help_requests
from yema.exchanges.routes.overview import eligibility, materials, mixing, mobilities, printing, warnings
from yema.exchanges.routes.people import inviting, joining, particulars, people
from yema.exchanges.routes.plan import history, importing, packs, planning, reading, runs, travel
from yema.exchanges.routes.setup import places, setup
from yema.exchanges.routes.told import announcements, feeds

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
