"""What people type becomes HTML here, once, at the door: Markdown in, sanitised HTML out."""

from __future__ import annotations

import nh3
from markdown_it import MarkdownIt

_markdown = MarkdownIt("commonmark", {"html": False, "breaks": True}).enable("strikethrough")
_TAGS = {
    "p", "br", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr",
    "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto"}


def render(text: str) -> str:
    """`text` (Markdown as people type it) as HTML that is safe to show on any page.

    Raw HTML in it is shown as text. Images are not loaded from elsewhere: they become links.
    """
    return nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=_SCHEMES,
        link_rel="noopener noreferrer nofollow ugc",
    )
