"""PO files: what gettext's own tools, polib and Babel say of ours, and what we say of theirs."""

import io
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import polib
import pytest
from babel.messages.pofile import read_po
from hypothesis import given
from hypothesis import strategies as st

from tests import make
from tests.activities.translating.translated import STEP, activity, source
from yema.activities.pack.source import PackSource, Translation, block_id
from yema.activities.packfile import read_pack
from yema.activities.translating.po import REASONS, TOO_MANY, BadPo, po_of, same, translations_in
from yema.activities.translating.po_reading import FAULTS_MAX, Fault

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=200).filter(
    str.strip
)
SOURCES = st.lists(TEXTS, min_size=1, max_size=6)


def pack_of(texts: list[str], translations: list[Translation | None], locale: str = "de") -> PackSource:
    """A pack with these steps, and their translations."""
    one = activity(**{f"s_{n}": text for n, text in enumerate(texts)})
    found = {block_id(one.id, f"s-{n}"): found for n, found in enumerate(translations) if found}
    return source(one, **{locale: found})


@st.composite
def packs(draw: st.DrawFn) -> PackSource:
    """Packs in which each text is translated, stale or missing."""
    texts = draw(SOURCES)
    return pack_of(texts, [draw(st.none() | _translations(text)) for text in texts])


def _translations(text: str) -> st.SearchStrategy[Translation]:
    return st.builds(Translation, text=TEXTS, source=st.just(text) | TEXTS | st.just(""))


def without_translations(pack: PackSource) -> PackSource:
    return PackSource(head=pack.head, activities=pack.activities, translations={})


def as_kept(pack: PackSource, locale: str = "de") -> dict[UUID, Translation]:
    """The translations as they come back: made from today's text where that is the same."""
    sources = {text.id: text.block.text for text in pack.texts()}
    return {
        block: Translation(
            text=found.text, source=sources[block] if same(found.source, sources[block]) else found.source
        )
        for block, found in pack.translations[locale].items()
    }


@given(packs())
def test_translations_come_back_from_a_po_file(pack: PackSource) -> None:
    taken = translations_in(po_of(pack, "de").encode(), without_translations(pack), "de")

    assert taken.translations == as_kept(pack)


@given(packs())
def test_a_po_file_that_comes_back_changes_nothing(pack: PackSource) -> None:
    taken = translations_in(po_of(pack, "de"), pack, "de")

    assert taken.translations == {}


@given(packs())
def test_msgfmt_polib_and_babel_read_the_same(pack: PackSource) -> None:
    text = po_of(pack, "de")
    ours = {
        str(one.id): (
            one.block.text,
            found.text if (found := pack.translations["de"].get(one.id)) else "",
        )
        for one in pack.texts()
    }

    by_babel = {m.context: (m.id, m.string) for m in read_po(io.BytesIO(text.encode())) if m.id or m.context}
    assert by_babel == ours
    assert {e.msgctxt: (e.msgid, e.msgstr) for e in by_polib(text)} == ours


def by_polib(text: str) -> list[Any]:
    """The entries as polib reads them from a file; from a text it would also break lines at Unicode's other line breaks."""
    with tempfile.NamedTemporaryFile("wb", suffix=".po") as file:
        file.write(text.encode())
        file.flush()
        return list(polib.pofile(file.name))


@pytest.mark.parametrize("locale", ["de", "pl", "ar", "uk", "fr", "pt-BR", "zh-Hant-TW", "sr-Latn", "ja"])
def test_msgfmt_has_nothing_to_say(locale: str, tmp_path: Path) -> None:
    pack = read_pack(make.FIXTURES / "packs" / "first-days")
    pack.translations.setdefault(locale, next(iter(pack.translations.values())))
    file = tmp_path / "it.po"
    file.write_text(po_of(pack, locale), "utf-8")

    said = subprocess.run(["msgfmt", "-c", "-o", "/dev/null", file], capture_output=True, text=True, check=False)

    assert (said.returncode, said.stderr) == (0, "")


