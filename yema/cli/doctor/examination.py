"""The whole examination, in the order in which faults are best mended."""

from collections.abc import Iterator

from yema.cli.doctor.clock import clock_faults
from yema.cli.doctor.folder import folder_faults
from yema.cli.doctor.mail import mail_faults
from yema.cli.doctor.push import push_faults
from yema.cli.doctor.stored import Unreadable, read_stored
from yema.cli.doctor.web import web_faults
from yema.settings import Settings


def faults(settings: Settings, *, asks: bool) -> Iterator[str]:
    """A sentence for each. `asks`: whether other machines may be asked."""
    if not settings.data.exists():
        yield f"There is no data folder at {settings.data}; `yema serve` makes it."
        return
    yield from folder_faults(settings)
    yield from mail_faults(settings, asks=asks)
    try:
        stored = read_stored(settings)
    except Unreadable as error:
        yield str(error)
        return
    yield from push_faults(settings, stored)
    yield from web_faults(settings, stored, asks=asks)
    if asks:
        yield from clock_faults(settings)
