"""Measuring the program and not what looks at it: coverage counts every line, and takes twice the time of the line itself."""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import thread_time


def unwatched(surroundings: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment for a process of its own whose lines nobody counts."""
    return {name: value for name, value in surroundings.items() if not name.startswith("COVERAGE_")}


@contextmanager
def untraced() -> Iterator[None]:
    """What this thread does in the block is not counted."""
    tracer = sys.gettrace()
    sys.settrace(None)
    try:
        yield
    finally:
        sys.settrace(tracer)


def cpu_seconds(act: Callable[[], object], *, rounds: int = 1) -> float:
    """What it takes of this thread's own time, whoever else wants the processor; the best of so many rounds."""

    def once() -> float:
        began = thread_time()
        act()
        return thread_time() - began

    with untraced():
        return min(once() for _ in range(rounds))
