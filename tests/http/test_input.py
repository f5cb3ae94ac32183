"""What comes in is read strictly, and what cannot be read is the sender's problem."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests import make
from tests.client import TestApp
from tests.http.worlds import JSON, a_world, document, fields, manners, operations, pointers, problem

MIB = 1024 * 1024
HUGE = 10**30


async def _leader(app: TestApp) -> tuple[httpx.AsyncClient, str]:
    exchange = await make.exchange()
    return await app.as_(await make.leader(exchange, await make.group(exchange))), f"/exchanges/{exchange}/slots"


@pytest.mark.parametrize("stated", [True, False])
async def test_a_body_over_a_mebibyte_is_too_large(app: TestApp, stated: bool) -> None:
    leader, slots = await _leader(app)
    content = b'{"title": "' + b"x" * MIB + b'"}'

    async def chunks() -> AsyncIterator[bytes]:
        for start in range(0, len(content), 65_536):
            yield content[start : start + 65_536]

    answer = await leader.post(slots, content=content if stated else chunks(), headers=JSON)

    assert manners(answer) == problem(413, "too_large")


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "", "json", None]
)
async def test_only_json_is_taken(app: TestApp, kind: str | None) -> None:
    leader, slots = await _leader(app)

    answer = await leader.post(slots, content=b"{}", headers={} if kind is None else {"content-type": kind})

    assert manners(answer) == problem(415, "unsupported_media_type")


async def test_a_form_with_files_is_not_taken(app: TestApp) -> None:
    leader, slots = await _leader(app)

    assert manners(await leader.post(slots, files={"a": b"b"})) == problem(415, "unsupported_media_type")


async def test_json_may_say_its_character_set(app: TestApp) -> None:
    leader, slots = await _leader(app)

    answer = await leader.post(slots, json=make.draft(), headers={"content-type": "Application/JSON; charset=utf-8"})

    assert answer.status_code == 201


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"nonsense",
        b"\xff",
        b'{"kind": "me',
        b'{"title": "\\ud800"}',
        b'{"title": "\xed\xa0\x80"}',
        b'{"title": "\xff"}',
        b'{"kind": NaN}',
        b"\xef\xbb\xbf{}",
        b'{"nested": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    ],
    ids=str,
)
async def test_what_is_not_json_is_refused(app: TestApp, content: bytes) -> None:
    leader, slots = await _leader(app)

    answer = await leader.post(slots, content=content, headers=JSON)

    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")
    assert answer.json()["request_id"] == answer.headers["x-request-id"]


async def test_a_hundred_thousand_brackets_are_refused(app: TestApp) -> None:
    leader, slots = await _leader(app)

    answers = [
        await leader.post(slots, content=content, headers=JSON)
        for content in (b"[" * 100_000, b'{"audience":' * 50_000, b"[" * 100_000 + b"]" * 100_000)
    ]

    assert [answer.status_code for answer in answers] == [400, 400, 400]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"a/b~c": 1}, [("/a~1b~0c", "unknown_field")]),
        ({"titel": "Lunch"}, [("/titel", "unknown_field")]),
        ({"audience": {"kind": "all", "grups": []}}, [("/audience/grups", "unknown_field")]),
        ({"audience": {"kind": "groups", "groups": ["x"]}}, [("/audience/groups/0", "bad_id")]),
        ({"kind": "party"}, [("/kind", "not_allowed")]),
        ({"kind": 1}, [("/kind", "wrong_type")]),
        ({"title": ""}, [("/title", "too_short")]),
        ({"title": "x" * 201}, [("/title", "too_long")]),
        ({"title": None}, [("/title", "wrong_type")]),
        ({"starts_at": "2027-07-14T10:00:00"}, [("/starts_at", "bad_time")]),
        ({"starts_at": "yesterday"}, [("/starts_at", "bad_time")]),
        ({"starts_at": "9999-12-31T23:00:00Z"}, [("/starts_at", "bad_time")]),
        ({"ends_at": "0001-01-01T00:00:00+14:00"}, [("/ends_at", "bad_time")]),
        ({"venue": "lawn"}, [("/venue", "bad_id")]),
    ],
)
async def test_a_refused_field_is_pointed_at(
    app: TestApp, change: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    leader, slots = await _leader(app)

    answer = await leader.post(slots, json=make.draft() | change)

    assert manners(answer) == problem(400, "invalid")
    assert pointers(answer) == expected


async def test_a_missing_field_is_pointed_at(app: TestApp) -> None:
    leader, slots = await _leader(app)
    draft = make.draft()
    del draft["starts_at"]

    assert pointers(await leader.post(slots, json=draft)) == [("/starts_at", "required")]


async def test_a_text_is_not_a_number(app: TestApp) -> None:
    leader, slots = await _leader(app)

    answer = await leader.post(slots.replace("slots", "join-codes"), json={"uses_max": "1"})

    assert manners(answer) == problem(400, "invalid")
    assert pointers(answer) == [("/uses_max", "wrong_type")]


async def test_a_number_past_64_bits_is_refused_in_every_field_and_parameter(app: TestApp) -> None:
    world, described = await a_world(app), await document(app)
    found = {}
    for path, method, operation in operations(described):
        for name, schema in fields(described, operation).items():
            if schema.get("type") == "integer":
                answer = await world.client.request(method, world.path(path), json={name: HUGE})
                found[operation["operationId"], name] = (answer.status_code, [at for at, _ in pointers(answer)])
        for parameter in operation["parameters"]:
            if parameter["in"] == "query" and "integer" in str(parameter["schema"].get("type")):
                answer = await world.client.request(method, world.path(path), params={parameter["name"]: HUGE})
                found[operation["operationId"], parameter["name"]] = (
                    answer.status_code,
                    [at for at, _ in pointers(answer)],
                )

    assert found == {(operation, name): (400, [f"/{name}"]) for operation, name in found}
    assert len(found) > 8


async def test_no_text_field_takes_nul(app: TestApp) -> None:
    world, described = await a_world(app), await document(app)
    found = {}
    for path, method, operation in operations(described):
        for name, schema in fields(described, operation).items():
            if schema.get("type") == "string" and not {"format", "enum"} & schema.keys():
                answer = await world.client.request(method, world.path(path), json={name: "2009-05-01\0"})
                found[operation["operationId"], name] = (answer.status_code, pointers(answer))

    assert found == {(operation, name): (400, [(f"/{name}", "bad_characters")]) for operation, name in found}
    assert len(found) > 8


async def test_no_text_parameter_takes_nul(app: TestApp) -> None:
    world, described = await a_world(app), await document(app)
    found = {}
    for path, method, operation in operations(described):
        for parameter in operation["parameters"]:
            if parameter["in"] == "query" and parameter["name"] != "locale":
                answer = await world.client.request(method, f"{world.path(path)}?{parameter['name']}=a%00")
                found[operation["operationId"], parameter["name"]] = answer.status_code

    assert found == dict.fromkeys(found, 400)
    assert len(found) > 15


@pytest.mark.parametrize("value", ["%00", "%FF", "x" * 10_000, "pl%00", "%ED%A0%80", ""])
async def test_a_language_that_makes_no_sense_is_not_asked_for(app: TestApp, value: str) -> None:
    answer = await app.anybody.get(f"/activities?locale={value}")

    assert answer.status_code == 200


@pytest.mark.parametrize("value", ["%FF", "%ED%A0%80", "%F0%9F%8C%8A", "%2500"])
async def test_a_search_for_strange_bytes_is_no_fault_of_the_server(app: TestApp, value: str) -> None:
    await make.small_pack()

    answer = await app.anybody.get(f"/activities?q={value}")

    assert answer.status_code < 500


@pytest.mark.parametrize("path", ["/activities?pack=x", "/activities?pack=", "/activities?pack=123"])
async def test_a_query_with_a_broken_id_is_refused(app: TestApp, path: str) -> None:
    answer = await app.anybody.get(path)

    assert manners(answer) == problem(400, "invalid")
    assert pointers(answer) == [("/pack", "invalid")]


@pytest.mark.parametrize("query", ["method=party", "energy=1", "minutes_max=1.5", "minutes_max=ten", "age=-1"])
async def test_a_filter_outside_its_bounds_is_refused(app: TestApp, query: str) -> None:
    answer = await app.anybody.get(f"/activities?{query}")

    assert manners(answer) == problem(400, "invalid")
    assert pointers(answer) == [(f"/{query.partition('=')[0]}", "invalid")]


async def test_an_empty_body_is_not_json(app: TestApp) -> None:
    leader, slots = await _leader(app)

    empty, untyped = await leader.post(slots, headers=JSON), await leader.post(slots)

    assert manners(empty) == problem(400, "not_json")
    assert manners(untyped) == problem(400, "not_json")
