"""Packs as hypothesis makes them: in many scripts, with texts that YAML, PO and Markdown find hard."""

from uuid import UUID

from hypothesis import strategies as st
from msgspec import UNSET

from yema.activities.pack.source import (
    ActivityDraft,
    Ancestor,
    BlockDraft,
    GroupSize,
    MinutesRange,
    PackDraft,
    PackSource,
    PackTexts,
    Translation,
)
from yema.activities.translating.po import same

HARD = [
    " leading", "trailing ", "- x", "# x", "a: b", "a #b", "---", "...", "--- x", "%x", "@x", "`x`", "*x", "&x", "!x",
    "? x", ": x", "x:", "|", ">-", "[x]", "{x}", "null", "~", "yes", "NO", "true", "1", "1.5", "1e5", "0x1f", "1:30",
    "2027-07-14", "<<", "=", '"x"', "'x'", "\\", "\\n", "a\\", '\\"', "a\nb", "a\n\nb", "a\n\n\nb", "\na", "a\n",
    "a \nb", "a\n b", "a\n- b\n- c", "\t", "a\tb", "a\r\nb", "a\rb", "a\x85b", "a\u2028b", "a\u2029b", "\ufeffa",
    "a\ufeff", "\x07\x1b\x7f", "\x9f", "\ufffe\uffff", "\u00a0x\u00a0", "a  b", "x" * 300, "word " * 60, "ł ü ї",
    "مرحبا بالعالم", "שלום", "你好，世界", "नमस्ते", "👩‍👩‍👧‍👦🏳️‍🌈", "e\u0301", "## x", "\\## x", "a\n## step: x\nb",
    "a\n\\## x", 'msgid "x"', "#, fuzzy", "#~ x", "\x0b\x0c\x08", "%(x)s %d", "charset=latin-1",
]  # fmt: skip

_characters = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
texts = st.one_of(
    st.sampled_from(HARD),
    st.lists(st.sampled_from(HARD), min_size=1, max_size=4).map("".join),
    st.lists(st.sampled_from(HARD), min_size=2, max_size=3).map("\n".join),
    st.text(_characters, min_size=1, max_size=200),
).filter(str.strip)
lines = texts.map(lambda text: text[:200]).filter(str.strip)
slugs = st.one_of(
    st.sampled_from(["a", "no", "null", "1", "1e5", "2027-07-14", "on", "x-y"]),
    st.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,4})?", fullmatch=True),
)
numbers = st.floats(0, 10_000, exclude_min=True, allow_subnormal=False)
authors = st.lists(lines, min_size=1, max_size=3)
ancestors = st.builds(
    Ancestor, pack=st.uuids(), version=st.integers(1, 9), title=lines, authors=authors, licence=st.just("CC0-1.0")
)


@st.composite
def blocks(draw: st.DrawFn, key: str) -> BlockDraft:
    kind = draw(st.sampled_from(["aim", "step", "material", "question", "text"]))
    block = BlockDraft(key=key, kind=kind, text=draw(texts))  # type: ignore[arg-type]
    if kind == "step" and draw(st.booleans()):
        block.minutes = draw(st.integers(0, 1440))
    if kind == "material":
        block.quantity = draw(numbers)
        block.per = draw(st.sampled_from(["participant", "group", "total"]))
    return block


@st.composite
def activities(draw: st.DrawFn, slug: str) -> ActivityDraft:
    keys = draw(st.lists(slugs.filter(lambda key: key not in ("title", "summary")), max_size=4, unique=True))
    low, high = sorted(draw(st.lists(st.integers(1, 1000), min_size=2, max_size=2)))
    return ActivityDraft(
        id=draw(st.uuids()),
        slug=slug,
        method="energiser",
        phase="implementation",
        group_size=GroupSize(min=low, max=high),
        minutes=MinutesRange(min=low, max=high, preparation=draw(st.integers(0, 1440))),
        age_from=draw(st.integers(0, 99)),
        settings=["indoor"],
        energy="calm",
        complexity=draw(st.integers(1, 4)),
        blocks=[
            BlockDraft(key="title", kind="title", text=draw(lines)),
            BlockDraft(key="summary", kind="summary", text=draw(texts)),
            *[draw(blocks(key)) for key in keys],
        ],
        tags=draw(st.lists(slugs, max_size=3)),
        source=draw(st.one_of(st.just(""), texts)),
        origin=draw(st.uuids()) if draw(st.booleans()) else UNSET,
    )


@st.composite
def any_source(draw: st.DrawFn) -> PackSource:
    names = draw(st.lists(slugs, max_size=3, unique=True))
    head = PackDraft(
        format=1,
        id=draw(st.uuids()),
        slug=draw(slugs),
        source_locale="en",
        licence="CC-BY-4.0",
        authors=draw(authors),
        texts=PackTexts(title=draw(lines), summary=draw(texts)),
        activities=names,
        lineage=draw(st.lists(ancestors, max_size=2)),
    )
    source = PackSource(head=head, activities=[draw(activities(name)) for name in names], translations={})
    for locale in draw(st.lists(st.sampled_from(["ar", "pl", "uk", "zh-Hant"]), max_size=2, unique=True)):
        found: dict[UUID, Translation] = {}
        for text in source.texts():
            if draw(st.booleans()):
                made_from = draw(st.one_of(st.just(text.block.text), st.just(""), texts))
                # PO does not tell apart what is the same but for white space.
                made_from = text.block.text if same(made_from, text.block.text) else made_from
                translated = draw(lines if text.block.kind == "title" else texts)
                found[text.id] = Translation(text=translated, source=made_from)
        if found:
            source.translations[locale] = found
    return source
