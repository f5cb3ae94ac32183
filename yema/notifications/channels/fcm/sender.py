"""Sending a batch, whatever comes."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from firebase_admin.exceptions import FirebaseError
from google.auth.exceptions import GoogleAuthError

from yema.notifications.channels import Broken, Later, Outcome, Outgoing, Refused, Sent
from yema.notifications.channels.fcm.account import Account, Unusable, read_account
from yema.notifications.channels.fcm.client import SECONDS_MAX, Client
from yema.notifications.channels.fcm.message import TooBig, message_of
from yema.notifications.channels.fcm.outcomes import outcome_of
from yema.notifications.channels.fcm.token import Unreachable

UNDER_WAY_MAX = 50
"""Requests at the same time: to Google they share one connection (HTTP/2), and each waits for a twentieth of a second and more."""
UNDER_WAY_MAX_PLAIN = 10
"""Over plain HTTP each has a connection, and httpcore looks at all of them for each request."""
BEGUN_SECONDS = 30.0
"""What has not been begun after so long is given back: the server waits for 45 s, and then takes us for lost with all that we have."""
UNAUTHENTICATED = Broken("unauthenticated")


class Sender:
    """Reads the account's file when it is first needed, and again after we were not accepted: somebody may have put it right."""

    def __init__(self, credentials: str, url: str) -> None:
        self._path, self._url = Path(credentials), url
        self._client: Client | None = None
        self._account: Account | None = None
        self._doubted = False
        self._opening = asyncio.Lock()
        self._places = asyncio.Semaphore(UNDER_WAY_MAX_PLAIN if url.startswith("http://") else UNDER_WAY_MAX)

    async def send(self, messages: Sequence[Outgoing]) -> list[Outcome]:
        """What became of each. Raises nothing."""
        until = asyncio.get_running_loop().time() + BEGUN_SECONDS
        try:
            client = await self._opened()
            token = await client.tokens.fresh()
            outcomes = await self._send_all(client, messages, until)
            if UNAUTHENTICATED in outcomes:
                outcomes = await self._send_again(client, messages, outcomes, token, until)
        except Unusable as fault:
            outcomes = [Broken(str(fault))] * len(messages)
        except GoogleAuthError:
            outcomes = [Broken("token_refused")] * len(messages)
        except Unreachable:
            return [Later("token_unreachable")] * len(messages)
        except Exception as error:
            return [Later(f"unforeseen_{type(error).__name__}"[:60])] * len(messages)
        self._doubted = any(isinstance(outcome, Broken) for outcome in outcomes)
        return outcomes

    async def close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _opened(self) -> Client:
        async with self._opening:
            if self._client is None or self._doubted:
                account = await asyncio.to_thread(read_account, self._path, self._url)
                if self._client is None or account != self._account:
                    await self.close()
                    self._client, self._account = Client(account, self._url), account
            return self._client

    async def _send_all(self, client: Client, messages: Sequence[Outgoing], until: float) -> list[Outcome]:
        return list(await asyncio.gather(*[self._send(client, message, until) for message in messages]))

    async def _send_again(
        self, client: Client, messages: Sequence[Outgoing], outcomes: list[Outcome], token: str, until: float
    ) -> list[Outcome]:
        """With another token, once: the one that we had may have been taken back before its time."""
        if await client.tokens.fresh(instead_of=token) == token:
            return outcomes
        refused = [number for number, outcome in enumerate(outcomes) if outcome == UNAUTHENTICATED]
        again = await self._send_all(client, [messages[number] for number in refused], until)
        for number, outcome in zip(refused, again, strict=True):
            outcomes[number] = outcome
        return outcomes

    async def _send(self, client: Client, outgoing: Outgoing, until: float) -> Outcome:
        now = datetime.now(UTC)
        try:
            message = message_of(outgoing, now)
        except TooBig:
            return Refused("too_big")
        except ValueError:
            return Refused("invalid_message")
        async with self._places:
            if asyncio.get_running_loop().time() > until:
                return Later("late", counted=False)
            try:
                async with asyncio.timeout(SECONDS_MAX):  # httpx counts each step of a request by itself
                    answer = await client.send(message)
            except TimeoutError:
                return Later("timeout")
            except FirebaseError as error:
                return outcome_of(error, now)
        if answer.exception is not None:
            return outcome_of(answer.exception, now)
        return Sent() if answer.success else Later("unreadable_answer")
