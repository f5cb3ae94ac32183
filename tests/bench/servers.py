"""Server processes: started, watched from outside by the operating system's figures, and stopped."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import psutil

START_SECONDS = 20
STOP_SECONDS = 10
POLL_SECONDS = 0.002


class Running:
    """A server with its children."""

    def __init__(self, process: "subprocess.Popen[bytes]", port: int) -> None:
        self.port = port
        self._process = process
        self._watched = psutil.Process(process.pid)

    def cpu_seconds(self) -> float:
        """User and system time of all its processes so far; the operating system counts in hundredths."""
        return sum(sum(process.cpu_times()[:2]) for process in self._tree())

    def resident_bytes(self) -> int:
        return sum(process.memory_info().rss for process in self._tree())

    def wait_until_ready(self) -> None:
        """Until the first 200."""
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline and self._process.poll() is None:
            if _is_alive(self.port):
                return
            time.sleep(POLL_SECONDS)
        raise RuntimeError("A server did not start; what went wrong stands above.")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _tree(self) -> list[psutil.Process]:
        return [self._watched, *self._watched.children(recursive=True)]


@contextmanager
def ours(data: Path, **settings: str) -> Iterator[Running]:
    """`yema serve` on a data folder; settings as their variables, `YEMA_…`."""
    port = _free_port()
    command = ["yema", "serve", "--host", "127.0.0.1", "--port", str(port), "--data", str(data)]
    with _started(port, *command, **settings) as server:
        yield server


@contextmanager
def bare(answers: Path) -> Iterator[Running]:
    """The bare application with these answers."""
    port = _free_port()
    with _started(port, "tests.bench.bare", str(port), str(answers)) as server:
        yield server


def cold_start_seconds(data: Path, times: int) -> float:
    """From the start of the process to the first 200, in the middle of so many tries."""
    return median(_cold_start(data) for _ in range(times))


def first_start_seconds(folder: Path, times: int) -> float:
    """Likewise where there is nothing yet: keys, keyring and database are made."""
    seconds = []
    for _ in range(times):
        seconds.append(_cold_start(folder))
        shutil.rmtree(folder)
    return median(seconds)


def _cold_start(data: Path) -> float:
    started = time.perf_counter()
    with ours(data):
        return time.perf_counter() - started


@contextmanager
def _started(port: int, *module: str, **settings: str) -> Iterator[Running]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("YEMA_")}
    process = subprocess.Popen(
        [sys.executable, "-m", *module], env={**environment, "YEMA_LOG_LEVEL": "error", **settings}
    )
    server = Running(process, port)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.stop()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _is_alive(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n")
            return connection.recv(15).startswith(b"HTTP/1.1 200")
    except OSError:
        return False
