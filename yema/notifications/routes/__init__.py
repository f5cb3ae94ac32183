"""The doors of notifications."""

from litestar import Router

router = Router("/", route_handlers=[], tags=["notifications"])
