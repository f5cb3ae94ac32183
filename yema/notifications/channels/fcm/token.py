"""Our credentials as firebase-admin sees them: a token that is held ready, and renewed ahead of time in a thread."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import google.auth.credentials
from firebase_admin import credentials
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.auth.transport.requests import Request
from google.oauth2 import service_account

from yema.notifications.channels.fcm.account import Account, Unusable

SCOPE = "https://www.googleapis.com/auth/firebase.messaging"
AHEAD = timedelta(minutes=5)
SECONDS_MAX = 10


class Unreachable(Exception):
    """Nobody answered who could give a token; it is no fault of ours."""


class HeldToken(google.auth.credentials.Credentials):
    """A token that nobody renews while a request is made: google-auth would, and block the loop, twice for each answer 401."""

    def before_request(self, request: Any, method: str, url: str, headers: Any) -> None:
        headers["authorization"] = f"Bearer {self.token}"

    def refresh(self, request: Any) -> None:
        """`Tokens.fresh` does it."""


class Held(credentials.Base):  # type: ignore[misc]
    """What firebase-admin asks for its credentials."""

    def __init__(self) -> None:
        self.credential = HeldToken()  # type: ignore[no-untyped-call]

    def get_credential(self) -> HeldToken:
        return self.credential


class Tokens:
    """Keeps the token fresh."""

    def __init__(self, account: Account) -> None:
        self.held = Held()
        self._renewing = asyncio.Lock()
        self._source: Any = None
        if account.asks:
            try:
                made: Any = service_account.Credentials
                self._source = made.from_service_account_info(account.info, scopes=[SCOPE])
            except (ValueError, GoogleAuthError):
                raise Unusable("credentials_kind") from None
        else:
            self.held.credential.token = "made-up"  # noqa: S105 - for a push service on loopback

    async def fresh(self, *, instead_of: str = "") -> str:
        """The token, good for five minutes and more, and another one than `instead_of`. Raises `RefreshError` or `Unreachable`."""
        async with self._renewing:
            held = self.held.credential
            if self._source is not None and (held.token == instead_of or self._runs_out()):
                try:
                    await asyncio.to_thread(self._source.refresh, _request)
                except TransportError:
                    raise Unreachable from None
                except RefreshError as error:
                    if error.retryable:
                        raise Unreachable from None
                    raise
                held.token = self._source.token
            return str(held.token)

    def _runs_out(self) -> bool:
        expiry: datetime | None = self._source.expiry
        return expiry is None or expiry.replace(tzinfo=UTC) - datetime.now(UTC) < AHEAD


def _request(url: str, **rest: Any) -> Any:
    """A request of google-auth's own, with our patience: it waits for two minutes."""
    return Request()(url, **{**rest, "timeout": SECONDS_MAX})