def test_a_po_file_says_what_a_translator_needs() -> None:
    one = activity(a='Go "there"\\now,\n\tand back. ' + "x" * 80)
    pack = source(one, pl={block_id(one.id, "step-1"): Translation(text="Stańcie.", source="Stand up.")})

    text = po_of(pack, "pl")

    assert text.startswith(
        'msgid ""\nmsgstr ""\n'
        '"Project-Id-Version: small\\n"\n"PO-Revision-Date: 1970-01-01 00:00+0000\\n"\n"Last-Translator: \\n"\n"Language-Team: \\n"\n'
        '"Language: pl\\n"\n"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
        '"Content-Transfer-Encoding: 8bit\\n"\n'
        '"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"\n'
        '"X-Generator: YEMA\\n"\n\n'
    )
    assert text.endswith(
        "\n#. Activity: Name River\n#. Kind: step, 5 min\n#. Key: step-1\n#: activities/name-river.yaml:step-1\n"
        f'#, fuzzy\n#| msgid "Stand up."\nmsgctxt "{block_id(one.id, "step-1")}"\n'
        f'msgid "{STEP}"\nmsgstr "Stańcie."\n'
        "\n#. Activity: Name River\n#. Kind: step, 5 min\n#. Key: a\n#: activities/name-river.yaml:a\n"
        f'msgctxt "{block_id(one.id, "a")}"\nmsgid ""\n"Go \\"there\\"\\\\now,\\n"\n"\\tand back. "\n"{"x" * 80}"\nmsgstr ""\n'
    )


def test_equal_texts_are_entries_of_their_own() -> None:
    one = activity(a="Talk.", b="Talk.")
    blocks = [block_id(one.id, key) for key in ("a", "b")]
    pack = source(one, de={block: Translation(text=f"Redet {n}.", source="Talk.") for n, block in enumerate(blocks)})

    taken = translations_in(po_of(pack, "de"), without_translations(pack), "de")

    assert {block: found.text for block, found in taken.translations.items()} == dict(
        zip(blocks, ["Redet 0.", "Redet 1."], strict=True)
    )


HEADER = 'msgid ""\nmsgstr "Language: de\\nContent-Type: text/plain; charset=UTF-8\\n"\n'


class Case:
    """A pack with one step, and a PO file about it."""

    def __init__(self, kept: Translation | None = None) -> None:
        self.pack = pack_of(["Stand up."], [])
        self.pack.activities[0].id = UUID(int=1)
        self.block = block_id(UUID(int=1), "s-0")
        self.pack.translations["de"] = {self.block: kept} if kept else {}

    def entry(self, msgstr: str = "Steht auf.", msgid: str = "Stand up.", before: str = "", context: str = "") -> str:
        return f'\n{before}msgctxt "{context or self.block}"\nmsgid "{msgid}"\nmsgstr "{msgstr}"\n'

    def notes(self, entries: str) -> list[tuple[int, str]]:
        taken = translations_in(HEADER + entries, self.pack, "de", drafts=False)
        return [(note.line, note.code) for note in (*taken.not_taken, *taken.stale)]


def _reasons() -> dict[str, tuple[Case, str]]:
    case = Case()
    kept = Case(Translation(text="Steht auf.", source="Stand  up."))
    return {
        "no_context": (case, '\nmsgid "Stand up."\nmsgstr "Steht auf."\n'),
        "unknown_block": (case, case.entry(context="6f0a")),
        "plural": (case, f'\nmsgctxt "{case.block}"\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[1] "d"\n'),
        "obsolete": (case, f'\n#~ msgctxt "{case.block}"\n#~ msgid "Stand up."\n#~ msgstr "Steht auf."\n'),
        "fuzzy": (case, case.entry(before="#, c-format, fuzzy\n")),
        "empty": (case, case.entry(" \\n")),
        "too_long": (case, case.entry("x" * 10_001)),
        "nul": (case, case.entry("a\\000b")),
        "unchanged": (kept, kept.entry("Steht auf.\\r\\n", msgid="Stand\\r\\nup.")),
        "fresher": (kept, kept.entry("Sitzt!", msgid="Sit down.")),
        "older_source": (case, case.entry("Sitzt!", msgid="Sit down.")),
    }


@pytest.mark.parametrize("code", [code for code in REASONS if code != "changed_meanwhile"])  # it needs a second one
def test_every_entry_that_is_not_taken_has_its_line_and_its_reason(code: str) -> None:
    case, entries = _reasons()[code]

    [(line, reason)] = case.notes(entries)

    first = next(n for n, text in enumerate((HEADER + entries).split("\n"), 1) if "msg" in text and n > 2)
    assert (line, reason) == (first, code)


def test_a_text_from_an_older_source_is_kept_as_stale() -> None:
    case = Case()

    taken = translations_in(HEADER + case.entry("Sitzt!", msgid="Sit down."), case.pack, "de")

    assert taken.translations == {case.block: Translation(text="Sitzt!", source="Sit down.")}


def test_a_title_is_a_line() -> None:
    pack = source(activity())
    title = block_id(pack.activities[0].id, "title")
    entry = f'\nmsgctxt "{title}"\nmsgid "Name River"\nmsgstr "{"x" * 201}"\n'

    assert [note.code for note in translations_in(HEADER + entry, pack, "de").not_taken] == ["too_long"]


