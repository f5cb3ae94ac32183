"""The doors of the library: for readers, and for those who write there."""

from litestar import Router

from yema.activities.routes import reading

router = Router("/", route_handlers=[*reading.handlers], tags=["activities"])
