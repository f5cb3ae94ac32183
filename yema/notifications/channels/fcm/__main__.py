"""The helper: reads batches, sends them, says what became of each, and ends when nobody can ask any more."""

import asyncio
import logging
import signal
import sys

import uvloop

from yema.notifications.channels.fcm.frames import BYTES_MAX, answer, read_question
from yema.notifications.channels.fcm.sender import Sender


async def work(credentials: str, url: str) -> None:
    """Until standard input ends."""
    loop = asyncio.get_running_loop()
    asked = asyncio.StreamReader(limit=BYTES_MAX)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(asked), sys.stdin)
    sender, sending = Sender(credentials, url), set[asyncio.Task[None]]()
    while line := await asked.readline():
        task = asyncio.create_task(_send(sender, line))
        sending.add(task)
        task.add_done_callback(sending.discard)
    await asyncio.gather(*sending)
    await sender.close()


async def _send(sender: Sender, line: bytes) -> None:
    number, messages = read_question(line)
    said = answer(number, await sender.send(messages))
    sys.stdout.buffer.write(said)  # some kilobytes at most, and the server reads at once
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    logging.disable()  # the libraries' lines name projects and accounts
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    uvloop.run(work(*sys.argv[1:3]))
