"""A pack's texts as a gettext PO file in one language, and such a file as translations: for translators, and in pack files.

One entry for each block; `msgctxt` is the block's id. A stale translation is marked fuzzy and says in `#| msgid` what it was made from.
Texts come back as they were (`plain`); what a translation was made from comes back as the text of today, where they are the `same`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from uuid import UUID

from babel import Locale
from babel.messages.plurals import get_plural
from msgspec import UNSET

from yema.activities.pack.source import PackSource, SourceText, Translation, plain
from yema.activities.rules import source_hash
from yema.activities.translating.po_reading import Entry, Fault, entries_of
from yema.errors import N_
from yema.i18n import normalise

WIDTH = 78
LINE_MAX, TEXT_MAX = 200, 10_000
"""The longest title, and the longest text: those of `Line` and `Paragraph`."""
LINES_MAX = 1_500_000
"""The largest pack has half of that."""
ENTRIES_BESIDE = 10_000
"""What may stand in a file beside the texts of the pack: entries that are obsolete, say."""

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"})
# As much as fits and ends with a blank, or a word that is too long by itself.
_FITTING = re.compile(rf".{{1,{WIDTH - 2}}}(?: |$)| *[^ ]+(?: |$)", re.DOTALL)
HEADER_MAX = 10_000
"""Characters of the header that are read."""
_LANGUAGE = re.compile(r"[ \t]*language[ \t]*:(.*)", re.IGNORECASE)
_CHARSET = re.compile(r"charset=([^\s;]+)", re.IGNORECASE)
_PER = {"participant": "for each participant", "group": "for each group", "total": "in total"}

OTHER_LANGUAGE = N_("This file says that it is in %(language)s.")
OTHER_CHARSET = N_("This file says that it is not UTF-8.")
TOO_MANY = N_("There is far more in this file than the texts of the pack.")
TWICE = N_("This context stands in line %(first)s already.")

REASONS = {
    "no_context": N_("It has no msgctxt, so nobody knows which text it is."),
    "unknown_block": N_("This pack has no such text any more."),
    "plural": N_("Texts of a pack have no plural forms."),
    "obsolete": N_("It is marked as obsolete."),
    "fuzzy": N_("It is marked as fuzzy: somebody has to look at it first."),
    "empty": N_("It has no translation."),
    "too_long": N_("It is too long."),
    "nul": N_("It has a character that cannot be kept."),
    "unchanged": N_("It is there already."),
    "fresher": N_("It was made from another text than today's, and there is a translation of today's text."),
    "changed_meanwhile": N_("Somebody wrote another translation while the file was being taken."),
    "older_source": N_("It was made from another text than today's, so it is kept as stale."),
}


class Note(NamedTuple):
    """What became of an entry: `code` is one of `REASONS`."""

    line: int
    context: str
    code: str


class Taken(NamedTuple):
    """What a file brings: translations that are not there yet, and their `lines`. `stale` names those that were made from another text."""

    translations: dict[UUID, Translation]
    not_taken: list[Note]
    stale: list[Note]
    lines: dict[UUID, int]


class BadPo(Exception):
    """The file is malformed, or not of this language: all that is wrong with it."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"line {faults[0].line}: {faults[0].code}")
        self.faults = faults


def po_of(source: PackSource, locale: str) -> str:
    """The PO file of a pack in that language; the same content gives the same text."""
    texts = source.translations.get(locale, {})
    entries = [_entry(source, text, texts.get(text.id)) for text in source.texts()]
    return "\n".join([_header(source, locale), *entries])


def texts_by_context(source: PackSource) -> dict[str, SourceText]:
    """Every text of a pack by its `msgctxt`."""
    return {str(text.id): text for text in source.texts()}


def translations_in(
    content: str | bytes,
    source: PackSource,
    locale: str,
    *,
    drafts: bool = True,
    known: Mapping[str, SourceText] | None = None,
) -> Taken:
    """What a PO file adds to the translations of a pack, or changes in them. Raises `BadPo`.

    `drafts` takes fuzzy entries too where they say what they were made from, as `po_of` writes stale ones: for pack files. A
    translator's fuzzy entry is not finished. `known` is `texts_by_context`, for who reads many languages: each id is once in the memory.
    """
    known = texts_by_context(source) if known is None else known
    # Counted before anything is made of them.
    if _count(content, "\n") > LINES_MAX or _count(content, "msgid") > 4 * len(known) + ENTRIES_BESIDE:
        raise BadPo([Fault(1, "too_many", TOO_MANY)])
    entries, faults = entries_of(content)
    live = [entry for entry in entries if not entry.obsolete]
    faults += [*_header_faults(live, locale), *_twice(live)]
    if faults:
        raise BadPo(sorted(faults))
    kept = source.translations.get(locale, {})
    taken = Taken({}, [], [], {})
    for entry in entries:
        if entry.context is None and not entry.msgid:
            continue
        _take(entry, known, kept, taken, drafts)
    return taken


def same(one: str, other: str) -> bool:
    """Whether a translation of the one is a translation of the other: white space does not count."""
    return one == other or source_hash(one) == source_hash(other)


def _count(content: str | bytes, sign: str) -> int:
    return content.count(sign.encode()) if isinstance(content, bytes) else content.count(sign)


def _take(
    entry: Entry, known: Mapping[str, SourceText], kept: Mapping[UUID, Translation], taken: Taken, drafts: bool
) -> None:
    context = entry.context or ""
    text = known.get(context)
    code = _unusable(entry, text, drafts)
    if code is None and text is not None:
        found = Translation(text=entry.msgstr, source=_made_from(entry, text))
        code = _useless(found, kept.get(text.id), text)
        if code is None:
            taken.translations[text.id] = found
            taken.lines[text.id] = entry.line
            if not same(found.source, text.block.text):
                taken.stale.append(Note(entry.line, context, "older_source"))
            return
    taken.not_taken.append(Note(entry.line, context, code or "unknown_block"))


