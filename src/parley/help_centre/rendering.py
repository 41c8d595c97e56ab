"""An article's Markdown as HTML, made once, when it is published: what comes out is safe on any page.

CommonMark with tables; raw HTML goes through the same sieve as the rest. Beyond that:

- `> [!TIP]` begins a callout (NOTE, TIP, IMPORTANT, WARNING, CAUTION), as on the well-known hosts of code;
- a picture alone in its paragraph is a figure, its title the caption;
- a link alone in its paragraph to a film is a card, never a frame of somebody else's page;
- relative links between articles become addresses in the same language.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import unquote, urlsplit

import nh3
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from markdown_it.token import Token

from parley.conversations.rendering import SCHEMES, TAGS, as_typed
from parley.help_centre.addressing import (
    ENDINGS,
    address_of,
    beside,
    collection_of,
    is_elsewhere,
    without_ending,
)
from parley.help_centre.cutting import (
    CALLOUT,
    Anchors,
    Piece,
    bare_anchor,
    markdown,
    passages,
    words_of,
)

__all__ = ["LONGEST_BODY", "Heading", "Piece", "Rendered", "Shown", "passages", "render"]

LONGEST_BODY = 200_000
"""Characters that an article may have in one language."""
MOST_BRACKETS, MOST_ANGLES = 10_000, 5_000
"""Square brackets and angles up to which a text is read as Markdown: what nests takes its square."""
MOST_GROWTH = 30
"""A text whose HTML is so many times as long is no article but a bomb: it is shown as it was typed."""

CALLOUTS = ("note", "tip", "important", "warning", "caution")
_ALSO_CALLED = {
    "info": "note", "hint": "tip", "success": "tip", "attention": "warning", "danger": "caution",
}  # fmt: skip
FILMS = {
    "youtube.com": "YouTube", "youtu.be": "YouTube", "vimeo.com": "Vimeo", "loom.com": "Loom",
    "rutube.ru": "RUTUBE", "vkvideo.ru": "VK Видео", "dailymotion.com": "Dailymotion",
}  # fmt: skip

_TAGS = TAGS | {
    "table", "thead", "tbody", "tr", "th", "td", "img", "figure", "figcaption", "aside", "span",
    "kbd", "sub", "sup", "mark", "del", "ins", "details", "summary", "dl", "dt", "dd", "div",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title"}, "ol": {"start"}, "th": {"align", "colspan", "rowspan", "scope"},
    "td": {"align", "colspan", "rowspan"}, "img": {"src", "alt", "width", "height", "loading", "decoding"},
    **{f"h{level}": {"id"} for level in range(1, 7)}, "details": {"open"},
}  # fmt: skip
_CLASSES = {
    "aside": {"callout", *(f"callout-{kind}" for kind in CALLOUTS)},
    "p": {"callout-title"},
    "a": {"film"},
    "span": {"film-words", "film-place"},
    "div": {"table-wrap"},
}
_WITH_ENDING = re.compile(r"\.[A-Za-z0-9]{1,5}$")


@dataclass(frozen=True)
class Shown:
    """A picture as a page shows it: its address, and its size in pixels."""

    address: str
    width: int
    height: int


@dataclass(frozen=True)
class Heading:
    level: int
    anchor: str
    words: str


@dataclass(frozen=True)
class Rendered:
    html: str
    headings: list[Heading]


def no_pictures(_path: str) -> Shown | None:
    """Nothing stands behind any name: for texts that have no pictures."""
    return None


def render(
    body: str,
    *,
    language: str,
    path: str,
    image_url: Callable[[str], Shown | None] = no_pictures,
    title: str = "",
) -> Rendered:
    """The Markdown of the article `path` in `language` as safe HTML, and its headings.

    `image_url` gives the picture that the Markdown names so, or None where there is none. A first
    heading that repeats `title` is left out: the page has it. Headings begin with the second rank.
    """
    if body.count("[") > MOST_BRACKETS or body.count("<") > MOST_ANGLES:
        return Rendered(as_typed(body), [])
    tokens = markdown.parse(body)
    with translation.override(language):
        page = _Page(image_url)
        laid_out = page.lay_out(_without_title(tokens, title))
    html = markdown.renderer.render(laid_out, markdown.options, {})
    if len(html) > MOST_GROWTH * len(body) + 5_000:
        return Rendered(as_typed(body), [])
    anchors = {heading.anchor for heading in page.headings}
    return Rendered(_clean(html, language, path, image_url, anchors), page.headings)


def _clean(
    html: str,
    language: str,
    path: str,
    image_url: Callable[[str], Shown | None],
    anchors: set[str],
) -> str:
    def kept(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "id":
            return value if value in anchors else None
        if attribute == "href":
            return _linked(value, language, path)
        if attribute == "src" and not value.startswith("/help/images/"):
            shown = image_url(value)
            return shown.address if shown else None
        return value

    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        attribute_filter=kept,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )


def _linked(target: str, language: str, path: str) -> str | None:
    """Where a link leads; None where it leads nowhere."""
    if is_elsewhere(target) or target.startswith("/"):
        return target
    name, _hash, anchor = target.partition("#")
    behind = f"#s-{bare_anchor(anchor.removeprefix('s-'))}" if anchor else ""
    if not name:
        return behind or None
    named = beside(path, name.partition("?")[0])
    if named is None:
        return None
    if named.endswith("/_collection.md"):
        return address_of(language, collection_of(named))
    if _WITH_ENDING.search(named) and not named.lower().endswith(ENDINGS):
        return None
    return address_of(language, without_ending(named)) + behind


def _without_title(tokens: list[Token], title: str) -> list[Token]:
    first = tokens[0] if tokens else None
    if title and first is not None and first.type == "heading_open" and first.tag == "h1":
        said = words_of(tokens[1]).casefold()
        return tokens[3:] if said == " ".join(title.split()).casefold() else tokens
    return tokens


class _Page:
    """Turns the tokens of plain CommonMark into those of the page."""

    def __init__(self, image_url: Callable[[str], Shown | None]) -> None:
        self.image_url = image_url
        self.headings: list[Heading] = []
        self._anchors = Anchors()

    def lay_out(self, tokens: Sequence[Token]) -> list[Token]:
        made: list[Token] = []
        closing: dict[int, bool] = {}
        place = 0
        while place < len(tokens):
            token = tokens[place]
            if token.type == "heading_open":
                self._heading(token, tokens[place + 1], tokens[place + 2])
            elif token.type == "blockquote_open" and (callout := _callout_at(tokens, place)):
                closing[token.level] = True
                made.append(_as_html(callout.opening))
                made.extend(self._rest(tokens, place, callout.title_end))
                place += 4
                continue
            elif token.type == "blockquote_close" and closing.pop(token.level, False):
                made.append(_as_html("</aside>"))
                place += 1
                continue
            elif token.type == "table_open":
                made.append(_as_html('<div class="table-wrap">'))
            elif token.type == "paragraph_open" and (alone := self._alone(tokens[place + 1])):
                made.append(_as_html(alone))
                place += 3
                continue
            elif token.type == "inline":
                token.children = self._with_pictures(token.children or [])
            made.append(token)
            if token.type == "table_close":
                made.append(_as_html("</div>"))
            place += 1
        return made

    def _heading(self, opening: Token, inline: Token, closing: Token) -> None:
        level = max(2, int(opening.tag[1:]))
        opening.tag = closing.tag = f"h{level}"
        words = words_of(inline)
        anchor = self._anchors.of(words)
        opening.attrs = {"id": anchor}
        self.headings.append(Heading(level, anchor, words))

    def _rest(self, tokens: Sequence[Token], place: int, title_end: int) -> list[Token]:
        """The first paragraph of a callout without its first line; nothing, if that was all."""
        inline = tokens[place + 2]
        inline.children = self._with_pictures((inline.children or [])[title_end:])
        if not inline.children:
            return []
        return [tokens[place + 1], inline, tokens[place + 3]]

    def _alone(self, inline: Token) -> str | None:
        """What stands in place of a paragraph that is nothing but a picture, or a link to a film."""
        children = inline.children or []
        if len(children) == 1 and children[0].type == "image":
            picture = self._picture(children[0])
            caption = escape(str(children[0].attrs.get("title") or ""))
            said = f"<figcaption>{caption}</figcaption>" if caption else ""
            return f"<figure>{picture}{said}</figure>\n" if picture.startswith("<img") else None
        if len(children) == 3 and children[0].type == "link_open":
            return _film(str(children[0].attrs["href"]), words_of(inline))
        return None

    def _with_pictures(self, children: Sequence[Token]) -> list[Token]:
        return [
            _as_html(self._picture(child), inline=True) if child.type == "image" else child
            for child in children
        ]

    def _picture(self, image: Token) -> str:
        """The picture; a link, where it lies elsewhere; its words, where there is none."""
        source, alt = str(image.attrs["src"]), escape(words_of(image))
        shown = self.image_url(source)
        if shown is not None:
            return (
                f'<img src="{escape(shown.address)}" alt="{alt}" width="{shown.width}"'
                f' height="{shown.height}" loading="lazy" decoding="async">'
            )
        if is_elsewhere(source):
            return f'<a href="{escape(source)}">{alt or escape(source)}</a>'
        return f"<em>{alt}</em>" if alt else ""


@dataclass(frozen=True)
class _Callout:
    opening: str
    title_end: int
    """How many of the first paragraph's pieces are its first line."""


