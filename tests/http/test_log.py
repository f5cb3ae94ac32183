"""What a log line holds, and what it never does."""

import json
from typing import Any

import httpx
import pytest
from litestar import Litestar, get

from tests import make
from tests.client import TestApp
from tests.http.worlds import manners, problem
from yema.http.log import RequestLog, configure_logs
from yema.http.problems import problem_response
from yema.http.request import YemaRequest
from yema.ids import uuid7

SECRET = "nobody-may-read-this"


def _lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


async def test_a_line_holds_no_token_words_query_or_address(app: TestApp, capsys: pytest.CaptureFixture[str]) -> None:
    exchange = await make.exchange()
    token = await make.token(await make.leader(exchange, name=SECRET))
    client = app.with_token(token)
    configure_logs("debug")

    written = await client.put(
        f"/journal/entries/{uuid7()}?note={SECRET}",
        json=make.entry(exchange, SECRET),
        headers={"user-agent": SECRET, "x-forwarded-for": "203.0.113.9", "idempotency-key": SECRET},
    )
    refused = await client.post(f"/exchanges/{exchange}/slots?{SECRET}", json={"title": SECRET, SECRET: 1})
    missing = await app.anybody.get(f"/{SECRET}")

    text = capsys.readouterr().err
    assert [answer.status_code for answer in (written, refused, missing)] == [201, 400, 404]
    assert len(text.splitlines()) == 3
    assert [word for word in (SECRET, token, "192.0.2.1", "203.0.113.9", str(exchange)) if word in text] == []


async def test_a_line_is_json_with_the_id_of_the_request(app: TestApp, capsys: pytest.CaptureFixture[str]) -> None:
    exchange = await make.exchange()
    client = await app.as_(await make.leader(exchange))
    configure_logs("info")

    answer = await client.post(f"/exchanges/{exchange}/slots", json=make.draft())

    [line] = _lines(capsys)
    assert {name: line[name] for name in ("event", "request_id", "method", "route", "status", "level")} == {
        "event": "request",
        "request_id": answer.headers["x-request-id"],
        "method": "POST",
        "route": "/api/v1/exchanges/{exchange_id}/slots",
        "status": 201,
        "level": "info",
    }
    assert line.keys() == {"event", "request_id", "method", "route", "status", "level", "ms", "timestamp"}


async def test_a_read_that_went_well_leaves_no_line(app: TestApp, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs("info")

    await app.anybody.get("/activities")

    assert _lines(capsys) == []


@get("/broken")
async def _broken() -> None:
    raise RuntimeError(f"row with {SECRET}") from ValueError(SECRET)


async def test_a_fault_of_the_program_is_a_problem_without_its_words(capsys: pytest.CaptureFixture[str]) -> None:
    broken = RequestLog(
        Litestar(
            [_broken],
            exception_handlers={Exception: problem_response},
            request_class=YemaRequest,
            logging_config=None,
            openapi_config=None,
        )
    )
    configure_logs("info")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(broken), base_url="http://yema.test") as client:
        answer = await client.get("/broken", headers={"accept-language": "pl"})

    text = capsys.readouterr().err
    unforeseen, request = [json.loads(line) for line in text.splitlines()]
    assert manners(answer) == problem(500, "internal_error")
    assert answer.headers["content-language"] == "pl"
    assert SECRET not in answer.text + text
    assert "Traceback" not in answer.text + text
    assert (unforeseen["event"], unforeseen["kind"], request["status"]) == ("unforeseen", "RuntimeError", 500)
    assert (unforeseen["place"].rpartition(":")[0], unforeseen["request_id"]) == (
        __file__,
        answer.headers["x-request-id"],
    )
