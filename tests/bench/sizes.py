"""What travels: a fresh phone's first pull, and one changed slot, counted as bytes on the wire, with headers."""

from typing import Any, NamedTuple
from uuid import UUID

import httpx

from tests.phone import Phone
from yema.demo.fixtures import read_demo

PULLS_MAX = 3
BYTES_MAX = 700
_API = "/api/v1"


class Sizes(NamedTuple):
    """Requests and bytes of answers; `packs` are files beside them."""

    first_requests: int
    first_bytes: int
    packs: int
    change_requests: int
    change_bytes: int
    question_bytes: int


def sizes(port: int, participant: str, leader: str) -> Sizes:
    """Pull the demo on a fresh phone, move a slot, release that, and pull again."""
    exchange = read_demo().exchanges[0].id
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=10) as phone:
        fresh = Phone(locale="pl")
        first = _pull(phone, participant, fresh)
        _move_one(phone, leader, exchange)
        moved = _pull(phone, participant, fresh)
    asked = sum(len(answer.request.content) + _head(answer.request.headers) for answer in moved)
    return Sizes(len(first), sum(map(_size, first)), len(fresh.all("pack")), len(moved), sum(map(_size, moved)), asked)


def _pull(phone: httpx.Client, token: str, fresh: Phone) -> list[httpx.Response]:
    answers = []
    complete = False
    while not complete:
        headers = {"authorization": f"Bearer {token}", "accept-encoding": "zstd, br"}
        answers.append(phone.post(f"{_API}/sync/pull", json=fresh.to_pull(), headers=headers))
        complete = fresh.pulled(answers[-1].json())
    return answers


def _move_one(phone: httpx.Client, leader: str, exchange: UUID) -> None:
    headers = {"authorization": f"Bearer {leader}"}
    plan = phone.get(f"{_API}/exchanges/{exchange}/itinerary", params={"view": "plan"}, headers=headers).json()
    slot: Any = next(s for day in plan["days"] for s in day["slots"] if s["audience"]["kind"] == "all")
    venue = next(
        v["id"]
        for v in phone.get(f"{_API}/exchanges/{exchange}/venues", headers=headers).json()["items"]
        if v["id"] != slot.get("venue")
    )
    path, moved = f"{_API}/slots/{slot['id']}", {"venue": venue}
    phone.patch(path, json=moved, headers={**headers, "if-match": f'"{slot["version"]}"'}).raise_for_status()
    phone.post(f"{_API}/exchanges/{exchange}/releases", headers=headers).raise_for_status()


def _size(answer: httpx.Response) -> int:
    return (
        len(f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}\r\n")
        + _head(answer.headers)
        + answer.num_bytes_downloaded
    )


def _head(headers: httpx.Headers) -> int:
    return sum(len(name) + len(value) + 4 for name, value in headers.raw) + 2
