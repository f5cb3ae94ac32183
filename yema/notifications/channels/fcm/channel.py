"""The channel, as `delivering` sees it."""

from collections.abc import Sequence

from yema.notifications.channels import Later, Outcome, Outgoing
from yema.notifications.channels.fcm.helper import Helper, NoAnswer
from yema.settings import Settings


class FcmChannel:
    """FCM, by firebase-admin in a process of its own, which starts with the first message."""

    name = "fcm"
    at_once = 50
    in_flight = 4

    def __init__(self, settings: Settings) -> None:
        self.helper = Helper(settings.fcm_credentials, settings.fcm_url)

    @staticmethod
    def configured(settings: Settings) -> bool:
        """Whether there is a service account; else what would be sent is a line in the log."""
        return bool(settings.fcm_credentials)

    async def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Send these, and say of each, in their order, what became of it. Raises nothing."""
        if not messages:
            return []
        try:
            return await self.helper.ask(messages)
        except NoAnswer:
            return [Later("helper_lost")] * len(messages)

    async def close(self) -> None:
        """Let go of connections."""
        await self.helper.close()
