"""Mails: over SMTP where the settings name a server, else as files in the data folder's `mail/`."""

import logging
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from pathlib import Path
from urllib.parse import unquote, urlsplit

from yema.ids import uuid7
from yema.settings import Settings

log = logging.getLogger("yema")

_settings: Settings | None = None


def open_mail(settings: Settings) -> None:
    """Send mails as these settings say from now on."""
    global _settings
    _settings = settings


async def send_mail(to: str, subject: str, text: str) -> None:
    """Send one mail. A failure is logged, without the address: whoever waits for a code asks again."""
    assert _settings is not None  # noqa: S101 - opening the house did it
    try:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = _settings.mail_from, to, subject
        message["Date"], message["Message-ID"] = formatdate(), make_msgid(domain="yema")
        message.set_content(text)
        if _settings.smtp_url:
            await _send(message, _settings.smtp_url)
        else:
            _write(message, _settings.data / "mail")
    except Exception as error:
        log.error("mail_failed", extra={"kind": type(error).__name__})


async def _send(message: EmailMessage, url: str) -> None:
    import aiosmtplib  # only where there is a server

    parts = urlsplit(url)
    await aiosmtplib.send(
        message,
        hostname=parts.hostname,
        port=parts.port,
        username=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        use_tls=parts.scheme == "smtps",
        timeout=20,
    )


def _write(message: EmailMessage, folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{uuid7()}.eml"
    path.touch(0o600)
    path.write_bytes(bytes(message))
