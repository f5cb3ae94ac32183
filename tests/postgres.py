"""A real Postgres of our own: started from the installed binaries as an unprivileged user, on a free port, in a temporary folder."""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import asyncpg

MISSING = """
POSTGRES IS MISSING: everything was tested on SQLite only.
Install its server binaries, then run this again:  apt-get install postgresql   (or: brew install postgresql)
"""


def binaries() -> Path | None:
    """The folder with `initdb` and `postgres`, if there is one; Debian keeps it off the PATH."""
    candidates = [Path(found).parent for found in [shutil.which("postgres")] if found]
    if config := shutil.which("pg_config"):
        candidates.append(
            Path(subprocess.run([config, "--bindir"], capture_output=True, text=True, check=True).stdout.strip())
        )
    candidates += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next(
        (folder for folder in candidates if (folder / "initdb").exists() and (folder / "postgres").exists()), None
    )


class PostgresServer:
    """One server for the whole session. Databases are cloned from a migrated template."""

    def __init__(self, folder: Path) -> None:
        self._bin = folder
        self._home = Path(tempfile.mkdtemp(prefix="yema-postgres-"))
        self._home.chmod(0o755)
        self.port = _free_port()
        self._as: dict[str, object] = _unprivileged(self._home)
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        data = self._home / "data"
        self._run("initdb", "-D", str(data), "-U", "yema", "-A", "trust", "-E", "UTF8", "--no-sync", "--locale=C.UTF-8")
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": str(self._home),
            "max_connections": "200",
            "shared_buffers": "64MB",
            # The machine does not lose power in between; what a Postgres that is killed has committed stays.
            "fsync": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
        }
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._process = subprocess.Popen(
            [str(self._bin / "postgres"), "-D", str(data), *options],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._home,
            **self._as,  # type: ignore[call-overload]
        )
        self._wait()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(20)
        shutil.rmtree(self._home, ignore_errors=True)

    def url(self, database: str) -> str:
        return f"postgresql://yema@127.0.0.1:{self.port}/{database}"

    def create(self, database: str, template: str = "template1") -> str:
        """A new database; its URL."""
        self.sql(f'CREATE DATABASE "{database}" TEMPLATE "{template}"')
        return self.url(database)

    def drop(self, database: str) -> None:
        self.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def sql(self, statement: str) -> None:
        """Run one statement as the owner; in a thread, since a test's event loop may be there already."""
        with ThreadPoolExecutor(1) as thread:
            thread.submit(asyncio.run, self._execute(statement)).result()

    async def _execute(self, statement: str) -> None:
        connection = await asyncpg.connect(self.url("postgres"))
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    def _wait(self) -> None:
        for _ in range(200):
            try:
                self.sql("SELECT 1")
            except (OSError, asyncpg.PostgresError):
                time.sleep(0.05)
            else:
                return
        raise RuntimeError("Postgres did not start.")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._bin / program), *arguments],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=self._home,
            **self._as,  # type: ignore[call-overload]
        )


def _unprivileged(home: Path) -> dict[str, object]:
    """Postgres refuses to run as root, so root hands it to somebody else."""
    if os.getuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        os.chown(home, entry.pw_uid, entry.pw_gid)
        return {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    raise RuntimeError("There is no unprivileged user to run Postgres as.")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
