"""What other machines say: the mail server, the certificate, the clock."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from tests.doctor.conftest import examined
from yema.cli.doctor.clock import clock_faults
from yema.settings import Settings

NO_MAIL = "No SMTP server is set (smtp_url): mails with codes are only written to the data folder's mail/."


class Quiet(BaseHTTPRequestHandler):
    """Answers with its own time."""

    ahead = timedelta()

    def do_HEAD(self) -> None:
        self.send_response_only(200)
        self.send_header("Date", format_datetime(datetime.now(UTC) + self.ahead, usegmt=True))
        self.end_headers()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name there
        pass


@contextmanager
def serving(handler: type[BaseHTTPRequestHandler], context: ssl.SSLContext | None = None) -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), handler)
    if context:
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def certificate(folder: Path, days: int) -> tuple[Path, ssl.SSLContext]:
    """Of localhost, good for so many days; whoever trusts the file trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path, private = folder / "certificate.pem", folder / "private.pem"
    path.write_bytes(made.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path, private)
    return path, context


@pytest.mark.parametrize(("days", "said"), [(60, False), (10, True)])
def test_a_certificate_that_ends_soon_is_named(data: Path, tmp_path: Path, days: int, said: bool) -> None:
    path, context = certificate(tmp_path, days)
    until = datetime.now(UTC) + timedelta(days=days)
    with serving(Quiet, context) as port:
        found = examined(
            data,
            offline=False,
            YEMA_SMTP_URL="",
            YEMA_PUBLIC_URL=f"https://localhost:{port}",
            SSL_CERT_FILE=str(path),
        )

    soon = (
        f"The certificate of localhost (public_url) ends on {until:%Y-%m-%d}: renew it, "
        "and see why that is not done by itself."
    )
    assert found == [NO_MAIL, *([soon] if said else [])]


def test_a_certificate_that_nobody_trusts_is_named(data: Path, tmp_path: Path) -> None:
    _, context = certificate(tmp_path, 60)
    with serving(Quiet, context) as port:
        found = examined(data, offline=False, YEMA_SMTP_URL="", YEMA_PUBLIC_URL=f"https://localhost:{port}")

    assert found == [
        NO_MAIL,
        "The certificate of localhost (public_url) is not trusted (self-signed certificate): renew it.",
    ]


def test_an_address_at_which_nobody_is_is_named(data: Path) -> None:
    found = examined(data, offline=False, YEMA_SMTP_URL="", YEMA_PUBLIC_URL=f"https://localhost:{free_port()}")

    assert found == [
        NO_MAIL,
        (
            "localhost (public_url) cannot be reached over HTTPS (Connection refused): "
            "look at its name, the proxy and the certificate."
        ),
    ]


def test_an_address_without_tls_and_none_at_all_are_named(data: Path) -> None:
    said = [examined(data, YEMA_PUBLIC_URL=url) for url in ("http://yema.example", "http://127.0.0.1:8000", "")]

    assert said == [
        [
            (
                "public_url is http://yema.example: browsers and phones ask for https://. "
                "Put a proxy with a certificate in front."
            )
        ],
        [],
        ["No public_url is set: mails and notifications cannot link to this server. Set it to https:// and its name."],
    ]


@pytest.mark.parametrize(("ahead", "said"), [(0, ""), (90, "behind"), (-90, "ahead of"), (20, "")])
def test_a_clock_that_is_off_is_named(ahead: int, said: str) -> None:
    class Other(Quiet):
        pass

    Other.ahead = timedelta(seconds=ahead)
    with serving(Other) as port:
        found = list(clock_faults(Settings(public_url=f"http://127.0.0.1:{port}")))

    assert [sentence.split(" seconds ")[1].split(" that of")[0] for sentence in found] == ([said] if said else [])


def test_of_a_clock_that_nobody_can_be_asked_about_nothing_is_said() -> None:
    assert list(clock_faults(Settings(public_url=f"http://127.0.0.1:{free_port()}"))) == []


class Nobody:
    """Takes no mails."""


@contextmanager
def mail_server(**how: Any) -> Iterator[int]:
    port = free_port()
    controller = Controller(Nobody(), hostname="127.0.0.1", port=port, **how)
    controller.start()
    try:
        yield port
    finally:
        controller.stop()


def letting_in(*_: Any) -> AuthResult:
    return AuthResult(success=_[-1].password == b"good", handled=False)


def test_a_mail_server_that_answers_is_no_fault(data: Path) -> None:
    with mail_server() as port:
        assert (
            examined(data, offline=False, YEMA_SMTP_URL=f"smtp://127.0.0.1:{port}", YEMA_PUBLIC_URL="http://127.0.0.1")
            == []
        )


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("good", []),
        ("bad", ["The SMTP server 127.0.0.1 (smtp_url) does not let us in: look at the user and the password."]),
    ],
)
def test_a_mail_server_that_lets_nobody_in_is_named(data: Path, password: str, said: list[str]) -> None:
    with mail_server(authenticator=letting_in, auth_require_tls=False, auth_exclude_mechanism=["LOGIN"]) as port:
        url = f"smtp://nina:{password}@127.0.0.1:{port}"
        assert examined(data, offline=False, YEMA_SMTP_URL=url, YEMA_PUBLIC_URL="http://127.0.0.1") == said


def test_a_mail_server_whose_certificate_nobody_trusts_is_named(data: Path, tmp_path: Path) -> None:
    _, context = certificate(tmp_path, 60)
    with mail_server(tls_context=context) as port:
        found = examined(
            data, offline=False, YEMA_SMTP_URL=f"smtp://127.0.0.1:{port}", YEMA_PUBLIC_URL="http://127.0.0.1"
        )

    assert found == [
        (
            "The SMTP server 127.0.0.1 (smtp_url) fails at STARTTLS (SSLCertVerificationError): "
            "look at smtp_url, and at the server's own log."
        )
    ]


def test_a_mail_server_that_is_not_there_is_named(data: Path) -> None:
    url = f"smtp://127.0.0.1:{free_port()}"

    assert examined(data, offline=False, YEMA_SMTP_URL=url, YEMA_PUBLIC_URL="http://127.0.0.1") == [
        (
            "The SMTP server 127.0.0.1 (smtp_url) cannot be reached (Connection refused): "
            "look at host and port, and at the firewall."
        )
    ]


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
