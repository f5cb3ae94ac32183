"""The OpenAPI document: what the generators of the phones read."""

from collections.abc import Iterator
from typing import Any

import pytest

from yema.app import create_app
from yema.http.openapi import document
from yema.settings import Settings


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    return document(create_app(Settings()))


def _operations(described: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, item in described["paths"].items():
        for method, operation in item.items():
            yield f"{method} {path}", operation


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for item in value.values():
            yield from _objects(item)
    elif isinstance(value, list):
        for item in value:
            yield from _objects(item)


def test_every_operation_has_a_name_of_its_own(described: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, operation in _operations(described)]

    assert len(set(names)) == len(names)
    assert [name for name in names if not name.isalnum() or not name[0].islower()] == []


def test_every_operation_says_what_it_does(described: dict[str, Any]) -> None:
    assert [place for place, operation in _operations(described) if not operation.get("description")] == []


def test_every_operation_answers_with_a_problem_by_default(described: dict[str, Any]) -> None:
    found = {
        place: operation["responses"]["default"]["content"]["application/problem+json"]["schema"]
        for place, operation in _operations(described)
    }

    assert found == {place: {"$ref": "#/components/schemas/Problem"} for place in found}


def test_every_operation_takes_a_locale(described: dict[str, Any]) -> None:
    counts = {
        place: [parameter["name"] for parameter in operation["parameters"]].count("locale") - place.count("{locale}")
        for place, operation in _operations(described)
    }

    assert counts == dict.fromkeys(counts, 1)


def test_nothing_is_one_of_something_and_null(described: dict[str, Any]) -> None:
    unions = [
        found for found in _objects(described) for word in ("oneOf", "anyOf") if {"type": "null"} in found.get(word, [])
    ]

    assert unions == []


def test_what_may_be_null_says_so_in_its_type(described: dict[str, Any]) -> None:
    venue = described["components"]["schemas"]["SlotChange"]["properties"]["venue"]

    assert (venue["type"], venue["format"]) == (["string", "null"], "uuid")


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    schemas = described["components"]["schemas"]
    references = {found["$ref"] for found in _objects(described) if isinstance(found.get("$ref"), str)}

    assert {reference for reference in references if reference.rpartition("/")[2] not in schemas} == set()


def test_the_bounds_of_a_parameter_are_told(described: dict[str, Any]) -> None:
    limits = [
        (parameter["schema"].get("minimum"), parameter["schema"].get("maximum"))
        for _, operation in _operations(described)
        for parameter in operation["parameters"]
        if parameter["name"] == "limit"
    ]

    assert set(limits) == {(1, 200)}


def test_only_the_library_and_the_ways_in_need_no_token(described: dict[str, Any]) -> None:
    free = {
        place.split("/api/v1/")[1].split("/")[0]
        for place, operation in _operations(described)
        if "security" not in operation or {} in operation["security"]
    }

    assert free == {"activities", "calendar", "media", "packs", "sign-in"}


def test_no_type_is_named_after_the_file_in_which_it_stands(described: dict[str, Any]) -> None:
    assert [name for name in described["components"]["schemas"] if "." in name] == []
