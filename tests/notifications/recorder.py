"""Asks the server what the story says, looks at what push services are handed, and keeps both."""

import json
import re
from typing import Any
from uuid import UUID

import httpx
import time_machine
from firebase_admin import messaging

from tests.client import TestApp
from tests.notifications.trial_channel import TrialChannel
from yema.app import NOTIFICATIONS
from yema.ids import now
from yema.notifications.channels import Outgoing
from yema.notifications.channels.fcm.message import message_of
from yema.notifications.channels.webpush.payload import payload_of
from yema.notifications.loop import run_once
from yema.settings import Settings

JSON = dict[str, Any]
API = "/api/v1"
PUBLIC_URL = "https://yema.example"

_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_SECRET = ("key", "request_id")


class Recorder:
    """Asks the server and looks at what is pushed, and keeps both."""

    def __init__(self, app: TestApp, clock: time_machine.Traveller) -> None:
        self.pairs: dict[str, JSON] = {}
        self.names: dict[str, str] = {}
        self.clock = clock
        self._app = app
        self._clients: dict[str, httpx.AsyncClient] = {}

    def bind(self, name: str, value: object) -> str:
        """The value is shown as `{name}` from now on."""
        return self.names.setdefault(str(value), f"{{{name}}}")

    async def sign_in(self, name: str, person: UUID) -> None:
        self.bind(f"person.{name}", person)
        self._clients[name] = await self._app.as_(person)

    async def ask(self, who: str, method: str, path: str, body: JSON | None = None, **headers: str) -> httpx.Response:
        """Ask and keep nothing."""
        return await self._clients[who].request(method, path, json=body, headers=headers)

    async def record(
        self, name: str, story: str, who: str, method: str, path: str, body: JSON | None = None, *, made: str = ""
    ) -> Any:
        """Ask, and keep the pair; the body of the answer as it came. What was `made` has that name from now on."""
        answer = await self.ask(who, method, path, body)
        if made:
            self.bind(made, answer.json()["id"])
        request = {"method": method, "path": API + path, **({} if body is None else {"body": body})}
        said = {"body": answer.json()} if answer.content else {}
        self._keep(
            name, {"story": story, "as": who, "request": request, "answer": {"status": answer.status_code, **said}}
        )
        return said.get("body")

    async def deliver(self) -> list[Outgoing]:
        """Deliver, and again a minute later what is held for so long; what came, on every channel."""
        channels = {name: TrialChannel(name=name) for name in ("fcm", "webpush", "email")}
        await run_once(NOTIFICATIONS, channels)
        self.clock.shift(61)
        await run_once(NOTIFICATIONS, channels)
        return [message for channel in channels.values() for message in channel.handed]

    def pushed(self, name: str, story: str, message: Outgoing) -> None:
        """Keep what the push service is handed for this device."""
        self.bind("tag", message.tag)
        if message.address.kind == "endpoint":
            payload, kind = payload_of(message, Settings(public_url=PUBLIC_URL))
            self._keep(name, {"story": story, "type": kind, "message": json.loads(payload)})
        else:
            sent = messaging._MessagingService.encode_message(message_of(message, now()))
            self._keep(name, {"story": story, "message": json.loads(json.dumps(sent))})
        self.names.pop(message.tag)

    def _keep(self, name: str, pair: JSON) -> None:
        self.pairs[f"{len(self.pairs) + 1:02}-{name}"] = self._named(pair)

    def _named(self, said: Any, key: str = "thing") -> Any:
        if isinstance(said, dict):
            return {field: self._named(value, field) for field, value in said.items()}
        if isinstance(said, list):
            return [self._named(value, key) for value in said]
        if not isinstance(said, str):
            return said
        if key in _SECRET or said in self.names:
            return self.bind(key, said)
        return _ID.sub(lambda found: self.bind(key, found[0]), said)
