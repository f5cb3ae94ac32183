"""Runs `yema` and kills it, as a power cut would, just before its Nth look at or change of a file in a folder.

`python -m tests.backup.killed N FOLDER restore FILE --data FOLDER`; with 0 it says at the end how many there were.
"""

import atexit
import os
import signal
import sys

EVENTS = ("open", "os.rename", "os.link", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect")


def kill_before(number: int, folder: str) -> None:
    """Python says beforehand what it is about to do with files."""
    seen = 0

    def look(event: str, args: tuple[object, ...]) -> None:
        nonlocal seen
        if event in EVENTS and any(folder in str(arg) for arg in args):
            seen += 1
            if seen == number:
                os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(look)
    if not number:
        atexit.register(lambda: sys.stderr.write(f"{seen}\n"))


if __name__ == "__main__":
    from yema.cli import main

    number, folder = int(sys.argv[1]), sys.argv[2]
    sys.argv = ["yema", *sys.argv[3:]]
    kill_before(number, folder)
    main()
