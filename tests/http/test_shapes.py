"""Every shape on the wire keeps the rules of its kind."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from msgspec import UNSET, inspect
from msgspec.structs import fields

from yema.app import create_app
from yema.settings import Settings
from yema.shapes import Code, Draft, Email, Tag, View, given, present

# Wiring the application imports every slice, and so every shape.
create_app(Settings())


def _subclasses(kind: type) -> Iterator[type]:
    found: type
    for found in kind.__subclasses__():
        if found.__module__.startswith("yema."):
            yield found
        yield from _subclasses(found)


DRAFTS = sorted(set(_subclasses(Draft)), key=lambda kind: kind.__name__)
VIEWS = sorted(set(_subclasses(View)), key=lambda kind: kind.__name__)


def _faults(kind: Any, place: str) -> Iterator[str]:
    """What is without bounds in a type, and in the types of which it is made."""
    check = _CHECKS.get(type(kind))
    if check and (fault := check(kind)):
        yield f"{place}: {fault}"
    for inner in (*getattr(kind, "types", ()), *_inner(kind)):
        yield from _faults(inner, place)


def _inner(kind: Any) -> list[Any]:
    names = ("item_type", "key_type", "value_type")
    return [getattr(kind, name) for name in names if hasattr(kind, name)]


def _text(kind: inspect.StrType) -> str:
    if kind.max_length is None and (kind.pattern is None or re.search(r"[*+]", kind.pattern)):
        return "a text without a longest length"
    return "a text that takes NUL" if kind.pattern is None or re.search(kind.pattern, "2009-05\0") else ""


def _number(kind: inspect.IntType | inspect.FloatType) -> str:
    return "a number without bounds" if kind.le is None or kind.ge is kind.gt is None else ""


def _many(kind: inspect.ListType | inspect.DictType) -> str:
    return "more and more of them" if kind.max_length is None else ""


def _raw(_: Any) -> str:
    """Sync's mutations and their data are read later, each into a draft of its own."""
    return ""


def _anything(_: Any) -> str:
    return "takes anything"


_CHECKS: dict[type, Callable[[Any], str]] = {
    inspect.StrType: _text,
    inspect.IntType: _number,
    inspect.FloatType: _number,
    inspect.ListType: _many,
    inspect.SetType: _many,
    inspect.VarTupleType: _many,
    inspect.DictType: _many,
    inspect.AnyType: _anything,
    inspect.RawType: _raw,
    inspect.BytesType: _anything,
}


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda kind: kind.__name__)
def test_nothing_in_a_draft_is_without_bounds(draft: type) -> None:
    found = inspect.type_info(draft)
    assert isinstance(found, inspect.StructType)

    assert [fault for field in found.fields for fault in _faults(field.type, field.encode_name)] == []


@pytest.mark.parametrize("draft", DRAFTS, ids=lambda kind: kind.__name__)
def test_a_draft_refuses_unknown_fields(draft: type) -> None:
    assert draft.__struct_config__.forbid_unknown_fields is True  # type: ignore[attr-defined]


@pytest.mark.parametrize("view", VIEWS, ids=lambda kind: kind.__name__)
def test_a_view_leaves_out_what_is_absent(view: type) -> None:
    optional = {field.name: field.default for field in fields(view) if not field.required}

    assert view.__struct_config__.omit_defaults is True  # type: ignore[attr-defined]
    assert optional == dict.fromkeys(optional, UNSET)


def test_there_are_shapes_to_look_at() -> None:
    names = {kind.__name__ for kind in (*DRAFTS, *VIEWS)}

    assert {
        "SlotDraft",
        "EntryDraft",
        "JoinDraft",
        "BlockDraft",
        "SlotView",
        "ActivityView",
        "Problem",
    } - names == set()


class _Sent(Draft):
    tag: Tag = "pl"
    code: Code = "x"
    email: Email = "a@b.example"
    at: datetime | None = None


@pytest.mark.parametrize(
    "sent",
    [
        {"tag": "pl\n"},
        {"tag": "p"},
        {"tag": "x" * 21},
        {"tag": "pl_PL"},
        {"code": "x\n"},
        {"code": ""},
        {"code": "ż"},
        {"email": "a@b.example\n"},
        {"email": "a b@c"},
        {"email": "a@b@c"},
        {"email": "@b"},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"at": "9999-12-31T23:59:59-12:00"},
        {"at": "1899-12-31T23:59:59Z"},
        {"at": "3000-01-01T00:00:00Z"},
    ],
    ids=str,
)
def test_a_field_refuses_what_could_not_be_kept(sent: dict[str, Any]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(sent, _Sent)


def test_a_field_takes_what_is_usual() -> None:
    sent = {"tag": "pt-BR", "code": "AB CD:1/2+3=", "email": "zoë@münchen.example", "at": "2027-07-14T10:00:00+02:00"}

    assert msgspec.convert(sent, _Sent).at == datetime(2027, 7, 14, 8, tzinfo=UTC)


class _Change(Draft):
    a: int | None | msgspec.UnsetType = UNSET
    b: int | None | msgspec.UnsetType = UNSET


def test_given_are_the_fields_that_were_sent() -> None:
    assert given(_Change(b=None)) == {"b": None}


def test_nothing_is_shown_for_none() -> None:
    assert [present(value) for value in (None, 0, "")] == [UNSET, 0, ""]
