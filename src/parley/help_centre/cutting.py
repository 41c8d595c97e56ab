"""An article's Markdown read block by block: headings, plain words, the passages it falls into."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

LONGEST_PASSAGE = 1_200
"""Characters of plain text from which on a section is cut between its blocks."""
DEEPEST = 3
"""Headings of a lower rank than this do not begin a passage."""

markdown = MarkdownIt("commonmark", {"html": True, "linkify": True}).enable(
    ["strikethrough", "linkify", "table"]
)
assert markdown.linkify is not None
# Only what is written out as an address becomes a link: `read.me` stays the words it is.
markdown.linkify.set({"fuzzy_link": False, "fuzzy_email": False, "fuzzy_ip": False})

CALLOUT = re.compile(r"\[!(\w{1,20})\][ \t]*([^\n]*)(?:\n|$)")
"""How the first line of a callout begins: `[!TIP]`, and perhaps a title of its own."""
_TAG = re.compile(r"<!--.*?-->|<[^<>]{0,2000}>", re.DOTALL)
_NOT_IN_ANCHORS = re.compile(r"[^\w\- ]+")


@dataclass(frozen=True)
class Piece:
    """A passage of an article: where it stands (`anchor`, empty: above the first heading) and its words.

    `body` is its Markdown without the heading, `text` the same without marks, a block a line.
    """

    heading: str
    anchor: str
    body: str
    text: str


class Anchors:
    """Gives every heading of one article an anchor of its own, as readable as the heading is."""

    def __init__(self) -> None:
        self._taken: dict[str, int] = {}

    def of(self, words: str) -> str:
        """The anchor of the next heading. None of them is the name of another part of the page."""
        slug = f"s-{bare_anchor(words) or 'section'}"
        count = self._taken.get(slug, 0)
        self._taken[slug] = count + 1
        return f"{slug}-{count}" if count else slug


def bare_anchor(words: str) -> str:
    """A heading as the well-known hosts of Markdown write it behind the `#` of an address."""
    return _NOT_IN_ANCHORS.sub("", words.strip().lower()).replace(" ", "-")[:80]


def passages(body: str) -> list[Piece]:
    """The passages that an article's Markdown falls into, in order; nothing of it is left out.

    Each begins at a heading, or between two blocks where a section is long.
    """
    lines = body.split("\n")
    anchors, heading, anchor = Anchors(), "", ""
    pieces: list[Piece] = []
    blocks: list[tuple[int, int, str]] = []

    def close() -> None:
        pieces.extend(_pieces(heading, anchor, lines, blocks))
        blocks.clear()

    for block in _blocks(markdown.parse(body)):
        first = block[0]
        begin, end = first.map or (0, 0)
        if first.type != "heading_open":
            blocks.append((begin, end, _plain(block)))
            continue
        words = words_of(block[1])
        own = anchors.of(words)
        if int(first.tag[1:]) > DEEPEST:
            blocks.append((begin, end, words))
            continue
        close()
        heading, anchor = words, own
    close()
    return pieces or [Piece("", "", "", "")]


def words_of(inline: Token) -> str:
    """The words of a line of text, without marks; of a picture, what it is said to show."""
    return " ".join("".join(_spoken(inline.children or [])).split())


def plain_text(body: str) -> str:
    """All words of an article's Markdown, headings too, a block a line."""
    return "\n".join(filter(None, (_plain(block) for block in _blocks(markdown.parse(body)))))


def _blocks(tokens: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The outermost blocks, each with all its tokens."""
    start = 0
    for place, token in enumerate(tokens):
        if token.level == 0 and token.nesting <= 0:
            yield tokens[start : place + 1]
            start = place + 1


def _plain(block: Sequence[Token]) -> str:
    lines = []
    for token in block:
        if token.type == "inline":
            lines.append(CALLOUT.sub(r"\2 ", words_of(token), count=1))
        elif token.type in ("fence", "code_block"):
            lines.append(token.content)
        elif token.type == "html_block":
            lines.append(_TAG.sub(" ", token.content))
    return "\n".join(line.strip() for line in lines if line.strip())


def _spoken(children: Sequence[Token]) -> Iterator[str]:
    for token in children:
        if token.type in ("text", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak"):
            yield " "
        elif token.type == "image":
            yield from _spoken(token.children or [])


def _pieces(
    heading: str, anchor: str, lines: Sequence[str], blocks: Sequence[tuple[int, int, str]]
) -> Iterator[Piece]:
    if heading and not blocks:
        yield Piece(heading, anchor, "", "")
    together: list[tuple[int, int, str]] = []
    for block in blocks:
        if together and sum(len(one[2]) for one in together) + len(block[2]) > LONGEST_PASSAGE:
            yield _piece(heading, anchor, lines, together)
            together = []
        together.append(block)
    if together:
        yield _piece(heading, anchor, lines, together)


def _piece(
    heading: str, anchor: str, lines: Sequence[str], blocks: Sequence[tuple[int, int, str]]
) -> Piece:
    body = "\n".join(lines[blocks[0][0] : blocks[-1][1]]).strip("\n")
    return Piece(heading, anchor, body, "\n".join(filter(None, (one[2] for one in blocks))))
