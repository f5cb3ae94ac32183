"""Reading gettext's PO files, line by line.

Neither polib nor Babel is asked: both stop at the first fault or read past it, and a translator wants all of them, each with its line.
Lines end with LF or CR LF and with nothing else: texts may hold the other line breaks of Unicode.
"""

import re
from typing import NamedTuple

from yema.errors import N_

FAULTS_MAX = 1000

LINE_MAX = 100_000
"""Characters of one line: the longest text, all of it escaped, has less."""
_KEYWORD = re.compile(r"(msgctxt|msgid_plural|msgid|msgstr|domain)(\[\d+\])?\s*(?=[\"\s]|$)")
_STRING = re.compile(r'"([^"\\]*(?:\\.[^"\\]*)*)"\s*')
_ESCAPE = re.compile(r"(?:\\[0-7]{1,3}|\\x[0-9a-fA-F]{2})+|\\(.)")
_BYTE = re.compile(r"\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3}))")
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", '"': '"', "\\": "\\", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}

BAD_LINE = N_("This line cannot be read. A PO file has msgctxt, msgid, msgstr, texts in double quotes and comments.")
BAD_TEXT = N_("This text is not closed with a double quote, or has something after it.")
BAD_ESCAPE = N_("There is a backslash that means nothing here.")
NOT_UTF8 = N_("This line is not UTF-8.")
OUT_OF_ORDER = N_("This is out of order: first msgctxt, then msgid, then msgstr.")
NO_MSGSTR = N_("This entry has no msgstr.")
MANY_FAULTS = N_("There are more faults after this one.")


class Fault(NamedTuple):
    """What is wrong with a line, the first being 1."""

    line: int
    code: str
    words: str
    values: tuple[tuple[str, str | int], ...] = ()


class Entry:
    """One message, as it stands in the file. `previous` is the older msgid that a fuzzy one was made from, where it says so."""

    __slots__ = ("_context", "_msgid", "_msgstr", "_previous", "fuzzy", "line", "obsolete", "plural")

    def __init__(self) -> None:
        self.line = 0
        self.fuzzy = self.obsolete = self.plural = False
        self._context: list[str] | None = None
        self._msgid: list[str] | None = None
        self._msgstr: list[str] | None = None
        self._previous: list[str] | None = None

    @property
    def context(self) -> str | None:
        return None if self._context is None else "".join(self._context)

    @property
    def msgid(self) -> str:
        return "".join(self._msgid or ())

    @property
    def msgstr(self) -> str:
        return "".join(self._msgstr or ())

    @property
    def previous(self) -> str | None:
        return None if self._previous is None else "".join(self._previous)


def entries_of(content: bytes | str) -> tuple[list[Entry], list[Fault]]:
    """The entries of a file with its header as the first that has no context and no msgid; and all that is wrong with its lines."""
    reader = _Reader()
    text = reader.decoded(content) if isinstance(content, bytes) else content
    reader.read(text.removeprefix("\ufeff"))
    return reader.entries, reader.faults


