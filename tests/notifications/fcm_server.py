"""A push service that only seems to be Google's: FCM HTTP v1 and its token endpoint, on loopback, in a thread or a process of its own."""

import asyncio
import json
import random
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

DETAIL = "type.googleapis.com/google.firebase.fcm.v1.FcmError"


class Answer(NamedTuple):
    """What is answered. `code` stands in an FcmError beside it; `body`, if any, instead of everything; status 0 hangs up."""

    status: int
    state: str = ""
    code: str = ""
    headers: Mapping[str, str] = {}
    body: bytes | None = None
    seconds: float = 0

    def content(self) -> bytes:
        if self.body is not None:
            return self.body
        details = [{"@type": DETAIL, "errorCode": self.code}] if self.code else []
        said = {"code": self.status, "status": self.state, "message": "Not this time.", "details": details}
        return json.dumps({"error": said}).encode()


TAKEN = Answer(200, body=b'{"name":"projects/p/messages/1"}')
UNREGISTERED = Answer(404, "NOT_FOUND", "UNREGISTERED")
BARE_404 = Answer(404, "NOT_FOUND")
BARE_401 = Answer(401, "UNAUTHENTICATED")
BARE_403 = Answer(403, "PERMISSION_DENIED")
UNAVAILABLE = Answer(503, "UNAVAILABLE", "UNAVAILABLE")
QUOTA = Answer(429, "RESOURCE_EXHAUSTED", "QUOTA_EXCEEDED")
DROPPED = Answer(0)


class Received(NamedTuple):
    """A request for one message. `to` is its token or installation, `answered` the status (0: hung up)."""

    to: str
    message: dict[str, Any]
    path: str
    authorization: str
    answered: int


class FakeFcm:
    """`answers` by token or installation, `shares` of all others (`(share, answer)`, together at most 1); what remains is taken."""

    def __init__(self, seed: int = 1) -> None:
        self.answers: dict[str, Answer] = {}
        self.shares: list[tuple[float, Answer]] = []
        self.tokens = Answer(200)
        self.token_requests = 0
        self.received: list[Received] = []
        self.connections = 0
        self.open: set[asyncio.Transport] = set()
        self.refused_authorizations: set[str] = set()
        self.url = ""
        self._chance = random.Random(seed)

    def everything(self, answer: Answer) -> None:
        """Answer everybody so."""
        self.shares = [(1.0, answer)]

    def sent(self) -> Counter[str]:
        """How often which address was taken."""
        return Counter(one.to for one in self.received if one.answered == 200)

    async def serve(self, ready: threading.Event, port: int = 0) -> None:
        server = await asyncio.get_running_loop().create_server(lambda: _Connection(self), "127.0.0.1", port)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        try:
            await server.serve_forever()
        finally:
            server.close()
            for transport in list(self.open):
                transport.abort()
            await asyncio.sleep(0)  # they are closed in the next turn of the loop

    def answer_to(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """Judge one request and write it down."""
        if path == "/token":
            return self._token()
        if path == "/control":
            return self._control(body)
        message = json.loads(body)["message"]
        to = message.get("token") or message.get("fid", "")
        said = headers.get("authorization", "")
        answer = BARE_401 if said in self.refused_authorizations else self._answer_for(to)
        self.received.append(Received(to, message, path, said, answer.status))
        return answer

    def _token(self) -> Answer:
        self.token_requests += 1
        if self.tokens.status != 200:
            return self.tokens
        said = {"access_token": f"token-{self.token_requests}", "expires_in": 3600, "token_type": "Bearer"}
        return Answer(200, body=json.dumps(said).encode())

    def _control(self, body: bytes) -> Answer:
        """For a process of its own: `{"answers": {to: [status, state, code]}, "shares": [[share, [...]]]}`; answers with what came."""
        told = json.loads(body or b"{}")
        self.answers |= {to: Answer(*answer) for to, answer in told.get("answers", {}).items()}
        if "shares" in told:
            self.shares = [(share, Answer(*answer)) for share, answer in told["shares"]]
        came = [(one.to, one.answered) for one in self.received]
        return Answer(200, body=json.dumps({"received": came, "connections": self.connections}).encode())

    def _answer_for(self, to: str) -> Answer:
        if to in self.answers:
            return self.answers[to]
        drawn = self._chance.random()
        for share, answer in self.shares:
            if drawn < share:
                return answer
            drawn -= share
        return TAKEN


class _Connection(asyncio.Protocol):
    """HTTP/1.1, as much of it as is needed."""

    def __init__(self, fcm: FakeFcm) -> None:
        self._fcm = fcm
        self._came = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._fcm.connections += 1
        self._transport = transport
        self._fcm.open.add(transport)

    def connection_lost(self, _: Exception | None) -> None:
        if self._transport is not None:
            self._fcm.open.discard(self._transport)

    def data_received(self, data: bytes) -> None:
        self._came += data
        while (end := self._came.find(b"\r\n\r\n")) >= 0:
            first, *lines = self._came[:end].decode("latin-1").split("\r\n")
            headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
            begins, length = end + 4, int(headers.get("content-length", 0))
            if len(self._came) < begins + length:
                return
            body, self._came = self._came[begins : begins + length], self._came[begins + length :]
            self._answer(self._fcm.answer_to(first.split()[1], headers, body))

    def _answer(self, answer: Answer) -> None:
        if answer.seconds:
            asyncio.get_running_loop().call_later(answer.seconds, self._answer, answer._replace(seconds=0))
            return
        assert self._transport is not None
        if not answer.status:
            self._transport.abort()
            return
        content = answer.content()
        more = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
        head = f"HTTP/1.1 {answer.status} X\r\ncontent-type: application/json\r\n{more}content-length: {len(content)}\r\n\r\n"
        self._transport.write(head.encode() + content)


@contextmanager
def fake_fcm(seed: int = 1) -> Iterator[FakeFcm]:
    """One in a thread of its own."""
    fcm, ready = FakeFcm(seed), threading.Event()
    loop = asyncio.new_event_loop()
    task = loop.create_task(fcm.serve(ready))

    def run() -> None:
        try:
            loop.run_until_complete(task)
        except asyncio.CancelledError:
            pass
        finally:
            loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield fcm
    finally:
        loop.call_soon_threadsafe(task.cancel)
        thread.join(10)


if __name__ == "__main__":
    import sys

    class Said(threading.Event):
        def set(self) -> None:
            sys.stdout.write(f"{alone.url}\n")
            sys.stdout.flush()

    alone = FakeFcm()
    asyncio.run(alone.serve(Said(), int(sys.argv[1]) if len(sys.argv) > 1 else 0))
