"""A real SMTP server on loopback, whose answers a test can choose."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session


class MailServer:
    """`refusals`: what is answered to these recipients, or (under `DATA:`) to mails for them; "" hangs up.

    `senders` are refused alike. `letters` have come, `connections` says how many phone calls that took.
    """

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.refusals: dict[str, str] = {}
        self.senders: dict[str, str] = {}
        self.connections = 0
        self.url = ""
        self.logins: list[str] = []

    async def handle_EHLO(  # noqa: N802 - aiosmtpd looks for this name
        self, server: SMTP, session: Session, _: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_MAIL(self, server: SMTP, _: Session, envelope: Envelope, sender: str, options: list[str]) -> str:  # noqa: N802
        envelope.mail_from = sender
        return self.senders.get(sender, "250 OK")

    async def handle_RCPT(self, server: SMTP, _: Session, envelope: Envelope, to: str, options: list[str]) -> str:  # noqa: N802
        answer = self.refusals.get(to, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(to)
        if not answer:
            assert server.transport is not None
            server.transport.close()
        return answer

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802
        if refusal := self.refusals.get(f"DATA:{envelope.rcpt_tos[0]}"):
            return refusal
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        letter["X-Envelope-To"] = ",".join(map(str, envelope.rcpt_tos))
        self.letters.append(letter)
        return "250 OK"

    def login(self, _: SMTP, __: Session, ___: Envelope, mechanism: str, data: Any) -> AuthResult:
        self.logins.append(data.login.decode())
        return AuthResult(success=data.password == b"right", handled=False)


@contextmanager
def mail_server(*, login: bool = False) -> Iterator[MailServer]:
    """A server that runs meanwhile, in a thread of its own; with `login`, it lets in who knows the password `right`."""
    postbox = MailServer()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    wanted: dict[str, Any] = {"authenticator": postbox.login, "auth_require_tls": False} if login else {}
    controller = Controller(postbox, hostname="127.0.0.1", port=port, **wanted)
    controller.start()
    postbox.url = f"smtp://127.0.0.1:{port}"
    try:
        yield postbox
    finally:
        controller.stop()
