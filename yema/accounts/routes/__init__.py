"""The doors of accounts."""

from litestar import Router
from litestar.datastructures import ResponseHeader

from yema.accounts.routes import devices, organisations, signing_in
from yema.accounts.routes.signing_in import SUBJECT

__all__ = ["SUBJECT", "router"]

router = Router(
    "/",
    route_handlers=[*signing_in.handlers, *devices.handlers, *organisations.handlers],
    response_headers=[ResponseHeader(name="cache-control", value="no-store")],
    tags=["accounts"],
)
