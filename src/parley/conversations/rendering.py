"""What people type becomes HTML here, once, at the door: Markdown in, sanitised HTML out."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import nh3
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

_markdown = (
    MarkdownIt("commonmark", {"html": False, "breaks": True, "linkify": True})
    .enable(["strikethrough", "linkify"])
    # An address named once and used a thousand times makes megabytes of a few lines.
    .disable("reference")
)
# Only what is written out as an address: `read.me` and `john@example.com` stay the words they are.
assert _markdown.linkify is not None
_markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})
for _scheme in ("//", "ftp:", "mailto:"):
    _markdown.linkify.add(_scheme, None)
MOST_MARKS = 4_000
"""Characters with a meaning in Markdown, and lines, up to which a text is read as Markdown: reading
them takes time that grows with their square."""
_MARKS = "[]!*_`~<&\\#>:\n"
TAGS = {
    "p", "br", "strong", "em", "s", "a", "ul", "ol", "li", "blockquote", "code", "pre", "hr",
    "h1", "h2", "h3", "h4", "h5", "h6",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto"}


def render(text: str) -> str:
    """`text` (Markdown as people type it) as HTML that is safe to show on any page.

    Raw HTML in it is shown as text. Images are not loaded from elsewhere: they become links. A text
    that is mostly marks (a log, a dump, a bomb) is shown as it was typed.
    """
    return nh3.clean(
        _markdown.render(text) if _marks_in(text) <= MOST_MARKS else as_typed(text),
        tags=TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer nofollow ugc",
    )


def _marks_in(text: str) -> int:
    return sum(map(text.count, _MARKS))


def as_typed(text: str) -> str:
    """`text` as HTML that shows it as it was typed, line by line."""
    return f"<p>{escape(text).replace(chr(10), '<br>')}</p>"


def _image_as_link(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, *_rest: object
) -> str:
    image = tokens[index]
    alt = renderer.renderInlineAsText(image.children or [], {}, {})  # type: ignore[arg-type]
    source = str(image.attrs["src"])
    return f'<a href="{escape(source)}">{escape(alt or source)}</a>'


_markdown.add_render_rule("image", _image_as_link)
