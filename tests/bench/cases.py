"""The cases: what a phone asks most often, as requests over the wire for both servers."""

from pathlib import Path
from typing import NamedTuple
from uuid import UUID

import httpx
import msgspec
from msgspec import Struct

from tests import make
from tests.bench.bare import Answer
from tests.bench.exchange import Big
from tests.bench.library import filters, wishes
from tests.bench.load import NEW_ID, NEW_WISH
from tests.phone import Phone
from yema.demo.fill import fill
from yema.demo.fixtures import person_id, read_demo
from yema.house import open_house
from yema.ids import uuid7
from yema.settings import Settings

READ_LIMIT = 1.6
PULL_LIMIT = 2.5
WRITE_LIMIT = 6.0
SEARCH_MICROSECONDS = 2000
BIG_LIMIT = 1.5
WARNINGS_MICROSECONDS = 30_000
ELIGIBILITY_MICROSECONDS = 5_000
PUSHED = 5
PUSHES_MIN = 200
_API = "/api/v1"
_MANNERS = {"accept": "application/json", "accept-encoding": "br", "accept-language": "pl", "user-agent": "YEMA/1.0"}
_SENTENCE = "Dzisiaj szukaliśmy źródła rzeki i rozmawialiśmy o wodzie u nas w domu. "
ENTRY_TEXT = _SENTENCE * 8


class Case(Struct):
    """A request, the answer to it, and how many times a bare handler's CPU it may cost.

    Or how many there must be in a second, or how many microseconds of CPU one may cost. `wishes` make each request another one.
    """

    method: str
    path: str
    headers: dict[str, str]
    body: str
    limit: float | None
    answer: Answer
    rate_min: int | None = None
    cpu_max: int | None = None
    wishes: list[str] = []

    @property
    def request(self) -> str:
        """The request to ours."""
        return self._to(self.path)

    @property
    def bare_request(self) -> str:
        """The same request to the bare handler: only the path differs."""
        return self._to(self.answer.path)

    def _to(self, path: str) -> str:
        return _wire(self.method, path, self.headers, self.body)


class Tokens(NamedTuple):
    """Access tokens: of a participant who writes, of one who waits for news, and of a leader."""

    writing: str
    waiting: str
    leader: str


async def demo_with_tokens(data: Path) -> Tokens:
    """Fill a data folder with the demo."""
    settings = Settings(data=data)
    async with open_house(settings):
        await fill(settings)
        return Tokens(*[await make.token(person_id(who)) for who in ("participant", "participant2", "leader")])


def cases_of(port: int, tokens: Tokens) -> list[Case]:
    """The cases, each asked of ours once to see what the bare handler has to answer."""
    exchange = read_demo().exchanges[0].id
    signed_in = {"authorization": f"Bearer {tokens.writing}"}
    entry = msgspec.json.encode(make.entry(exchange, ENTRY_TEXT, locale="pl", mood=4)).decode()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=_MANNERS, timeout=10) as phone:
        cards = phone.get(f"{_API}/activities")
        one = f"{_API}/activities/{cards.json()['items'][0]['id']}"
        itinerary = f"{_API}/exchanges/{exchange}/itinerary"
        writing = {**signed_in, "content-type": "application/json"}
        # Asked first: an entry moves its author's space, and the itinerary's ETag with it.
        written = _case(phone, "entry", "PUT", f"{_API}/journal/entries/{NEW_ID}", writing, entry, limit=WRITE_LIMIT)
        seen = {**signed_in, "if-none-match": phone.get(itinerary, headers=signed_in).headers["etag"]}
        return [
            _case(phone, "cards", "GET", f"{_API}/activities", {}),
            _case(phone, "activity", "GET", one, {}),
            _case(phone, "itinerary", "GET", itinerary, signed_in),
            _case(phone, "itinerary-304", "GET", itinerary, seen),
            _nothing_new(phone, {**writing, "authorization": f"Bearer {tokens.waiting}"}),
            written,
            _push(phone, writing, exchange),
        ]


def library_cases_of(port: int) -> list[Case]:
    """What people look for in a library of two thousand activities; no two searches are the same."""
    asked = wishes()
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=_MANNERS, timeout=10) as phone:
        return [
            _case(phone, "first page of 2,000", "GET", f"{_API}/activities", {}),
            _searched(phone, "search in 2,000", [f"locale=en&{wish}" for wish in asked]),
            _searched(phone, "filters, 2,000", filters()),
        ]


