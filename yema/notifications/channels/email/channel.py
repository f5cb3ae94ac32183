"""The channel: messages into mails, and what became of the mails into outcomes."""

from collections.abc import Sequence

from yema.mail import Fate, send_mails
from yema.notifications.channels import Broken, Later, Outcome, Outgoing, Refused, Sent
from yema.notifications.channels.email.writing import mail_of
from yema.settings import Settings


class EmailChannel:
    """Always there: without an SMTP server, mails are files. One connection for each call of `send`."""

    name = "email"
    at_once = 200

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @staticmethod
    def configured(settings: Settings) -> bool:
        return True

    async def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        mails = [mail_of(message, self._settings) for message in messages]
        return [_outcome(fate) for fate in await send_mails(self._settings, mails)]

    async def close(self) -> None:
        """Each batch has let go of its connection."""


def _outcome(fate: Fate) -> Outcome:
    match fate:
        case "sent":
            return Sent()
        case "mailbox_refused" | "mail_refused":
            return Refused(fate)
        case "smtp_login" | "smtp_sender":
            return Broken(fate)
        case "smtp_busy" | "connection" | "disk":
            return Later(fate)
