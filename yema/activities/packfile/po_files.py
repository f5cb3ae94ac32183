"""The PO files in a pack (`po/LANGUAGE.po`): every text by its block's id (`msgctxt`), with the text that it was made from (`msgid`).

What translators exchange with the workshop is `yema.activities.po`; here nothing is left to guess: a translation whose source has changed
since stands there with the source of then, so that a pack comes back as it was.
"""

import re
from collections.abc import Iterator, Mapping
from uuid import UUID

import msgspec

from yema.activities.packfile.faults import PackFault
from yema.activities.packfile.yaml_in import text_of
from yema.activities.po_reading import Entry, entries_of
from yema.activities.source import PackSource, SourceText, Translation
from yema.shapes import Line

WIDTH = 98
LINES_MAX = 1_500_000
"""The largest pack has half of that."""
ENTRIES_BESIDE = 10_000
"""What may stand in a file beside the texts of the pack: entries that are obsolete, say."""

_MEANS = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_ESCAPES = str.maketrans({character: f"\\{sign}" for sign, character in _MEANS.items()})
_CHARSET = re.compile(r"charset=([\w-]+)", re.ASCII)
_BREAK = re.compile(r"[^\n ]*(?:\n| +|$)")


def load_po(file: str, content: bytes, known: Mapping[str, SourceText]) -> dict[UUID, Translation]:
    """The translations in the file; what is obsolete or empty is left out. `known`: every text by its context.

    What is fuzzy is left out too, unless it says what it was made from (`#| msgid`), as stale texts do in what translators get.
    Raises `PackFault` with the line.
    """
    # Counted before anything is made of them.
    if content.count(b"\n") > LINES_MAX or content.count(b"msgid") > 4 * len(known) + ENTRIES_BESIDE:
        raise PackFault(file, "there is too much in this file")
    entries, faults = entries_of(text_of(file, content))
    if faults:
        first = min(faults)
        raise PackFault(file, f"line {first.line}: {first.words % dict(first.values)}")
    found: dict[UUID, Translation] = {}
    lines: dict[str, int] = {}
    for entry in entries:
        if entry.obsolete:
            continue
        if entry.context is None:
            _check_header(file, entry, first=entry is entries[0])
            continue
        if entry.context in lines:
            raise _fault(file, entry, f"the text {entry.context} stands in line {lines[entry.context]} already")
        lines[entry.context] = entry.line
        if entry.context not in known:
            raise _fault(file, entry, f"there is no text {entry.context}")
        if entry.plural:
            raise _fault(file, entry, "texts of a pack have no plural forms")
        if entry.msgstr and not (entry.fuzzy and entry.previous is None):
            text = known[entry.context]
            found[text.id] = _translation(file, entry, text)
    return found


def _fault(file: str, entry: Entry, why: str) -> PackFault:
    return PackFault(file, f"line {entry.line}: {why}")


def _check_header(file: str, entry: Entry, *, first: bool) -> None:
    if entry.msgid or not first:
        raise _fault(file, entry, "this text has no msgctxt")
    charset = _CHARSET.search(entry.msgstr)
    if charset and charset[1].lower() not in ("utf-8", "utf8"):
        raise _fault(file, entry, f"a pack is written in UTF-8, not in {charset[1]}")


def _translation(file: str, entry: Entry, text: SourceText) -> Translation:
    made_from = entry.previous if entry.fuzzy and entry.previous is not None else entry.msgid
    # The same text, and not another one like it: a pack of thousands has each of them once in the memory.
    source = text.block.text if made_from == text.block.text else made_from
    try:
        if text.block.kind == "title":
            msgspec.convert(entry.msgstr, Line)
        return msgspec.convert({"text": entry.msgstr, "source": source}, Translation)
    except msgspec.ValidationError as error:
        raise _fault(file, entry, str(error)) from None


def dump_po(source: PackSource, locale: str) -> bytes:
    """All translations into one language, in the order of the pack."""
    header = (
        f"Project-Id-Version: {source.head.slug}",
        f"Language: {locale}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
    )
    lines = ['msgid ""', 'msgstr ""', *(f'"{field}\\n"' for field in header)]
    texts = source.translations[locale]
    for text in source.texts():
        if (translation := texts.get(text.id)) is None:
            continue
        place = f"activities/{text.activity.slug}.yaml" if text.activity else "pack.yaml"
        lines += ["", f"#. {text.block.kind}", f"#: {place}:{text.block.key}", f'msgctxt "{text.id}"']
        lines += [*_field("msgid", translation.source), *_field("msgstr", translation.text)]
    return ("\n".join(lines) + "\n").encode()


def _field(name: str, text: str) -> Iterator[str]:
    if "\n" not in text and len(name) + len(text) <= WIDTH - 3:
        yield f'{name} "{text.translate(_ESCAPES)}"'
        return
    yield f'{name} ""'
    line = ""
    for piece in _BREAK.findall(text):
        if line and (line.endswith("\n") or len(line) + len(piece) > WIDTH):
            yield f'"{line.translate(_ESCAPES)}"'
            line = ""
        line += piece
    if line:
        yield f'"{line.translate(_ESCAPES)}"'
