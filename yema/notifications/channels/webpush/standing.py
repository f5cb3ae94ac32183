"""Whether a push service that says 401 or 403 means one browser, or us.

A browser that subscribed under another key is refused for ever, and anybody can register such a one; a wrong key or clock of ours is
refused everywhere. So:

- where that service has lately accepted something of ours, it means this browser: `Refused`;
- where services of big browsers refuse at least two browsers, and none of them has lately accepted anything: `Broken`;
- else nobody knows yet: `Later`. A service that somebody has set up themselves never closes the way for all.
"""

from datetime import datetime, timedelta

from yema.notifications.channels import Broken, Later, Outcome, Refused
from yema.notifications.channels.webpush.endpoint import Endpoint

LATELY = timedelta(minutes=15)
REMEMBERED = timedelta(hours=1)
WITNESSES = 2
KEPT_MAX = 1000

CODE = "not_authorised"


class Standing:
    """What services have said of us, in this process. Told of all answers of a batch before it is asked: the refusals first."""

    def __init__(self) -> None:
        self._trusted_at: datetime | None = None
        self._accepted: dict[str, datetime] = {}
        self._refused: dict[str, datetime] = {}

    def accepted(self, endpoint: Endpoint, now: datetime) -> None:
        if len(self._accepted) >= KEPT_MAX:
            self._accepted.clear()
        self._accepted[endpoint.origin] = now
        if endpoint.known:
            self._trusted_at = now
            self._refused.clear()

    def refused(self, endpoint: Endpoint, now: datetime) -> None:
        if endpoint.known and len(self._refused) < KEPT_MAX:
            self._refused[endpoint.url] = now

    def outcome(self, endpoint: Endpoint, now: datetime) -> Outcome:
        """Of a message that this endpoint answered with 401 or 403."""
        accepted_at = self._accepted.get(endpoint.origin)
        if accepted_at is not None and now - accepted_at < LATELY:
            return Refused(CODE)
        self._refused = {url: at for url, at in self._refused.items() if now - at < REMEMBERED}
        trusted = self._trusted_at is not None and now - self._trusted_at < LATELY
        if endpoint.known and not trusted and len(self._refused) >= WITNESSES:
            return Broken(CODE)
        return Later(CODE)
