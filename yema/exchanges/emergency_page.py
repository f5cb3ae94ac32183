"""Emergency sheets on paper: one HTML page that needs nothing else, in the reader's language. Pure.

What people wrote is in languages of their own, so each of their texts finds its own direction, and numbers go from left to right.
"""

from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from babel import Locale
from babel.dates import format_date, format_time
from msgspec import UNSET

from yema.errors import N_
from yema.exchanges.rules import on_wall
from yema.exchanges.schemas.care.emergency import MemberSheetView, SheetView
from yema.i18n import catalogue_for, gettext, is_right_to_left
from yema.ids import now

TITLE = N_("Emergency sheets")
CALL = N_("In an emergency call 112. It is free in all countries of the European Union, and works without credit.")
WHERE = N_("Where we are")
CONFIDENTIAL = N_("Confidential. For the leader of this group only. Destroy this paper after the exchange.")
PRINTED = N_("As of %(at)s")
CONTACTS = N_("Whom to call")
INSURANCE = N_("Insurance")
NOTHING = N_("No emergency sheet was written.")
_TEXTS = (
    ("allergies", N_("Allergies")),
    ("diet", N_("Diet")),
    ("medication", N_("Medication")),
    ("notes", N_("Notes")),
)
_STYLE = (
    "body{font:12pt/1.4 sans-serif;margin:1.5cm;color:#000;background:#fff}"
    "h1{font-size:18pt;margin:0}h2{font-size:14pt;margin:0 0 4pt}"
    ".call{border:2pt solid #000;padding:6pt;font-weight:bold}"
    "section{break-inside:avoid;border-top:1pt solid #000;padding:8pt 0}"
    "dt{font-weight:bold}dd{margin:0 0 4pt;white-space:pre-line}"
)


class Header(NamedTuple):
    """What stands at the head of a printed sheet; `places` are (name, address), the main venue first."""

    exchange: str
    group: str
    places: list[tuple[str, str]]


def emergency_page(header: Header, people: Sequence[MemberSheetView], wanted: tuple[str, ...], zone: str) -> str:
    """The page; `zone` is that of the exchange, in which it says how old it is."""
    language = catalogue_for(wanted)
    direction = "rtl" if is_right_to_left(language) else "ltr"
    wall, locale = on_wall(now(), zone), Locale.parse(language, sep="-")
    at = f"{format_date(wall, 'long', locale=locale)}, {format_time(wall.time(), 'short', locale=locale)}"
    parts = [
        f'<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">',
        f'<meta name="viewport" content="width=device-width"><title>{_said(wanted, TITLE)}</title>',
        f"<style>{_STYLE}</style></head><body>",
        f"<h1>{_said(wanted, TITLE)}: {_own(header.group)}</h1><p>{_own(header.exchange)}</p>",
        f'<p class="call">{_said(wanted, CALL)}</p>',
        *_places(header, wanted),
        f"<p>{_said(wanted, CONFIDENTIAL)} {_said(wanted, PRINTED, at=at)}</p>",
        *(part for one in people for part in _person(one, wanted)),
        "</body></html>",
    ]
    return "".join(parts)


def _places(header: Header, wanted: tuple[str, ...]) -> Iterator[str]:
    if header.places:
        yield f"<h2>{_said(wanted, WHERE)}</h2><ul>"
        for name, address in header.places:
            yield f"<li>{_own(name)}{': ' + _own(address) if address else ''}</li>"
        yield "</ul>"


def _person(one: MemberSheetView, wanted: tuple[str, ...]) -> Iterator[str]:
    yield f"<section><h2>{_own(one.display_name)}</h2>"
    if isinstance(one.sheet, SheetView):
        yield f"<dl>{''.join(_entries(one.sheet, wanted))}</dl>"
    else:
        yield f"<p>{_said(wanted, NOTHING)}</p>"
    yield "</section>"


def _entries(sheet: SheetView, wanted: tuple[str, ...]) -> Iterator[str]:
    if sheet.contacts:
        yield f"<dt>{_said(wanted, CONTACTS)}</dt>"
    for contact in sheet.contacts:
        relation = "" if contact.relation is UNSET else f" ({_own(contact.relation)})"
        yield f"<dd>{_own(contact.name)}{relation}: {_number(contact.phone)}</dd>"
    if sheet.insurance is not UNSET:
        given = [_own(one) for one in (sheet.insurance.insurer, sheet.insurance.policy) if one is not UNSET]
        phone = [] if sheet.insurance.phone is UNSET else [_number(sheet.insurance.phone)]
        yield f"<dt>{_said(wanted, INSURANCE)}</dt><dd>{' · '.join([*given, *phone])}</dd>"
    for field, label in _TEXTS:
        if (text := getattr(sheet, field)) is not UNSET:
            yield f'<dt>{_said(wanted, label)}</dt><dd dir="auto">{escape(text)}</dd>'


def _said(wanted: tuple[str, ...], words: str, **values: str) -> str:
    return escape(gettext(wanted, words, **values))


def _own(text: str) -> str:
    """What somebody wrote, with its own direction."""
    return f'<bdi dir="auto">{escape(text)}</bdi>'


def _number(phone: str) -> str:
    return f'<bdi dir="ltr">{escape(phone)}</bdi>'
