"""Mails as they are handed in, as letters, and what becomes of them."""

import re
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Literal, NamedTuple
from unicodedata import category

Fate = Literal[
    "sent",
    "smtp_busy",
    "smtp_trouble",
    "connection",
    "disk",
    "no_mailbox",
    "mailbox_refused",
    "mail_refused",
    "smtp_login",
    "smtp_sender",
    "smtp_policy",
    "smtp_tls",
]
"""What became of a mail. `smtp_busy`, `smtp_trouble`, `connection` and `disk` pass. `smtp_login`, `smtp_sender`, `smtp_policy`, `smtp_tls`
(the server does not let us send, not as `mail_from`, nothing of ours, or offers no TLS) say nothing of the mailbox. `no_mailbox` does;
`mailbox_refused` and `mail_refused` leave open whether the mailbox, the mail or we are meant."""

_DOMAIN = re.compile(r"[^\s<>()\[\],;:\\\"@]+")


class Mail(NamedTuple):
    """A mail to one mailbox, in plain text. `headers` are added to those that every mail has, or stand for them."""

    to: str
    subject: str
    text: str
    headers: Mapping[str, str] = {}


def letter_of(mail: Mail, sender: str) -> EmailMessage | None:
    """None where the address is none: such a header could become two addresses, or two headers."""
    local, _, domain = mail.to.rpartition("@")
    if not local or not _DOMAIN.fullmatch(domain):
        return None
    try:
        letter = EmailMessage()
        letter.set_content(mail.text)  # first, for it forgets headers of the content
        letter["From"], letter["To"] = sender, Address(username=local, domain=domain)
        letter["Subject"] = _one_line(mail.subject)
        for name, value in {"Date": formatdate(), "Message-ID": make_msgid(domain="yema"), **mail.headers}.items():
            letter[name] = _one_line(value)
    except ValueError:  # control characters in the address, half a surrogate in the words
        return None
    return letter


def _one_line(text: str) -> str:
    """Without line breaks and other control characters, so that nothing in a header begins another one."""
    return " ".join("".join(" " if category(one) == "Cc" else one for one in text).split())