class _Reader:
    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.faults: list[Fault] = []
        self._line = 0
        self._entry = Entry()
        self._open: list[str] | None = None
        """Where a text that goes on in the next line is added."""

    def decoded(self, content: bytes) -> str:
        try:
            return content.decode()
        except UnicodeDecodeError:
            for self._line, line in enumerate(content.split(b"\n"), 1):
                try:
                    line.decode()
                except UnicodeDecodeError:
                    self._fault("not_utf8", NOT_UTF8)
        return content.decode(errors="replace")

    def read(self, text: str) -> None:
        for self._line, raw in enumerate(text.split("\n"), 1):
            line = raw.strip()
            if not line:
                continue
            if len(line) > LINE_MAX:
                self._fault("bad_line", BAD_LINE)
            elif line[0] == '"':
                self._go_on(line)
            elif line[0] == "#":
                self._comment(line)
            else:
                self._keyword(line)
        self._end()

    def _fault(self, code: str, words: str) -> None:
        if len(self.faults) < FAULTS_MAX:
            self.faults.append(Fault(self._line, code, words))
        elif len(self.faults) == FAULTS_MAX:
            self.faults.append(Fault(self._line, "more_faults", MANY_FAULTS))

    def _end(self) -> None:
        """The entry is over; the next line begins another one."""
        entry = self._entry
        if entry._msgstr is not None:
            self.entries.append(entry)
        elif entry._msgid is not None or entry._context is not None:
            self._fault_at(entry.line, "no_msgstr", NO_MSGSTR)
        self._entry, self._open = Entry(), None

    def _fault_at(self, line: int, code: str, words: str) -> None:
        now, self._line = self._line, line
        self._fault(code, words)
        self._line = now

    def _comment(self, line: str) -> None:
        kind = line[1:2]
        if kind == "~":
            self._obsolete(line[2:].strip())
            return
        if self._entry._msgid is not None or self._entry.obsolete:
            self._end()
        if kind in (",", "="):
            self._entry.fuzzy |= "fuzzy" in (flag.strip() for flag in line[2:].split(","))
        elif kind == "|":
            self._previous(line[2:].strip())

    def _obsolete(self, line: str) -> None:
        if not self._entry.obsolete:
            if self._entry._msgid is not None:
                self._end()
            self._entry.obsolete = True
        if line.startswith('"'):
            self._go_on(line)
        elif line and line[0] not in "|#":
            self._keyword(line)
            self._entry.obsolete = True

    def _previous(self, line: str) -> None:
        if line.startswith('"'):
            self._go_on(line)
            return
        match = _KEYWORD.match(line)
        if match is None:
            self._fault("bad_line", BAD_LINE)
            return
        self._open = []
        if match[1] == "msgid":
            self._open = self._entry._previous = []
        self._go_on(line[match.end() :])

    def _go_on(self, quoted: str) -> None:
        """Add what stands in double quotes to the text that is open."""
        if self._open is None:
            self._fault("bad_line", BAD_LINE)
        elif len(quoted) > 1 and quoted[-1] == '"' and quoted.find('"', 1) == len(quoted) - 1 and "\\" not in quoted:
            self._open.append(quoted[1:-1])
        else:
            self._open.append(self._unquoted(quoted))

    def _unquoted(self, quoted: str) -> str:
        found, at = [], 0
        while match := _STRING.match(quoted, at):
            found.append(self._unescaped(match[1]))
            at = match.end()
        if not found or at < len(quoted):
            self._fault("bad_text", BAD_TEXT)
            return quoted  # not nothing, which would make it another header
        return "".join(found)

    def _unescaped(self, text: str) -> str:
        if "\\" not in text:
            return text
        try:
            return _ESCAPE.sub(_meant, text)
        except (KeyError, ValueError):
            self._fault("bad_escape", BAD_ESCAPE)
            return text

    def _keyword(self, line: str) -> None:
        match = _KEYWORD.match(line)
        if match is None:
            self._open = []
            self._fault("bad_line", BAD_LINE)
            return
        self._open = self._place(match[1], plural=match[2] is not None)
        self._go_on(line[match.end() :])

    def _place(self, name: str, *, plural: bool) -> list[str]:
        """Where the text of this keyword belongs."""
        entry, text = self._entry, list[str]()
        begun = entry._msgid is not None or (name == "msgctxt" and entry._context is not None)
        if begun and name in ("msgctxt", "msgid"):
            self._end()
        entry = self._entry
        entry.line = entry.line or self._line
        if name == "msgctxt":
            entry._context = text
        elif name == "msgid":
            entry._msgid = text
        elif name != "domain":
            self._rest(entry, name, text, plural=plural)
        return text

    def _rest(self, entry: Entry, name: str, text: list[str], *, plural: bool) -> None:
        if entry._msgid is None or (entry._msgstr is not None and not (plural and entry.plural)):
            self._fault("out_of_order", OUT_OF_ORDER)
        elif name == "msgid_plural":
            entry.plural = True
        elif entry._msgstr is None:
            entry.plural |= plural
            entry._msgstr = text


def _meant(match: re.Match[str]) -> str:
    """What an escape stands for; numbers are bytes of UTF-8."""
    if match[1] is not None:
        return _LETTERS[match[1]]
    return bytes(int(x, 16) if x else int(o, 8) for x, o in _BYTE.findall(match[0])).decode()
