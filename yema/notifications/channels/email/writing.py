"""What stands in a mail: the words, where to open them, and why this mail comes."""

import re
from email.utils import parseaddr

from yema.errors import N_
from yema.i18n import gettext
from yema.mail import Mail
from yema.notifications.channels import Outgoing
from yema.notifications.channels.links import link_to
from yema.settings import Settings

WHY = N_("YEMA sends you this because you take part in an exchange, or work with YEMA.")
WHERE = N_("In the app, under Notifications, you can choose what comes by e-mail.")

DOMAIN_MAX = 30
"""A longer one would break lines in the middle of a message's id."""

_DOMAIN = re.compile(r"[A-Za-z0-9.-]+")


def mail_of(message: Outgoing, settings: Settings) -> Mail:
    """The mail. Its id is the delivery's, so that one that comes twice is known; all of one topic answer to an id that stands for it,
    so that mail programs show them as one conversation (RFC 5322, 3.6.4)."""
    wanted, domain = (message.locale,), _domain(settings.mail_from)
    parts = [message.body, link_to(message, settings), f"-- \n{gettext(wanted, WHY)}\n{gettext(wanted, WHERE)}"]
    topic = f"<{message.tag}@{domain}>"
    return Mail(
        to=message.address.value,
        subject=message.title,
        text="\n\n".join(part for part in parts if part) + "\n",
        headers={
            "Message-ID": f"<{message.delivery.hex}@{domain}>",
            "In-Reply-To": topic,
            "References": topic,
            "List-Id": f"YEMA <notifications.{domain}>",
            "Auto-Submitted": "auto-generated",  # RFC 3834: no answers of those who are on holiday
            "Content-Language": message.locale,
        },
    )


def _domain(sender: str) -> str:
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return domain if len(domain) <= DOMAIN_MAX and _DOMAIN.fullmatch(domain) else "yema"
