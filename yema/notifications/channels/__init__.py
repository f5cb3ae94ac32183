"""The ways out of the house. Each channel is a folder that knows one protocol and nothing of the database."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal, NamedTuple, Protocol
from uuid import UUID

Platform = Literal["android", "ios", "web", "mail"]


class Address(NamedTuple):
    """Where it goes: an FCM token or installation, a push service's URL with the browser's keys (base64url), or a mailbox."""

    kind: Literal["token", "fid", "endpoint", "mailbox"]
    value: str
    platform: Platform
    p256dh: str = ""
    auth: str = ""


class Outgoing(NamedTuple):
    """A message ready to be sent. `delivery` is the id of its delivery.

    `locale` is the language that the words are in. `tag` (32 characters of base64url at most) is the topic's: on the device, a newer
    message takes the place of an older one with the same. `data` are the ids from which the app fetches the rest; all values are text.
    `expires_at` is when nobody needs it any more.
    """

    delivery: UUID
    address: Address
    locale: str
    title: str
    body: str
    tag: str
    data: Mapping[str, str]
    urgent: bool
    expires_at: datetime


class Sent(NamedTuple):
    """The channel has taken it."""


class Logged(NamedTuple):
    """It was written down in this house, and goes to nobody: the channel is not set up."""


class Later(NamedTuple):
    """Not now; not before `after`, where the channel says when. Not `counted`: it was not tried, and is taken up again at once."""

    code: str
    after: timedelta | None = None
    counted: bool = True


class Gone(NamedTuple):
    """This address is no more, by the channel's own and unmistakable word."""

    code: str


class Refused(NamedTuple):
    """The channel will never take this message; the address may be good for others."""

    code: str


class Broken(NamedTuple):
    """Nobody's message goes: our credentials, or who we are, are not accepted. Says nothing of any address."""

    code: str


Outcome = Sent | Logged | Later | Gone | Refused | Broken


class Channel(Protocol):
    """One way out. `at_once` is how many messages a call of `send` takes at most, `in_flight` how many calls there may be at once."""

    name: str
    at_once: int
    in_flight: int

    async def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        """Send these, and say of each, in their order, what became of it. Raises nothing."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...