def _made_from(entry: Entry, text: SourceText) -> str:
    source = entry.previous if entry.fuzzy and entry.previous is not None else entry.msgid
    # White space does not count, and a pack of thousands has each text once in the memory.
    return text.block.text if same(source, text.block.text) else source


def _unusable(entry: Entry, text: SourceText | None, drafts: bool) -> str | None:
    """Why an entry says nothing, whatever there is already."""
    if entry.obsolete:
        return "obsolete"
    if entry.context is None:
        return "no_context"
    if text is None:
        return "unknown_block"
    if entry.plural:
        return "plural"
    if not plain(entry.msgstr):
        return "empty"
    if entry.fuzzy and (not drafts or entry.previous is None):
        return "fuzzy"
    if "\0" in entry.msgstr or "\0" in entry.msgid or "\0" in (entry.previous or ""):
        return "nul"
    longest = LINE_MAX if text.block.kind == "title" else TEXT_MAX
    sources = (entry.msgid, entry.previous or "")
    if len(plain(entry.msgstr)) > longest or max(len(plain(one)) for one in sources) > TEXT_MAX:
        return "too_long"
    return None


def _useless(found: Translation, kept: Translation | None, text: SourceText) -> str | None:
    """Why what is there is better than what was found."""
    if kept is None:
        return None
    if kept.text == found.text and same(kept.source, found.source):
        return "unchanged"
    if same(kept.source, text.block.text) and not same(found.source, text.block.text):
        return "fresher"
    return None


def _header_faults(entries: list[Entry], locale: str) -> Iterator[Fault]:
    header = next((entry for entry in entries if entry.context is None and not entry.msgid), None)
    if header is None:
        return
    said = header.msgstr[:HEADER_MAX]
    # Line by line: a pattern that looks for the beginnings of lines tries all white space from each of them.
    found = [match[1].strip() for line in said.split("\n") if (match := _LANGUAGE.match(line))]
    if found and found[0] and normalise(found[0]) != locale:
        yield Fault(header.line, "other_language", OTHER_LANGUAGE, (("language", found[0][:40]),))
    charset = _CHARSET.search(said)
    if charset and charset[1].lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        yield Fault(header.line, "other_charset", OTHER_CHARSET)


def _twice(entries: list[Entry]) -> Iterator[Fault]:
    first: dict[tuple[str | None, str], int] = {}
    for entry in entries:
        # Without a context it is the text that says which one is meant.
        key = (entry.context, "" if entry.context is not None else entry.msgid)
        if key in first:
            yield Fault(entry.line, "twice", TWICE, (("first", first[key]),))
        first.setdefault(key, entry.line)


def _header(source: PackSource, locale: str) -> str:
    # A date that never changes, and empty fields, because msgfmt asks for them.
    language = Locale.parse(locale, sep="-")
    fields = [
        f"Project-Id-Version: {source.head.slug}",
        "PO-Revision-Date: 1970-01-01 00:00+0000",
        "Last-Translator: ",
        "Language-Team: ",
        f"Language: {locale.replace('-', '_')}",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=UTF-8",
        "Content-Transfer-Encoding: 8bit",
        f"Plural-Forms: {get_plural(language).plural_forms}",
        "X-Generator: YEMA",
    ]
    return "".join(['msgid ""\nmsgstr ""\n', *(f'"{field}\\n"\n' for field in fields)])


def _entry(source: PackSource, text: SourceText, translation: Translation | None) -> str:
    stale = translation is not None and not same(translation.source, text.block.text)
    file = f"activities/{text.activity.slug}.yaml" if text.activity else "pack.yaml"
    lines = [f"#. {note}\n" for note in _notes(source, text)]
    lines.append(f"#: {file}:{text.block.key}\n")
    if stale and translation is not None:
        lines.append("#, fuzzy\n" + _written("#| msgid", translation.source, "#| "))
    lines.append(f'msgctxt "{text.id}"\n' + _written("msgid", text.block.text))
    lines.append(_written("msgstr", translation.text if translation else ""))
    return "".join(lines)


def _notes(source: PackSource, text: SourceText) -> Iterator[str]:
    """What somebody has to know who sees this text alone."""
    block = text.block
    title = source.head.texts.title
    if text.activity:
        title = next((b.text for b in text.activity.blocks if b.kind == "title"), text.activity.slug)
    yield ("Activity: " if text.activity else "Pack: ") + " ".join(title.split())
    kind = f"Kind: {block.kind}"
    if block.minutes is not UNSET:
        kind += f", {block.minutes} min"
    if block.quantity is not UNSET:
        kind += f", {block.quantity:g}"
    if block.per is not UNSET:
        kind += f" {_PER[block.per]}"
    yield kind
    yield f"Key: {block.key}"


def _written(keyword: str, text: str, before: str = "") -> str:
    """A text after its keyword, a line of the file for each of its lines and wherever one gets too long."""
    if "\n" not in text and len(text) <= WIDTH - len(keyword) - 3:
        return f'{keyword} "{text.translate(_ESCAPES)}"\n'
    lines = [f'{keyword} ""\n']
    for line in text.replace("\n", "\n\0").split("\0"):
        lines += [f'{before}"{part}"\n' for part in _FITTING.findall(line.translate(_ESCAPES))]
    return "".join(lines)
