"""firebase-admin's own asynchronous client, set up: one for each process, for it dies on a second event loop."""

import itertools
from typing import Any

import firebase_admin
from firebase_admin import messaging
from firebase_admin._retry import HttpxRetry

from yema.notifications.channels.fcm.account import Account
from yema.notifications.channels.fcm.token import Tokens

SECONDS_MAX = 10
_numbers = itertools.count()


class Client:
    """Sends one message at a time."""

    def __init__(self, account: Account, url: str) -> None:
        """`url` is another push service than Google's, if any. Raises `Unusable`."""
        self.tokens = Tokens(account)
        options = {"projectId": account.project, "httpTimeout": SECONDS_MAX}
        self._app = firebase_admin.initialize_app(self.tokens.held, options, name=f"yema-{next(_numbers)}")
        self._service = messaging._get_messaging_service(self._app)
        if url:
            self._service._fcm_url = f"{url.rstrip('/')}/v1/projects/{account.project}/messages:send"
        _leave_retries_to_us(self._service._async_client)

    async def send(self, message: messaging.Message) -> messaging.SendResponse:
        """Raises `FirebaseError` where the answer cannot be read."""
        # One by one: an answer that cannot be read would take the whole batch with it.
        answers = await messaging.send_each_async([message], app=self._app)
        return answers.responses[0]

    async def close(self) -> None:
        await self._service._async_client.aclose()
        # The app's own way of closing would start another event loop.
        self._service.close = lambda: None
        firebase_admin.delete_app(self._app)


def _leave_retries_to_us(client: Any) -> None:
    """Inside, a 503 is asked again four times without looking at Retry-After, and a 401 twice. Delivering has a back-off of its own."""
    for transport in client._mounts.values():
        transport._retry = HttpxRetry(max_retries=0, status_forcelist=[])
    client._async_client.auth._max_refresh_attempts = 0
