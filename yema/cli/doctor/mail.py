"""The mail server: whether it answers, speaks TLS, and lets us in."""

import smtplib
import ssl
from collections.abc import Iterator
from urllib.parse import SplitResult, unquote, urlsplit

from yema.notifications.channels.fcm.account import on_loopback
from yema.settings import Settings

SECONDS_MAX = 5
LOCKED = "does not let us in: look at the user and the password."


def mail_faults(settings: Settings, *, asks: bool) -> Iterator[str]:
    """`asks`: whether the server may be asked. Nothing is sent."""
    if not settings.smtp_url:
        yield "No SMTP server is set (smtp_url): mails with codes are only written to the data folder's mail/."
        return
    parts = urlsplit(settings.smtp_url)
    if asks and (fault := _try(parts)):
        yield f"The SMTP server {parts.hostname} (smtp_url) {fault}"


def _try(parts: SplitResult) -> str:
    """How far it went, where it did not go all the way; else nothing."""
    try:
        server = _connected(parts)
    except ssl.SSLError as error:
        return f"speaks no TLS that can be trusted ({error.reason}): look at its certificate, and whether smtps:// is right."
    except TimeoutError:
        return f"does not answer within {SECONDS_MAX} seconds: look at host and port, and at the firewall."
    except OSError as error:
        return (
            f"cannot be reached ({error.strerror or type(error).__name__}): look at host and port, and at the firewall."
        )
    with server:
        return _greet(server, parts)


def _connected(parts: SplitResult) -> smtplib.SMTP:
    if parts.scheme == "smtps":
        trusting = ssl.create_default_context()
        return smtplib.SMTP_SSL(parts.hostname or "", parts.port or 465, timeout=SECONDS_MAX, context=trusting)
    return smtplib.SMTP(parts.hostname or "", parts.port or 25, timeout=SECONDS_MAX)


def _greet(server: smtplib.SMTP, parts: SplitResult) -> str:
    step = "EHLO"
    try:
        server.ehlo_or_helo_if_needed()
        secret = parts.scheme == "smtps" or on_loopback(f"smtp://{parts.hostname}")
        if parts.scheme != "smtps" and server.has_extn("starttls"):
            step, secret = "STARTTLS", True
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        if parts.username and not secret:
            return "offers no TLS: the password would travel in the open. Use one that does, or smtps://."
        if parts.username:
            step = "login"
            server.login(unquote(parts.username), unquote(parts.password or ""))
    except smtplib.SMTPAuthenticationError:
        return LOCKED
    except smtplib.SMTPNotSupportedError:
        return "knows no login: leave user and password out, or use another port."
    except (OSError, smtplib.SMTPException) as error:
        if step == "login" and isinstance(error, smtplib.SMTPServerDisconnected):  # some hang up after a wrong password
            return LOCKED
        return f"fails at {step} ({type(error).__name__}): look at smtp_url, and at the server's own log."
    return ""
