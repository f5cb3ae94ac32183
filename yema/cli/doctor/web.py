"""HTTPS: what phones and browsers need to reach us."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from yema.cli.doctor.stored import Stored
from yema.notifications.channels.fcm.account import on_loopback
from yema.settings import Settings

SECONDS_MAX = 5
SOON = timedelta(days=14)


def web_faults(settings: Settings, stored: Stored, *, asks: bool) -> Iterator[str]:
    """A missing public_url is a fault only where somebody is told something: no request says how we are called then."""
    url = settings.public_url
    if not url:
        if settings.smtp_url or stored.devices:
            yield "No public_url is set: mails and notifications cannot link to this server. Set it to https:// and its name."
    elif not url.startswith("https://"):
        if not on_loopback(url):
            yield f"public_url is {url}: browsers and phones ask for https://. Put a proxy with a certificate in front."
    elif asks:
        yield from _certificate_faults(url)


def _certificate_faults(url: str) -> Iterator[str]:
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    try:
        until = _valid_until(host, port)
    except ssl.SSLCertVerificationError as error:
        yield f"The certificate of {host} (public_url) is not trusted ({error.verify_message}): renew it."
    except TimeoutError:
        yield f"{host} (public_url) does not answer within {SECONDS_MAX} seconds: look at its name and the proxy."
    except OSError as error:
        why = error.strerror or type(error).__name__
        yield f"{host} (public_url) cannot be reached over HTTPS ({why}): look at its name, the proxy and the certificate."
    else:
        if until - datetime.now(UTC) < SOON:
            yield f"The certificate of {host} (public_url) ends on {until:%Y-%m-%d}: renew it, and see why that is not done by itself."


def _valid_until(host: str, port: int) -> datetime:
    trusting = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=SECONDS_MAX) as connection,
        trusting.wrap_socket(connection, server_hostname=host) as secured,
    ):
        certificate = secured.getpeercert() or {}
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(certificate["notAfter"])), UTC)
