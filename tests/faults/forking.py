"""`yema serve`, forked from a process that has already read the program, so that a thousand starts do not take half an hour.

Reading the program is most of a cold start. Everything else is as always: a process of its own, the same command, and nothing shared
but what was read. The process reads the arguments of one server a line, and says which id it has, and then when it has ended.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.demo.processes import ROOT, surroundings


class Killable:
    """A running server."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._was_killed = False

    def kill(self) -> None:
        """Once: then the id may be somebody else's. A server that has ended by itself is a failure."""
        if not self._was_killed:
            self._was_killed = True
            os.kill(self._pid, signal.SIGKILL)


class Starter:
    """Starts one server after the other on the same folder and port."""

    def __init__(self, process: "subprocess.Popen[str]", data: Path, port: int) -> None:
        self.data = data
        self.port = port
        self._process = process

    @contextmanager
    def started(self) -> Iterator[Killable]:
        """A server that may not listen yet. It is gone when the block has been left."""
        self._tell(["serve", "--port", str(self.port), "--data", str(self.data)])
        server = Killable(int(self._hear()))
        try:
            yield server
        finally:
            server.kill()
            self._hear()

    def _tell(self, arguments: list[str]) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(arguments) + "\n")
        self._process.stdin.flush()

    def _hear(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "The process that starts servers has ended."
        return line


@contextmanager
def starter(data: Path, port: int) -> Iterator[Starter]:
    """The process that has read the program."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.faults.forking"],
        env=surroundings({"YEMA_LOG_LEVEL": "error"}),
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        yield Starter(process, data, port)
    finally:
        process.communicate()  # its input ends, and so does it


def _fork(arguments: list[str]) -> None:
    pid = os.fork()
    if not pid:
        from yema.cli import main

        # Standard error leads nowhere, and so do the others now: they belong to whoever starts servers.
        os.dup2(2, 0)
        os.dup2(2, 1)
        sys.argv = ["yema", *arguments]
        main()
        os._exit(0)
    print(pid, flush=True)  # noqa: T201 - this is how the processes talk
    os.waitpid(pid, 0)
    print("ended", flush=True)  # noqa: T201


if __name__ == "__main__":
    import yema.server  # noqa: F401 - all that a server needs

    for line in sys.stdin:
        _fork(json.loads(line))
