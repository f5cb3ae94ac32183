"""docs/exchanges.md is for people who cannot ask us: what it names is there."""

import re
from pathlib import Path
from typing import get_args

import pytest
from msgspec import structs

from tests.exchanges import valued
from yema.app import create_app
from yema.exchanges.programme.ceilings import NOT_UNDERSTOOD, of_ceilings
from yema.exchanges.schemas.care.attendance import AttendanceState
from yema.exchanges.schemas.common import ExchangePhase, SlotKind
from yema.exchanges.schemas.overview.warnings import WarningCode
from yema.exchanges.schemas.plan.travel import Mode
from yema.http.openapi import document
from yema.settings import Settings

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "exchanges.md").read_text("utf-8")
NAMED = set(re.findall(r"`([a-z_]+)`", PAGE))
CEILINGS = re.findall(r"`([a-z_]+)`", PAGE.partition("and `_min` or `_max`:")[2].partition(". A name")[0])
PATHS = {re.sub(r"\{[^}]*\}", "*", path).removeprefix("/api/v1") for path in document(create_app(Settings()))["paths"]}


def section(heading: str) -> str:
    return PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]


def test_the_table_of_warnings_has_every_code_and_no_other() -> None:
    rows = [line.split("|")[1] for line in section("Warnings").splitlines() if line.startswith("| `")]
    assert sorted(code for row in rows for code in re.findall(r"`([a-z_]+)`", row)) == sorted(get_args(WarningCode))


@pytest.mark.parametrize("kind", [SlotKind, Mode, ExchangePhase, AttendanceState])
def test_every_word_of_the_plan_is_named(kind: object) -> None:
    assert set(get_args(kind)) <= NAMED


def test_every_ceiling_that_is_named_is_understood() -> None:
    named = {f"{name}_{bound}": 1 for name in CEILINGS for bound in ("min", "max")}
    found = of_ceilings(structs.replace(valued.exchange(), ceilings=named))

    assert (len(found), [one.code for one in found if one.what == NOT_UNDERSTOOD]) == (16, [])


def test_every_path_that_is_named_is_there() -> None:
    whole = re.sub(r"\{[^}\n\"]*\}", "*", PAGE.replace("…/", "/exchanges/{id}/").replace("/texts/pl", "/texts/*"))
    asked = set(re.findall(r"(?:(?:GET|POST|PUT|PATCH|DELETE) |`)(/[a-z][\w/*.-]*)", whole)) - {
        "/api/v1",
        "/exchanges/*/",
    }

    assert (len(asked) > 30, {re.sub(r"/\d+/", "/*/", path) for path in asked} - PATHS) == (True, set())


def test_every_rule_lies_where_the_page_says() -> None:
    [folder] = re.findall(r"\(\.\./(yema/[\w/]+)\)", PAGE)
    assert sorted(path.suffix for path in (ROOT / folder).glob("*.toml"))[:1] == [".toml"]


def test_the_page_is_not_longer_than_somebody_reads() -> None:
    assert PAGE.count("\n") <= 200
