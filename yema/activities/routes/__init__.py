"""The doors of the library: for readers, and for those who write there."""

from litestar import Router

from yema.activities.routes import files, media, reading, reporting, translating, versions, writing

router = Router(
    "/",
    route_handlers=[
        *reading.handlers,
        *writing.handlers,
        *versions.handlers,
        *media.handlers,
        *files.handlers,
        *reporting.handlers,
        *translating.handlers,
    ],
    tags=["activities"],
)
