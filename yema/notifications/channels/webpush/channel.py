"""The channel: encrypts, sends, and reads what the push services answer."""

import asyncio
import logging
import ssl
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from yema.notifications.channels import Broken, Gone, Later, Outcome, Outgoing, Refused, Sent
from yema.notifications.channels.retry_after import retry_after
from yema.notifications.channels.webpush.encrypting import BadKeys, TooBig, encrypt
from yema.notifications.channels.webpush.endpoint import BadEndpoint, Endpoint, read_endpoint
from yema.notifications.channels.webpush.keys import VapidKeyBroken
from yema.notifications.channels.webpush.payload import payload_of
from yema.notifications.channels.webpush.places import Late, Places
from yema.notifications.channels.webpush.standing import Standing
from yema.notifications.channels.webpush.vapid import Vapid
from yema.settings import Settings

if TYPE_CHECKING:
    from yema.notifications.channels.webpush.network import Resolve
    from yema.notifications.channels.webpush.posting import Posting

log = logging.getLogger("yema")

TTL_MAX = timedelta(days=28)
REST = timedelta(minutes=2)
"""A service that somebody has set up themselves, and that keeps us waiting, is left alone for so long: it must not hold up the others."""
SLOW_SECONDS = 3.0
"""So long it may keep us waiting."""
RESTING_MAX = 500


class _Answer(NamedTuple):
    endpoint: Endpoint
    status: int
    after: timedelta | None


class WebPushChannel:
    """One connection pool for each process. `trust` and `resolve` stand for the system's, where push services are our own."""

    name = "webpush"
    at_once = 64
    in_flight = 1  # there are no more places for two: see `places`

    def __init__(
        self, settings: Settings, *, trust: ssl.SSLContext | None = None, resolve: "Resolve | None" = None
    ) -> None:
        self._settings, self._trust, self._resolve = settings, trust, resolve
        self._vapid, self._standing = Vapid(settings), Standing()
        self._opening, self._encrypting, self._places = asyncio.Lock(), asyncio.Lock(), Places()
        self._resting: dict[str, datetime] = {}
        self._posting: Posting | None = None

    @staticmethod
    def configured(settings: Settings) -> bool:
        return bool(settings.vapid_subject)

    async def send(self, messages: Sequence[Outgoing]) -> Sequence[Outcome]:
        found = await asyncio.gather(*(self._send(message) for message in messages))
        now = datetime.now(UTC)
        self._note([answer for answer in found if isinstance(answer, _Answer)], now)
        return [self._outcome(answer, now) if isinstance(answer, _Answer) else answer for answer in found]

    async def close(self) -> None:
        if self._posting is not None:
            await self._posting.close()
            self._posting = None

    async def _send(self, message: Outgoing) -> "_Answer | Outcome":
        try:
            endpoint = read_endpoint(message.address.value, private=self._settings.push_to_private)
            async with self._places.at(endpoint):
                return await self._post(endpoint, message)
        except Late:
            return Later("late", counted=False)
        except VapidKeyBroken:
            return Broken("vapid_key")
        except BadEndpoint:
            return Refused("bad_endpoint")
        except BadKeys:
            return Refused("bad_keys")
        except TooBig:
            return Refused("too_big")
        except Exception as error:  # a channel raises nothing: one message must not stop the others
            log.error("web_push_failed", extra={"kind": type(error).__name__})
            return Later("error")

    async def _post(self, endpoint: Endpoint, message: Outgoing) -> "_Answer | Outcome":
        now = datetime.now(UTC)
        if (rested := self._resting.get(endpoint.domain, now)) > now:
            return Later("resting", rested - now)
        posting = await self._opened()
        plain, kind = payload_of(message, self._settings)
        async with self._encrypting:  # one at a time, so that requests come in between
            body = encrypt(plain, message.address.p256dh, message.address.auth)
            authorization = self._vapid.authorization(endpoint.origin, now)
            await asyncio.sleep(0)
        headers = {
            "Authorization": authorization,
            "Content-Encoding": "aes128gcm",
            "Content-Type": kind,
            "TTL": str(int(min(max(message.expires_at - now, timedelta()), TTL_MAX).total_seconds())),
            "Urgency": "high" if message.urgent else "normal",
            "Topic": message.tag,
        }
        began = time.monotonic()
        found = await posting.post(endpoint.url, headers, body, known=endpoint.known)
        if not endpoint.known and (found == "timeout" or time.monotonic() - began > SLOW_SECONDS):
            self._rest(endpoint.domain, datetime.now(UTC))
        if isinstance(found, tuple):
            status, said = found
            return _Answer(endpoint, status, retry_after(said, now))
        return Refused(found) if found == "private_address" else Later(found)

    def _rest(self, domain: str, now: datetime) -> None:
        if len(self._resting) >= RESTING_MAX:
            self._resting.clear()
        self._resting[domain] = now + REST

    async def _opened(self) -> "Posting":
        async with self._opening:
            if self._posting is None:
                self._posting = await asyncio.to_thread(self._open)
            return self._posting

    def _open(self) -> "Posting":
        """Only where something is sent, and in a thread: libraries are loaded, and all certificates of this machine are read."""
        from yema.notifications.channels.webpush.posting import Posting

        self._vapid.get_ready()
        return Posting(private=self._settings.push_to_private, trust=self._trust, resolve=self._resolve)

    def _note(self, answers: Sequence[_Answer], now: datetime) -> None:
        """Refusals first: what is accepted beside them says that they do not mean us."""
        for answer in answers:
            if answer.status in (401, 403):
                self._standing.refused(answer.endpoint, now)
        for answer in answers:
            if 200 <= answer.status < 300:
                self._standing.accepted(answer.endpoint, now)

    def _outcome(self, answer: _Answer, now: datetime) -> Outcome:
        match answer.status:
            case status if 200 <= status < 300:
                return Sent()
            case 401 | 403:
                return self._standing.outcome(answer.endpoint, now)
            case 404:  # also what a proxy says that was set up wrong; a subscription that is over is 410, too
                return Refused("not_found")
            case 410:
                return Gone("gone")
            case 413:
                return Refused("too_big")
            case 408 | 425 | 429:
                return Later(f"http_{answer.status}", answer.after)
            case status if 400 <= status < 500:
                return Refused(f"http_{status}")
            case status:  # 5xx; and 3xx, as of a network that wants a login: nobody is followed
                return Later(f"http_{status}", answer.after)
