"""Requests come in between: whatever is sent, the loop that serves them never stands still for long."""

import ssl
from pathlib import Path

import httpcore
import pytest

from tests.notifications.browsers import channel_of, pushing
from tests.notifications.certificates import certified
from tests.notifications.mail_server import mail_server
from tests.notifications.outgoing import mailbox, outgoing
from tests.notifications.push_service import push_service
from tests.notifications.standing_still import standing_still
from yema.notifications.channels import Later, Sent
from yema.notifications.channels.email import EmailChannel
from yema.notifications.channels.webpush import posting
from yema.settings import Settings

SECONDS_MAX = 0.02
LONG = "Програма змінилася. " * 40


async def test_two_hundred_mails_as_files_keep_nobody_waiting(tmp_path: Path) -> None:
    channel = EmailChannel(Settings(data=tmp_path))
    messages = [outgoing(mailbox(f"n{n}@home.example"), locale="uk", body=LONG) for n in range(200)]

    async with standing_still() as longest:
        outcomes = await channel.send(messages)

    assert (set(outcomes), longest.seconds < SECONDS_MAX) == ({Sent()}, True)


async def test_two_hundred_mails_to_a_server_keep_nobody_waiting(tmp_path: Path) -> None:
    messages = [outgoing(mailbox(f"n{n}@home.example"), locale="uk", body=LONG) for n in range(200)]
    with mail_server() as server:
        channel = EmailChannel(Settings(data=tmp_path, smtp_url=server.url))
        await channel.send(messages[:1])  # aiosmtplib is loaded
        async with standing_still() as longest:
            outcomes = await channel.send(messages)

    assert (set(outcomes), longest.seconds < SECONDS_MAX) == ({Sent()}, True)


async def by_loopback(host: str, port: int) -> list[str]:
    return ["127.0.0.1"]


async def test_what_a_push_needs_of_tls_is_made_once_and_keeps_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, real = list[ssl.SSLContext](), httpcore.default_ssl_context

    def counted() -> ssl.SSLContext:
        made.append(real())
        return made[-1]

    posting.trust_of_the_system.cache_clear()
    monkeypatch.setattr(httpcore, "default_ssl_context", counted)
    server, _ = certified("push.example")
    async with (
        push_service(server, "push.example") as service,
        channel_of(pushing(tmp_path), resolve=by_loopback) as one,
        standing_still() as longest,
    ):
        outcomes = [*await one.send([outgoing(service.browser().address) for _ in range(3)])]

    assert (set(outcomes), len(made), longest.seconds < SECONDS_MAX) == ({Later("connection")}, 1, True)
