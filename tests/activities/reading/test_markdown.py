"""Texts as HTML: what an author means comes out, and what an attacker means does not."""

from html.parser import HTMLParser
from urllib.parse import urlsplit
from uuid import UUID

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.activities.workshop import blocks, desk
from tests.client import TestApp
from tests.measuring import cpu_seconds
from yema.activities.actions.publish import publish_pack
from yema.activities.reading.markdown import SCHEMES, TAGS, html_of

REL = 'rel="nofollow noopener noreferrer"'


class Seen(HTMLParser):
    """Every tag, attribute and link of a piece of HTML, as a browser reads it."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.attributes: set[tuple[str, str]] = set()
        self.links: list[str] = []
        self.text = ""
        self.other = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {(tag, name) for name, _ in attrs}
        self.links += [value or "" for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        self.other += 1

    def handle_decl(self, decl: str) -> None:
        self.other += 1

    def handle_pi(self, data: str) -> None:
        self.other += 1


def scheme_of(link: str) -> str:
    """As a browser reads it: without what it leaves out."""
    return urlsplit("".join(c for c in link if c not in "\t\n\r").lstrip("".join(map(chr, range(33))))).scheme.lower()


PIECES = st.sampled_from(
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<svg><animate onbegin=alert(1) attributeName=x>",
        "<svg/onload=alert(1)>",
        "<math><mtext></p><style><img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe srcdoc='<script>alert(1)</script>'>",
        "<!--", "-->", "<![CDATA[", "]]>", "<?php", "<!doctype html>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](java\tscript:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](javascript&colon;alert(1))",
        "[x](\x01javascript:alert(1))",
        "[x](vbscript:x)",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "[x](//evil.example)",
        "[x](file:///etc/passwd)",
        "[x](https://a.example/\" onclick=\"alert(1))",
        "[x](<https://a.example/> 'onmouseover=alert(1)')",
        "[x]: javascript:alert(1)\n\n[x]",
        "![x](javascript:alert(1))",
        "![x](https://a.example/track.png)",
        '![x" onerror="alert(1)](https://a.example)',
        "<javascript:alert(1)>",
        "<https://a.example>",
        "<mailto:a@b.example>",
        "&lt;script&gt;", "&#60;script&#62;", "&amp;lt;",
        "`<script>`", "```html\n<script>\n```", "    <script>",
        "\u202egpj.exe\u202c", "\u2066x\u2069", "\u200f",
        "\0", "\x0b", "\u2028", "\ufeff", "＜script＞", "%3Cscript%3E",
        "# ", "- ", "1. ", "> ", "***", "**", "_", "[", "](", ")", "<", ">", "\"", "'", "\\", "\n", "\n\n", "\t", " ",
    ]
)  # fmt: skip
HOSTILE = st.lists(PIECES | st.text(max_size=8), max_size=12).map("".join)


@settings(max_examples=400, deadline=None)
@given(HOSTILE, st.sampled_from(["title", "text"]))
@example("[x](javascript:alert(1))", "text")
@example("<img src=x onerror=alert(1)>", "title")
def test_nothing_but_plain_tags_and_links_to_the_web_comes_out(text: str, kind: str) -> None:
    seen = Seen(html_of(kind, text))

    assert seen.tags - TAGS == set()
    assert seen.attributes - {("a", "href"), ("a", "rel"), ("ol", "start")} == set()
    assert {scheme_of(link) for link in seen.links} - SCHEMES == set()
    assert (seen.other, set(seen.text) & {chr(c) for c in range(0x202A, 0x202F)}) == (0, set())


@given(st.text(alphabet=st.characters(categories=["L", "N", "Zs"]), min_size=1))
def test_plain_words_come_out_as_they_are(text: str) -> None:
    assert "".join(Seen(html_of("text", text)).text.split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("Sit *down*, **all** of you.", "<p>Sit <em>down</em>, <strong>all</strong> of you.</p>"),
        ("- one\n- two", "<ul>\n<li>one</li>\n<li>two</li>\n</ul>"),
        ("3. one\n4. two", '<ol start="3">\n<li>one</li>\n<li>two</li>\n</ol>'),
        ("# A\n\n## B\n\n### C\n\n###### F", "<h3>A</h3>\n<h4>B</h4>\n<h5>C</h5>\n<h6>F</h6>"),
        ("A\n=\n\nB\n-", "<h3>A</h3>\n<h4>B</h4>"),
        ("[a](https://x.example/?a=1&b=2)", f'<p><a href="https://x.example/?a=1&amp;b=2" {REL}>a</a></p>'),
        ("<mailto:a@b.example>", f'<p><a href="mailto:a@b.example" {REL}>mailto:a@b.example</a></p>'),
        ("![two *hands*](https://t.example/p.png)", "<p>two *hands*</p>"),
        ("a<br>b", "<p>a&lt;br&gt;b</p>"),
        ("&copy; 2 &lt; 3", "<p>© 2 &lt; 3</p>"),
        ("```\n<a>\n```", "<pre><code>&lt;a&gt;\n</code></pre>"),
        ("سلام *جميل*", "<p>سلام <em>جميل</em></p>"),
    ],
)
def test_markdown_becomes_html(text: str, html: str) -> None:
    assert html_of("text", text) == html


@pytest.mark.parametrize(
    ("text", "html"), [("1. Names", "1. Names"), ("# One *step*", "# One <em>step</em>"), ("a <b>", "a &lt;b&gt;")]
)
def test_a_title_stays_in_its_line(text: str, html: str) -> None:
    assert html_of("title", text) == html


@pytest.mark.parametrize("piece", ["[", "*a ", "**", "> ", "- ", "`", "![", "<", "[a](", "_a", "&#1;", "\\"])
def test_the_longest_of_texts_takes_no_long_time(piece: str) -> None:
    text = (piece * 10_000)[:10_000]

    assert cpu_seconds(lambda: html_of("text", text)) < 2


async def test_each_text_of_an_activity_is_also_shown_as_html_where_that_is_asked_for(app: TestApp) -> None:
    trainer = await desk(app, public=True)
    text = {"key": "how", "kind": "text", "text": "# How\n\n<script>x</script>"}
    made = await trainer.activity(blocks=blocks(text))
    await publish_pack(UUID(trainer.pack))

    plain, html = [
        [block.get("html") for block in (await app.anybody.get(f"/activities/{made['id']}{query}")).json()["blocks"]]
        for query in ("", "?html=true")
    ]

    assert plain == [None] * 3
    assert html == ["River", "<p>We sit at the river.</p>", "<h3>How</h3>\n<p>&lt;script&gt;x&lt;/script&gt;</p>"]


async def test_both_forms_are_kept_apart(app: TestApp) -> None:
    trainer = await desk(app, public=True)
    made = await trainer.activity()
    await publish_pack(UUID(trainer.pack))

    tags = [(await app.anybody.get(f"/activities/{made['id']}?html={html}")).headers["etag"] for html in (0, 1, 0, 1)]

    assert (len(set(tags)), tags[:2]) == (2, tags[2:])
