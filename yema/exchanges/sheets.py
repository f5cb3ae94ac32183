"""Sheets to take along: rows as CSV and as XLSX, the same bytes for the same rows. Pure.

The heads of columns and the title come in the reader's language already. Cells are what people wrote, and a spreadsheet carries out what
looks like a formula: so no text becomes one (OWASP, CSV Injection).
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from yema.i18n import is_right_to_left

Cell = str | int | float | date | datetime | None
"""What may stand in a cell. None is an empty one; a datetime with an offset is shown as its own clock shows it."""

CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_BOM = "\ufeff"
"""Without it Excel takes UTF-8 for the code page of the machine."""
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a file holds no zone, and always this date
_CELL_MAX = 32_767
_NAME_MAX = 31
"""What Excel allows, in UTF-16 units."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u2028\u2029]+")
_FORMULA = re.compile(r"(^\s*|;)(?=[=+\-@＝＋－＠])")
"""Where a formula could begin. In half of Europe Excel also cuts our lines at semicolons, whatever stands in quotes."""
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]+")


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """UTF-8 with a byte order mark, commas, CRLF (RFC 4180). Days and instants are ISO 8601, numbers have a decimal point.

    A text that a spreadsheet would carry out has an apostrophe before it; control characters and line breaks are blanks.
    """
    text = io.StringIO()
    text.write(_BOM)
    writer = csv.writer(text)
    writer.writerow([_plain(head) for head in columns])
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    return text.getvalue().encode()


def xlsx_bytes(title: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, language: str = "en") -> bytes:
    """A workbook of one sheet with that title, whose first line stays in sight. From right to left where the language is so written.

    Texts are texts and never formulas; days and instants are Excel's own.
    """
    from xlsxwriter import Workbook  # it takes its time, which no start should wait for

    file = io.BytesIO()
    book = Workbook(file, {"in_memory": True})
    book.set_properties({"title": title, "created": _MADE})
    bold = book.add_format({"bold": True})
    sheet = book.add_worksheet(_sheet_name(title))
    if is_right_to_left(language):
        sheet.right_to_left()
    sheet.freeze_panes(1, 0)
    styles = _Styles(book)
    for column, head in enumerate(columns):
        sheet.write_string(0, column, _line(head), bold)
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            styles.write(sheet, line, column, cell)
    sheet.autofit()
    book.close()
    return file.getvalue()


class _Styles:
    """How cells of each kind look in one workbook."""

    def __init__(self, book: Any) -> None:
        self._day = book.add_format({"num_format": "yyyy-mm-dd"})
        self._instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        # So that it stays a text when somebody edits the cell.
        self._quoted = book.add_format({"quote_prefix": True})

    def write(self, sheet: Any, line: int, column: int, cell: Cell) -> None:
        if cell is None:
            return
        if isinstance(cell, str):
            words = _line(cell)
            sheet.write_string(line, column, words, self._quoted if _FORMULA.match(words) else None)
        elif isinstance(cell, datetime):
            sheet.write_datetime(line, column, cell.replace(tzinfo=None), self._instant)
        elif isinstance(cell, date):
            sheet.write_datetime(line, column, cell, self._day)
        else:
            sheet.write_number(line, column, cell)


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _FORMULA.sub(r"\1'", _line(cell))
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _line(words: str) -> str:
    return _within(_CONTROL.sub(" ", words), _CELL_MAX)


def _sheet_name(title: str) -> str:
    """As Excel allows it: 31 units, none of its signs, no apostrophe at either end, and not the one name that is its own."""
    name = _within(_NOT_IN_NAMES.sub(" ", _line(title)).strip(), _NAME_MAX).strip("' ")
    return name if name and name.lower() != "history" else "YEMA"


def _within(words: str, units: int) -> str:
    if len(words) * 2 <= units:
        return words
    return words.encode("utf-16-le")[: units * 2].decode("utf-16-le", "ignore")
