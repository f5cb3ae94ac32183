"""Texts of activities as HTML: CommonMark without raw HTML, made clean once more by another hand.

Links lead to the web or to an address and nowhere else; pictures are media of the pack, so one in a text is only its words. Headings
begin at h3, below those of the page.
"""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict

SCHEMES = frozenset({"http", "https", "mailto"})
TAGS = frozenset(
    {"p", "br", "hr", "h3", "h4", "h5", "h6", "em", "strong", "code", "pre", "blockquote", "ul", "ol", "li", "a"}
)
BRACKETS_MAX = 100
"""Of one text. Each may begin a link, and looking for the ends of thousands takes seconds; then none of them does."""
_HEADING_FIRST, _HEADING_LAST = 3, 6
# Embeddings and overrides show a text, or where a link leads, in another order than it is in. Isolates and marks end by themselves.
_OVERRIDES = re.compile("[\u202a-\u202e]")


def html_of(kind: str, text: str) -> str:
    """The text of a block of this kind as HTML; that of a title goes into one line."""
    plain = _OVERRIDES.sub("", text)
    if plain.count("[") > BRACKETS_MAX:
        plain = plain.replace("[", "\\[")
    made = _MARKDOWN.renderInline(plain) if kind == "title" else _MARKDOWN.render(plain)
    return nh3.clean(
        made,
        tags=set(TAGS),
        attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
        url_schemes=set(SCHEMES),
        link_rel="nofollow noopener noreferrer",
    ).strip()


def _leads_out(url: str) -> bool:
    try:
        return urlsplit(url).scheme.lower() in SCHEMES
    except ValueError:
        return False


def _words(_: RendererProtocol, tokens: Sequence[Token], place: int, options: OptionsDict, env: EnvType) -> str:
    return escapeHtml(tokens[place].content)


def _lower(state: Any) -> None:
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + _HEADING_FIRST - 1, _HEADING_LAST)}"


def _markdown() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False})
    made.validateLink = _leads_out  # type: ignore[method-assign]
    made.add_render_rule("image", _words)
    made.core.ruler.push("lower_headings", _lower)
    return made


_MARKDOWN = _markdown()