def _callout_at(tokens: Sequence[Token], place: int) -> _Callout | None:
    if place + 3 >= len(tokens) or tokens[place + 1].type != "paragraph_open":
        return None
    inline = tokens[place + 2]
    found = CALLOUT.match(inline.content)
    if found is None:
        return None
    word = found[1].lower()
    kind = _ALSO_CALLED.get(word, word)
    if kind not in CALLOUTS:
        return None
    children = inline.children or []
    breaks = (n for n, child in enumerate(children) if child.type in ("softbreak", "hardbreak"))
    end = next(breaks, len(children) - 1) + 1
    title = escape(found[2].strip()) or escape(_callout_title(kind))
    return _Callout(
        f'<aside class="callout callout-{kind}"><p class="callout-title">{title}</p>\n', end
    )


def _callout_title(kind: str) -> str:
    return {
        "note": pgettext("callout", "Note"),
        "tip": pgettext("callout", "Tip"),
        "important": pgettext("callout", "Important"),
        "warning": pgettext("callout", "Warning"),
        "caution": pgettext("callout", "Caution"),
    }[kind]


def _film(address: str, words: str) -> str | None:
    parts = urlsplit(address)
    place = FILMS.get((parts.hostname or "").removeprefix("www.").removeprefix("m."))
    if place is None or parts.scheme not in ("http", "https"):
        return None
    said = words if words != address else _("Watch the video")
    return (
        f'<p><a class="film" href="{escape(address)}"><span class="film-words">{escape(said)}</span>'
        f' <span class="film-place">{place}</span></a></p>\n'
    )


def _as_html(html: str, *, inline: bool = False) -> Token:
    return Token("html_inline" if inline else "html_block", "", 0, content=html)


def headings_as_kept(headings: Sequence[Heading]) -> list[list[object]]:
    """Headings as a version keeps them."""
    return [[one.level, one.anchor, one.words] for one in headings]


def pictures_by_name(images: Mapping[str, Shown]) -> Callable[[str], Shown | None]:
    """How `render` finds pictures that are given by the path their files have beside the article."""

    def found(name: str) -> Shown | None:
        return None if is_elsewhere(name) else images.get(picture_name(name))

    return found


def picture_name(target: str) -> str:
    """The name that a picture goes by, of how the Markdown says it: `./images/a%20b.png`."""
    return posixpath.normpath(unquote(target).replace("\\", "/"))
