"""The `yema` command in processes of its own, as an operator starts it; each is ended by its own id."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx

ROOT = Path(__file__).parents[2]
START_SECONDS = 30
STOP_SECONDS = 20


class Ended(NamedTuple):
    """How a command ended and what it said."""

    status: int
    out: str
    err: str


class Server:
    """A running `yema serve`."""

    def __init__(self, process: "subprocess.Popen[str]", port: int) -> None:
        self.process = process
        self.port = port
        self.url = f"http://127.0.0.1:{port}"

    def client(self, token: str = "") -> httpx.Client:
        """A phone; signed in where there is a token."""
        headers = {"authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(base_url=f"{self.url}/api/v1", headers=headers, trust_env=False, timeout=20)

    def get(self, path: str, token: str = "") -> httpx.Response:
        with self.client(token) as client:
            return client.get(path)

    def stop(self) -> int:
        """SIGTERM; the status with which it ends."""
        self.process.terminate()
        return self.process.wait(STOP_SECONDS)


def yema(*arguments: str | Path, **environment: str) -> Ended:
    """Run a command to its end."""
    done = subprocess.run(
        command(*arguments), env=surroundings(environment), capture_output=True, text=True, timeout=90, check=False
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@contextmanager
def started(*arguments: str | Path, **environment: str) -> Iterator["subprocess.Popen[str]"]:
    """A command that goes on until it is stopped. Its standard output can be read."""
    process = subprocess.Popen(
        command(*arguments), env=surroundings(environment), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        end(process)


@contextmanager
def serving(data: Path, *, inside: Callable[[], None] | None = None, **environment: str) -> Iterator[Server]:
    """A server on this folder, ready. `inside` is run in its process before it begins."""
    port = free_port()
    process = subprocess.Popen(
        command("serve", "--port", str(port), "--data", data),
        env=surroundings({"YEMA_LOG_LEVEL": "error", **environment}),
        preexec_fn=inside,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    try:
        wait_until_ready(port, process)
        yield Server(process, port)
    finally:
        end(process)


def command(*arguments: str | Path) -> list[str]:
    return [sys.executable, "-m", "yema", *map(str, arguments)]


def surroundings(more: dict[str, str]) -> dict[str, str]:
    """The environment, without what an operator of this machine may have set for a YEMA of their own."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("YEMA_")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "COLUMNS": "100", **more}


def end(process: "subprocess.Popen[Any]") -> None:
    """Stop it, if it has not ended."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    for pipe in (process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()


def wait_until_ready(port: int, process: "subprocess.Popen[Any]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False, timeout=1).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.02)
    raise RuntimeError("The server did not start.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def steps(out: str) -> dict[str, list[str]]:
    """What the tour printed: the lines under each heading, unfolded."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in out.splitlines():
        if heading := re.fullmatch(r" (\w+: .+?) *", line):
            lines = found.setdefault(heading[1], [])
        elif line.startswith("   ") or not lines:
            lines.append(line.strip())
        else:
            lines[-1] = f"{lines[-1]} {line.strip()}"
    return found
