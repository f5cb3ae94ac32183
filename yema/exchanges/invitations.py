"""A list of people to invite, as CSV: reading it, line by line. Pure.

UTF-8 with or without a byte order mark; cut at commas, or at semicolons as Excel does where the comma is the decimal sign.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec
from msgspec import Struct

from yema.accounts.schemas import Born
from yema.errors import N_
from yema.exchanges.errors import UnreadableList
from yema.exchanges.schemas.common import Role
from yema.exchanges.schemas.people.particulars import LANGUAGES_MAX, Gender
from yema.i18n import nearest
from yema.shapes import Email, Line

LINES_MAX = 500
_ROWS_MAX = 20_000
"""With the empty ones, which spreadsheets leave below a list."""
COLUMNS = ("name", "group", "role", "email", "languages", "born", "gender", "fewer_opportunities")
REASONS = {
    "bad_name": N_("Write a name of at most 200 characters."),
    "bad_group": N_("Write the name of a group, or its country."),
    "bad_role": N_("Write participant, leader, facilitator or coordinator."),
    "bad_email": N_("This is not an e-mail address."),
    "bad_languages": N_("Write at most ten languages by their short names, such as: pl uk en-GB."),
    "bad_born": N_("Write year and month of birth, such as 2009-05."),
    "bad_gender": N_("Write f, m or x."),
    "bad_fewer_opportunities": N_("Write yes or no."),
    "too_many_fields": N_("This line has more fields than the first one has names."),
    "twice": N_("This name stands in the list above, for the same group."),
    "already_member": N_("Somebody of this name is in this group already."),
    "unknown_group": N_("This exchange has no such group."),
    "several_groups": N_("Several groups are from this country. Write the name of the group."),
    "own_group_only": N_("You may invite people to your own group only."),
    "coordinators_only": N_("Only coordinators may invite somebody who is not a participant."),
}
"""Why a line is refused, for translation."""

_ANSWERS = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}
_LINK = re.compile(r"://|www\.", re.IGNORECASE)  # a cell holds no line break any more
_BETWEEN_LANGUAGES = str.maketrans(";,/|+", "     ")


class Refused(Exception):
    """The line cannot be taken; `code` is one of `REASONS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Invitee(Struct, frozen=True):
    """One line as it was meant. `group` is a name or a country, as it was written; "" for none."""

    name: str
    group: str
    role: str
    email: str | None
    languages: list[str]
    gender: str | None
    fewer_opportunities: bool | None


class ListLine(Struct, frozen=True):
    """Where a line begins in the file, the name in it, and what it means or why it cannot be taken."""

    number: int
    name: str
    meant: Invitee | Refused


def read_list(body: bytes, *, mailing: bool = False) -> list[ListLine]:
    """The lines of a file, without the head and empty ones. Raises `UnreadableList` where it is no such table, or too long.

    Where it is `mailing`, a name that mail programs would show as a link is refused: nobody sends strangers a link of their own.
    """
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableList from None
    rows = _rows(text)
    _, head = next(rows, (0, []))
    columns = [cell.strip().lower() for cell in head]
    if "name" not in columns or len({*columns}) != len(columns) or {*columns} - {*COLUMNS}:
        raise UnreadableList
    some = list(islice(rows, LINES_MAX + 1))
    if len(some) > LINES_MAX:
        raise UnreadableList
    return [_line(number, columns, row, mailing) for number, row in some]


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """(line on which it begins, cells) of each row that is not empty."""
    first = text.partition("\n")[0]
    table = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    begins = 1
    try:
        for count, row in enumerate(table):
            if count > _ROWS_MAX:
                raise UnreadableList
            if any(cell.strip() for cell in row):
                yield begins, row
            begins = table.line_num + 1
    except csv.Error:
        raise UnreadableList from None


def _line(number: int, columns: list[str], row: list[str], mailing: bool) -> ListLine:
    cells = {column: " ".join(cell.split()) for column, cell in zip(columns, row, strict=False)}
    name = cells["name"][:200] if "name" in cells else ""
    try:
        if any(cell.strip() for cell in row[len(columns) :]):
            raise Refused("too_many_fields")
        invitee = _invitee(cells)
        if mailing and invitee.email and _LINK.search(invitee.name):
            raise Refused("bad_name")
        return ListLine(number, name, invitee)
    except Refused as refused:
        return ListLine(number, name, refused)


def _invitee(cells: Mapping[str, str]) -> Invitee:
    _read(cells, "born", Born)  # it is checked and not kept: whoever joins says it themselves
    group, role = _read(cells, "group", Line), _read(cells, "role", Role, fold=True)
    return Invitee(
        name=_needed(_read(cells, "name", Line)),
        group=group or "",
        role=role or "participant",
        email=_read(cells, "email", Email),
        languages=_languages(cells.get("languages", "")),
        gender=_read(cells, "gender", Gender, fold=True),
        fewer_opportunities=_answer(cells.get("fewer_opportunities", "")),
    )


def _needed(name: str | None) -> str:
    if name is None:
        raise Refused("bad_name")
    return name


def _read(cells: Mapping[str, str], column: str, kind: Any, *, fold: bool = False) -> str | None:
    """What a cell says, None where it is empty."""
    cell = cells.get(column, "")
    if not cell:
        return None
    try:
        read: str = msgspec.convert(cell.lower() if fold else cell, kind)
    except msgspec.ValidationError:
        raise Refused(f"bad_{column}") from None
    return read


def _languages(cell: str) -> list[str]:
    found = [nearest(tag) for tag in cell.translate(_BETWEEN_LANGUAGES).split()]
    known = [*dict.fromkeys(tag for tag in found if tag)]
    if None in found or len(known) > LANGUAGES_MAX:
        raise Refused("bad_languages")
    return known


def _answer(cell: str) -> bool | None:
    if not cell:
        return None
    try:
        return _ANSWERS[cell.lower()]
    except KeyError:
        raise Refused("bad_fewer_opportunities") from None