MALFORMED: dict[str, tuple[str | bytes, list[tuple[int, str]]]] = {
    "quotes": (f'{HEADER}\nmsgctxt "a\nmsgid "b\nmsgstr "c"\n', [(4, "bad_text"), (5, "bad_text")]),
    "after the text": (f'{HEADER}\nmsgid "a" b\nmsgstr "c"\n', [(4, "bad_text")]),
    "words": (f'{HEADER}\nmsgtext "a"\nhello\nmsgid "b"\nmsgstr "c"\n', [(4, "bad_line"), (5, "bad_line")]),
    "escapes": (f'{HEADER}\nmsgid "\\q"\nmsgstr "\\xff"\n', [(4, "bad_escape"), (5, "bad_escape")]),
    "nothing after it": (f'{HEADER}\nmsgid "a"\nmsgstr\n', [(5, "bad_text")]),
    "no msgstr": (
        f'{HEADER}\nmsgid "a"\n\nmsgid "b"\nmsgstr "c"\n\nmsgctxt "d"\n',
        [(4, "no_msgstr"), (9, "no_msgstr")],
    ),
    "no msgid": (f'{HEADER}\nmsgctxt "a"\nmsgstr "c"\n', [(4, "no_msgstr"), (5, "out_of_order")]),
    "msgstr twice": (f'{HEADER}\nmsgid "a"\nmsgstr "b"\nmsgstr "c"\n', [(6, "out_of_order")]),
    "a text alone": ('"a"\n', [(1, "bad_line")]),
    "contexts": (
        f'{HEADER}\nmsgctxt "a"\nmsgid "b"\nmsgstr "c"\nmsgctxt "a"\nmsgid "d"\nmsgstr "e"\n',
        [(7, "twice")],
    ),
    "notes": (f'{HEADER}\n#| foo\n#| "a\nmsgid "b"\nmsgstr "c"\n', [(4, "bad_line"), (5, "bad_line")]),
    "a domain": (f'{HEADER}\ndomain "x"\nmsgid "b"\nmsgstr "c\n', [(6, "bad_text")]),
    "header twice": (HEADER + HEADER, [(3, "twice")]),
    "language": (HEADER.replace("de", "pl"), [(1, "other_language")]),
    "charset": (HEADER.replace("UTF-8", "ISO-8859-2"), [(1, "other_charset")]),
    "bytes": (HEADER.encode() + b'\n# \xff\nmsgid "a\xe9"\nmsgstr "b"\n', [(4, "not_utf8"), (5, "not_utf8")]),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00", [(1, "bad_line"), (1, "not_utf8"), (2, "bad_line"), (3, "bad_line")]),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_all_faults_of_a_malformed_file_are_named(what: str) -> None:
    content, faults = MALFORMED[what]

    with pytest.raises(BadPo) as bad:
        translations_in(content, Case().pack, "de")

    assert [(fault.line, fault.code) for fault in bad.value.faults] == faults


def test_faults_without_end_are_cut() -> None:
    with pytest.raises(BadPo) as bad:
        translations_in("x\n" * 5000, Case().pack, "de")

    assert [len(bad.value.faults), bad.value.faults[-1].code] == [FAULTS_MAX + 1, "more_faults"]


def test_a_file_of_too_many_entries_is_not_read() -> None:
    with pytest.raises(BadPo) as bad:
        translations_in('msgid""msgstr""\n' * 20_000, Case().pack, "de")

    assert bad.value.faults == [Fault(1, "too_many", TOO_MANY)]


@given(st.text() | st.text(alphabet='msgidtrcx"\\\n#~|, 0[]'))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(BadPo):
        assert translations_in(text, Case().pack, "de").translations == {}


@pytest.mark.parametrize(
    "file",
    [
        "\ufeff" + HEADER + Case().entry(),
        Case().entry(),
        HEADER.replace("de", "DE") + Case().entry(),
        (HEADER + Case().entry()).replace("\n", "\r\n"),
        HEADER + Case().entry().replace("\n\n", "\n"),
        HEADER
        + Case().entry(
            before='# words\n#. notes\n#: x.yaml:3\n#, no-wrap\n#= no-wrap\n#\n#| msgctxt "x"\n#| msgid ""\n#| "y"\n'
        ),
        HEADER + '#~| msgid "x"\n#~ msgid "old"\n#~ msgstr ""\n#~ "gone"\n#~ "too"\n' + Case().entry(),
        HEADER + Case().entry().replace("msgid ", "msgid").replace('"Steht auf."', '"Ste" "ht"\n\n  " \\141uf."'),
    ],
)
def test_what_other_tools_write_is_read(file: str) -> None:
    taken = translations_in(file.encode(), Case().pack, "de")

    assert [found.text for found in taken.translations.values()] == ["Steht auf."]
