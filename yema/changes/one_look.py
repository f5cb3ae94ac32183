"""While words are asked for many lines at once, what several of them need is read once."""

from collections.abc import Awaitable, Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

_read: ContextVar[dict[Hashable, Any] | None] = ContextVar("read", default=None)


@contextmanager
def one_look() -> Iterator[None]:
    """All that is `read_once` in here is of one look: read when it is first needed, and forgotten at the end."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


async def read_once(key: Hashable, read: Callable[[], Awaitable[T]]) -> T:
    """What `read` finds, or what it has found in this look; outside of one, it reads each time. Nobody may change what they get."""
    known = _read.get()
    if known is None:
        return await read()
    if key not in known:
        known[key] = await read()
    found: T = known[key]
    return found
