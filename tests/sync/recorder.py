"""Asks the server what the story says, and keeps what was asked and answered."""

from typing import Any
from uuid import UUID

import httpx

from tests import make
from tests.client import TestApp
from tests.sync.placeholders import Names

JSON = dict[str, Any]
Asked = tuple[str, JSON | None]
API = "/api/v1"


class Recorder:
    """Asks, and keeps what was asked and answered."""

    def __init__(self, app: TestApp) -> None:
        self.names = Names()
        self.pairs: dict[str, JSON] = {}
        self._app = app
        self._tokens: dict[str, str] = {}

    async def sign_in(self, name: str, person: UUID) -> None:
        tokens = await make.tokens(person)
        self.names.bind(f"person.{name}", person)
        self.names.bind(f"access.{name}", tokens.access_token)
        self.names.bind(f"refresh.{name}", tokens.refresh_token)
        self._tokens[name] = tokens.access_token

    async def record(self, name: str, who: str, asked: Asked, story: str) -> JSON:
        """Ask as somebody, and keep the pair under the next number; the answer, with its placeholders."""
        path, body = asked
        request: JSON = (
            {"method": "GET", "path": path} if body is None else {"method": "POST", "path": path, "body": body}
        )
        answer = await self._send(who, request["method"], path, body)
        said: JSON = self.names.name(answer.json())
        pair = {"story": story, "as": who, "request": request, "answer": {"status": answer.status_code, "body": said}}
        self.pairs[f"{len(self.pairs) + 1:02}-{name}"] = pair
        if "access_token" in answer.json():
            self._tokens[who] = answer.json()["access_token"]
        return said

    async def quietly(self, who: str, asked: Asked, method: str = "POST") -> JSON:
        """Ask and keep nothing; the answer, with its placeholders."""
        answer = await self._send(who, method, *asked)
        assert answer.is_success, answer.text
        assert all(result["status"] == "applied" for result in (answer.content and answer.json().get("results")) or [])
        named: JSON = self.names.name(answer.json()) if answer.content else {}
        return named

    async def _send(self, who: str, method: str, path: str, body: JSON | None) -> httpx.Response:
        client = self._app.with_token(self._tokens[who])
        return await client.request(method, self.names.fill(path).removeprefix(API), json=self.names.fill(body))