def exchange_cases_of(port: int, big: Big) -> list[Case]:
    """What is asked of a long exchange with many people."""
    place = f"{_API}/exchanges/{big.exchange}"
    participant, leader = ({"authorization": f"Bearer {token}"} for token in (big.participant, big.leader))
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=_MANNERS, timeout=10) as phone:
        itinerary = _case(phone, "itinerary, 400 slots", "GET", f"{place}/itinerary", participant, limit=BIG_LIMIT)
        warnings = _case(phone, "warnings, 400 slots", "GET", f"{place}/warnings", leader, limit=None)
        warnings.cpu_max = WARNINGS_MICROSECONDS
        eligibility = _case(phone, "eligibility, 80 people", "GET", f"{place}/eligibility", leader, limit=None)
        eligibility.cpu_max = ELIGIBILITY_MICROSECONDS
        return [itinerary, warnings, eligibility]


def _searched(phone: httpx.Client, name: str, asked: list[str]) -> Case:
    """Searches; the bare handler answers as many bytes as one of middling size has."""
    some = asked[:: len(asked) // 50]
    by_size = sorted((len(_sent(phone, f"{_API}/activities?{wish}")), wish) for wish in some)
    case = _case(phone, name, "GET", f"{_API}/activities?{by_size[len(by_size) // 2][1]}", {}, limit=None)
    case.path, case.cpu_max, case.wishes = f"{_API}/activities?{NEW_WISH}", SEARCH_MICROSECONDS, asked
    return case


def _nothing_new(phone: httpx.Client, headers: dict[str, str]) -> Case:
    """What a phone asks most often of all."""
    ask = Phone(locale="pl")
    while not ask.pulled(phone.post(f"{_API}/sync/pull", json=ask.to_pull(), headers=headers).json()):
        pass
    body = msgspec.json.encode(ask.to_pull()).decode()
    return _case(phone, "pull, nothing new", "POST", f"{_API}/sync/pull", headers, body, limit=PULL_LIMIT)


def _push(phone: httpx.Client, headers: dict[str, str], exchange: UUID) -> Case:
    """Entries that were written offline, each a transaction of its own."""
    writer = Phone(locale="pl")
    for _ in range(PUSHED):
        writer.write(exchange, ENTRY_TEXT, mood=4)
    body = writer.to_push()
    assert body is not None
    for mutation in body["mutations"]:
        mutation.update(mutation_id=NEW_ID, id=NEW_ID)
    text = msgspec.json.encode(body).decode()
    return _case(
        phone, f"push of {PUSHED} entries", "POST", f"{_API}/sync/push", headers, text, limit=None, rate_min=PUSHES_MIN
    )


def _case(
    phone: httpx.Client,
    name: str,
    method: str,
    path: str,
    headers: dict[str, str],
    body: str = "",
    *,
    limit: float | None = READ_LIMIT,
    rate_min: int | None = None,
) -> Case:
    path_once, body_once = _with_ids(path), _with_ids(body)
    with phone.stream(method, path_once, headers=headers, content=body_once.encode() or None) as answered:
        sent = b"".join(answered.iter_raw())
    if answered.status_code not in (200, 201, 304):
        raise RuntimeError(f"{method} {path_once} was answered with {answered.status_code}: {sent[:500]!r}")
    media_type = answered.headers.get("content-type", "application/json")
    return Case(
        method=method,
        path=path,
        headers={"host": "yema.test", **_MANNERS, **headers},
        body=body,
        limit=limit,
        answer=Answer(name, method, answered.status_code, media_type, len(sent)),
        rate_min=rate_min,
    )


def _sent(phone: httpx.Client, path: str) -> bytes:
    with phone.stream("GET", path) as answered:
        return b"".join(answered.iter_raw())


def _with_ids(text: str) -> str:
    first, *others = text.split(NEW_ID)
    return "".join([first, *(f"{uuid7()}{other}" for other in others)])


def _wire(method: str, path: str, headers: dict[str, str], body: str) -> str:
    if body:
        headers = {**headers, "content-length": str(len(body.encode()))}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines) + "\r\n\r\n" + body
