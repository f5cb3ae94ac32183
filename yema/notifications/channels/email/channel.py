"""The channel: messages into mails, and what became of the mails into outcomes."""

from collections.abc import Sequence

from yema.mail import Fate, send_mails
from yema.notifications.channels import Broken, Later, Logged, Outcome, Outgoing, Refused, Sent
from yema.notifications.channels.email.writing import mail_of
from yema.settings import Settings


class EmailChannel:
    """Always there: without an SMTP server, mails are files. One connection for each call of `send`."""

    name = "email"
    at_once = 20  # what became of a batch is written at its end: that should be near when somebody stops us
    in_flight = 4

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @staticmethod
    def configured(settings: Settings) -> bool:
        return True

    async def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        mails = (mail_of(message, self._settings) for message in messages)
        outcomes = outcomes_of(await send_mails(self._settings, mails))
        if self._settings.smtp_url:
            return outcomes
        return [Logged() if isinstance(outcome, Sent) else outcome for outcome in outcomes]  # a file reaches nobody

    async def close(self) -> None:
        """Each batch has let go of its connection."""


def outcomes_of(fates: Sequence[Fate]) -> list[Outcome]:
    """What a batch came to. Where each of several is refused and no reason is said, it may be us whom the server does not like."""
    refused = sum(fate in ("mailbox_refused", "mail_refused") for fate in fates)
    doubted = refused > 1 and "sent" not in fates
    return [_outcome(fate, doubted=doubted) for fate in fates]


def _outcome(fate: Fate, *, doubted: bool) -> Outcome:
    match fate:
        case "sent":
            return Sent()
        case "no_mailbox":
            return Refused(fate)
        case "mailbox_refused" | "mail_refused":
            return Later(fate) if doubted else Refused(fate)
        case "smtp_login" | "smtp_sender" | "smtp_policy" | "smtp_tls":
            return Broken(fate)
        case "smtp_busy" | "smtp_trouble" | "connection" | "disk":
            return Later(fate)
