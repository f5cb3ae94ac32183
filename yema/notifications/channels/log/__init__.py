"""The channel of a house without keys: a line in the log where a message would have been sent, without words, tokens or addresses."""

import logging
from collections import Counter
from collections.abc import Sequence

from yema.notifications.channels import Logged, Outcome, Outgoing

log = logging.getLogger("yema")


class LogChannel:
    """Stands where a channel is not set up, under that channel's name."""

    at_once = 200
    in_flight = 4

    def __init__(self, name: str) -> None:
        self.name = name

    async def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        """One line for each platform and kind, with how many there were."""
        counted = Counter((message.address.platform, message.data.get("kind", "")) for message in messages)
        for (platform, kind), count in counted.items():
            log.info(f"would have been sent by {self.name} to {platform}", extra={"kind": kind, "count": count})
        return [Logged()] * len(messages)

    async def close(self) -> None:
        """There is nothing to let go of."""
