"""Sheets: what a spreadsheet program reads out of them is what was put in, and it carries nothing out."""

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from openpyxl import load_workbook

from yema.exchanges.sheets import Cell, csv_bytes, xlsx_bytes

SIGNS = "=+-@\t\r"
NAIVE = datetime.fromisoformat("2027-07-14T09:00:00")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def read_csv(sheet: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"), newline="")))


def read_xlsx(sheet: bytes) -> list[list[Any]]:
    page = load_workbook(io.BytesIO(sheet)).active
    assert page is not None
    return [[cell.value for cell in row] for row in page.iter_rows()]


def test_csv_begins_with_the_mark_that_excel_needs_for_utf_8() -> None:
    assert csv_bytes(["Żółć"], []) == b"\xef\xbb\xbf" + "Żółć\r\n".encode()


def test_csv_holds_days_instants_numbers_and_nothing() -> None:
    at = datetime(2027, 7, 14, 9, tzinfo=timezone(timedelta(hours=2)))

    assert csv_bytes(["a"], [["x,y", 3, 0.5, date(2027, 7, 14), at, None]]).decode("utf-8-sig") == (
        'a\r\n"x,y",3,0.5,2027-07-14,2027-07-14T09:00:00+02:00,\r\n'
    )


def test_a_workbook_holds_days_instants_numbers_and_nothing() -> None:
    at = datetime(2027, 7, 14, 9, tzinfo=timezone(timedelta(hours=2)))

    assert read_xlsx(xlsx_bytes("Plan", ["a", "b"], [["x", 3, 0.5, None, at, date(2027, 7, 14)]])) == [
        ["a", "b", None, None, None, None],
        ["x", 3, 0.5, None, NAIVE, NAIVE.replace(hour=0)],
    ]


@pytest.mark.parametrize("sign", SIGNS)
def test_no_cell_of_a_csv_begins_as_a_formula_does(sign: str) -> None:
    [_, [cell]] = read_csv(csv_bytes(["a"], [[f"{sign}HYPERLINK(1)"]]))

    assert cell == ("'" + sign if sign in "=+-@" else " ") + "HYPERLINK(1)"


def test_the_heads_of_columns_are_no_formulas_either() -> None:
    assert read_csv(csv_bytes(["=1"], [])) == [["'=1"]]


def test_nor_does_a_formula_begin_where_excel_cuts_at_semicolons() -> None:
    assert read_csv(csv_bytes(["a"], [["glue;=1+1"]])) == [["a"], ["glue;'=1+1"]]


def test_a_negative_number_stays_a_number() -> None:
    assert read_csv(csv_bytes(["a"], [[-3]])) == [["a"], ["-3"]]


@given(TEXTS)
@example("\n=1")
@example(" \t @x")
def test_whatever_somebody_writes_csv_has_one_line_for_each_row_and_no_formula(text: str) -> None:
    sheet = csv_bytes(["a", "b"], [[text, "z"]])

    assert sheet.count(b"\r\n") == 2
    [_, [cell, last]] = read_csv(sheet)
    assert not cell.lstrip().startswith(("=", "+", "-", "@"))
    assert last == "z"


@given(TEXTS)
@example("=1+1")
@example("{=1}")
@example("http://example.org")
@example("007")
def test_whatever_somebody_writes_is_a_text_in_a_workbook(text: str) -> None:
    page = load_workbook(io.BytesIO(xlsx_bytes("Plan", ["a"], [[text]]))).active
    assert page is not None

    cell = page["A2"]

    assert (cell.data_type, cell.hyperlink) in (("s", None), ("n", None))
    assert cell.data_type == "s" or cell.value is None


def test_a_text_that_looks_like_a_formula_stays_one_when_the_cell_is_edited() -> None:
    page = load_workbook(io.BytesIO(xlsx_bytes("Plan", ["a"], [["=1+1"], ["flour"]]))).active
    assert page is not None

    assert [(page[at].value, bool(page[at].quotePrefix)) for at in ("A2", "A3")] == [("=1+1", True), ("flour", False)]


def test_the_same_rows_are_the_same_bytes() -> None:
    rows: list[list[Cell]] = [["x", 3, datetime(2027, 7, 14, 9, tzinfo=UTC)]]

    assert xlsx_bytes("Plan", ["a"], rows) == xlsx_bytes("Plan", ["a"], rows)
    assert load_workbook(io.BytesIO(xlsx_bytes("Plan", ["a"], rows))).properties.created == datetime.fromisoformat(
        "2000-01-01"
    )


@pytest.mark.parametrize(("language", "reversed_"), [("ar", True), ("pl", False), ("he", True)])
def test_sheets_read_from_the_side_from_which_their_language_does(language: str, reversed_: bool) -> None:
    page = load_workbook(io.BytesIO(xlsx_bytes("Plan", ["a"], [], language=language))).active
    assert page is not None

    assert bool(page.sheet_view.rightToLeft) is reversed_


@given(st.one_of(TEXTS, st.sampled_from(["History", "'", "[a]/b?", "😀" * 40, "x" * 40, "'quoted'"])))
def test_every_title_makes_a_sheet(title: str) -> None:
    assert len(load_workbook(io.BytesIO(xlsx_bytes(title, ["a"], []))).sheetnames) == 1


def test_what_is_too_long_for_a_cell_is_cut_and_not_lost() -> None:
    [_, [cell]] = read_xlsx(xlsx_bytes("Plan", ["a"], [["ż" * 40_000]]))

    assert cell == "ż" * 32_767
