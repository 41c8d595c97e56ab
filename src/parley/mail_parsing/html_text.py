"""The text of an HTML mail, with its quotes marked: what a reader sees, line for line.

Follows what programs write around quotes and signatures (Gmail, Apple Mail, Outlook, Yahoo,
Thunderbird, Proton, mail.ru, Yandex and others), by structure where they have one and else by the
words that `quotes` knows.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import islice

from parley.mail_parsing.html_marks import Element, Role, element_of, is_shown
from parley.mail_parsing.html_tokens import Tag, resolved, tokens_of
from parley.mail_parsing.limits import MARKUP
from parley.mail_parsing.quotes import Divided, Lines, divide_lines

# How far up an end tag looks for its beginning, and how deep elements are followed.
FARTHEST_END = 200
DEEPEST = 5_000
DEEPEST_QUOTE = 20
# Tags and texts that are followed; what comes after so many is quoted history, read without them.
MOST_TOKENS = 120_000
# Links open at once, and letters of a table's row that is written in one line.
MOST_LINKS = 10
LONGEST_ROW = 300

_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_UNSEEN = re.compile("[\u034f\u200b\ufeff\u00ad]")
_TAGS = re.compile(r"<[^<>]*>")
_LINES_NAMES = """
address article aside body center dd details dir div dl dt fieldset figcaption figure footer
form h1 h2 h3 h4 h5 h6 header hr html legend li main menu nav ol p pre section summary table
tbody tfoot thead tr ul caption blockquote td th
"""
_LINES = frozenset(_LINES_NAMES.split())
_APART_NAMES = """
p h1 h2 h3 h4 h5 h6 ul ol dl table pre blockquote
"""
_APART = frozenset(_APART_NAMES.split())
# Inside text: an end tag of theirs closes nothing that stands in lines of its own.
_VOID_NAMES = """
area base basefont bgsound br col embed frame hr img input link meta param source track wbr
keygen
"""
_VOID = frozenset(_VOID_NAMES.split())
# Without a meaning for a text; they need not be followed.
_LOOKS_NAMES = """
b big code em font i nobr s small strike strong tt u o:p sub sup
"""
_LOOKS = frozenset(_LOOKS_NAMES.split())
_IN_HEAD = frozenset(("head", "title", "style", "script", "noscript", "template", "xml"))
_APPLE_SIGNATURE = "lineBreakAtBeginningOfSignature"
_CELLS = frozenset(("td", "th"))
_ROWS = frozenset(("tr", "table", "tbody", "thead", "tfoot"))


@dataclass(slots=True)
class _Line:
    text: str
    depth: int
    role: Role | None
    regions: tuple[Element, ...]


def as_text(html: str) -> str:
    """The text of an HTML mail, each quoted line behind `> ` for every level it is quoted by."""
    lines = _lines_of(html)
    return "\n".join(_marked(line, _depth(line)) for line in lines).strip("\n")


def divide_html(html: str) -> Divided:
    """An HTML mail as what is new, what is quoted and the signature, each as plain text.

    Takes any text and never raises; its time grows with the text's length and no faster.
    """
    read = _lines_of(html)
    return divide_lines(_as_lines(read, 0), _Shallower(read))


@dataclass(slots=True)
class _Shallower:
    """The lines of a mail with one level of quoting less at each call."""

    read: list[_Line]
    levels: int = 0

    def __call__(self, lines: Lines) -> Lines:
        self.levels += 1
        return _as_lines(self.read, self.levels)


def _as_lines(read: list[_Line], fewer: int) -> Lines:
    depths = [max(0, _depth(line) - fewer) for line in read]
    lines = Lines(
        [_marked(line, depth) for line, depth in zip(read, depths, strict=True)],
        bytearray(
            depth > 0 or line.text.startswith(">") for line, depth in zip(read, depths, strict=True)
        ),
    )
    for row, (line, depth) in enumerate(zip(read, depths, strict=True)):
        if depth or line.role is None or not line.text.strip():
            continue
        if line.role is Role.ATTRIBUTION:
            lines.attributions.add(row)
        elif line.role is Role.SIGNATURE:
            lines.signatures.add(row)
        elif line.role is Role.CUT:
            lines.cuts.add(row)
    return lines


def _depth(line: _Line) -> int:
    around = sum(1 for region in line.regions if not region.holds_quote)
    return min(line.depth + around, DEEPEST_QUOTE)


def _marked(line: _Line, depth: int) -> str:
    return "> " * depth + line.text if depth else line.text


def _lines_of(html: str) -> list[_Line]:
    html = html.replace("\0", "")
    reader = _Reader()
    rest = 0
    for end, token in islice(tokens_of(html[:MARKUP]), MOST_TOKENS):
        rest = end
        if isinstance(token, str):
            reader.read_text(token)
        elif token.closes:
            reader.close(token.name)
        else:
            reader.open(token)
    if rest < len(html):
        reader.read_rest(html[rest:])
    return reader.lines()


@dataclass(slots=True)
class _Reader:
    """Follows the tags of a mail and writes its lines down."""

    _lines: list[_Line] = field(default_factory=list)
    _pieces: list[str] = field(default_factory=list)
    _stack: list[Element] = field(default_factory=list)
    _open: dict[str, int] = field(default_factory=dict)
    _depth: int = 0
    _hidden: int = 0
    _pre: int = 0
    _space: bool = False
    _blank: bool = False
    _regions: tuple[Element, ...] = ()
    _roles: list[Role] = field(default_factory=list)
    _lists: list[int] = field(default_factory=list)
    _row_begins: list[tuple[int, bool]] = field(default_factory=list)
    _links: list[tuple[str, int]] = field(default_factory=list)

    def lines(self) -> list[_Line]:
        """All lines read, empty ones where paragraphs part."""
        self._end_line()
        return self._lines

    def read_text(self, text: str) -> None:
        """Text between two tags."""
        if self._hidden:
            return
        if "&" in text:
            text = resolved(text)
        if not text.isascii():
            text = _UNSEEN.sub("", text)
        if self._pre:
            first, *others = text.replace("\r\n", "\n").split("\n")
            self._write(first)
            for line in others:
                self._end_line(keep=True)
                self._write(line)
            return
        words = _SPACE.sub(" ", text)
        if not words:
            return
        if words == " " and "\xa0" in text and not self._pieces:
            self._blank = True  # a paragraph kept empty
        if words[0] == " ":
            self._space = True
            words = words[1:]
        if words:
            trailing = words[-1] == " "
            self._write(words[:-1] if trailing else words)
            self._space = trailing

    def read_rest(self, html: str) -> None:
        """What is left of a mail too long to be followed: quoted history, without its tags."""
        self._end_line()
        self._depth = max(1, self._depth)
        self._add(resolved(" ".join(_TAGS.sub(" ", html).split())))

    def open(self, tag: Tag) -> None:
        """A start tag."""
        name = tag.name
        if name == "br":
            self._end_line(keep=True)
            if _APPLE_SIGNATURE in tag.written and len(self._stack) < DEEPEST:
                self._enter(Element("", role=Role.SIGNATURE))  # to the end of what it stands in
            return
        if name in _LOOKS:
            return
        element = element_of(name, tag.attributes() if tag.written else {})
        if name in _VOID:
            self._open_void(name, element)
            return
        self._close_implied(name)
        if name in _LINES:
            self._begin_line(element)
        if len(self._stack) < DEEPEST:
            self._enter(element)
        if name == "li" and not self._hidden:
            self._write(self._bullet())
            self._space = True
        elif name == "a" and not self._hidden and len(self._links) < MOST_LINKS:
            self._links.append((element.href, len(self._pieces)))

    def close(self, name: str) -> None:
        """An end tag; one without a beginning is passed over."""
        if name in _LOOKS or name in _VOID:
            if name == "br":
                self._end_line(keep=True)
            return
        if not self._open.get(name):
            if name == "p":
                self._end_line()
            return
        for back in range(1, min(FARTHEST_END, len(self._stack)) + 1):
            above = self._stack[-back].name
            if above == name:
                for _ in range(back):
                    self._leave()
                return
            inside = name not in _LINES and above in _LINES
            out_of_cell = above in _CELLS and name not in _ROWS
            if inside or out_of_cell:
                return

    def _open_void(self, name: str, element: Element) -> None:
        if self._hidden or not is_shown(element):
            return
        if name == "hr":
            self._end_line()
            self._note_role(element)
            self._write("________________________________")
            self._end_line()
            if element.role is not None:
                self._roles.pop()
        elif name == "img" and element.alt and not any(c.isascii() for c in element.alt):
            self._write(element.alt)  # a smiley

    def _close_implied(self, name: str) -> None:
        """Tags that end what is open without saying so: `<p>` a paragraph, `<li>` the one above."""
        while self._open.get("head") and name not in _IN_HEAD:
            self._leave()
        top = self._stack[-1].name if self._stack else ""
        if (
            (top == "p" and name in _LINES)
            or (name in _CELLS and top in _CELLS)
            or (name == top and name in ("li", "tr", "option", "dd", "dt"))
        ):
            self._leave()
        elif name == "tr" and top in _CELLS:
            self._leave()
            if self._stack and self._stack[-1].name == "tr":
                self._leave()

    def _begin_line(self, element: Element) -> None:
        name = element.name
        if name in _CELLS:
            self._begin_cell()
            return
        if self._row_begins and self._row_begins[-1][1]:
            return  # the first paragraph of a cell that goes on in its row's line
        self._end_line()
        if self._stands_apart(element):
            self._blank = True
        if name == "tr":
            self._row_begins.append((len(self._lines), False))

    def _stands_apart(self, element: Element) -> bool:
        """Whether an empty line parts it from its neighbours; a list in a list stands close."""
        if element.name in ("ul", "ol"):
            return not self._open.get("li")
        return element.name in _APART and not element.tight

    def _begin_cell(self) -> None:
        """A further cell of a row goes on in its line where the cell before was one line."""
        if not self._row_begins or self._hidden:
            self._end_line()
            return
        begins, _fresh = self._row_begins[-1]
        self._end_line()
        written = [line for line in self._lines[begins : begins + 3] if line.text]
        whole = len(written) == 1 and written[0] is self._lines[-1]
        if whole and len(written[0].text) < LONGEST_ROW and not self._blank_is_due():
            line = self._lines.pop()
            self._pieces = [line.text + (" " if line.text.endswith(":") else " | ")]
        self._row_begins[-1] = (begins, bool(self._pieces))

    def _blank_is_due(self) -> bool:
        self._blank = False
        return self._lines[-1].depth != self._depth

    def _bullet(self) -> str:
        indent = "  " * min(8, max(0, len(self._lists) - 1))
        if not self._lists or self._lists[-1] == 0:
            return indent + "-"
        self._lists[-1] += 1
        return f"{indent}{self._lists[-1] - 1}."

    def _enter(self, element: Element) -> None:
        self._stack.append(element)
        name = element.name
        self._open[name] = self._open.get(name, 0) + 1
        self._hidden += not is_shown(element)
        self._pre += name in ("pre", "textarea")
        if name in ("ul", "ol"):
            self._lists.append(int(name == "ol"))
        if element.quotes:
            if name == "blockquote":
                self._depth += 1
                for region in self._regions:
                    region.holds_quote = True
            elif len(self._regions) < DEEPEST_QUOTE:
                self._end_line()
                self._regions = (*self._regions, element)
        self._note_role(element)

    def _note_role(self, element: Element) -> None:
        if element.role is not None:
            self._end_line()
            self._roles.append(element.role)

    def _leave(self) -> None:
        element = self._stack[-1]
        name = element.name
        if name == "a" and self._links:
            self._write_link(*self._links.pop())
        if name in _LINES:
            self._end_line()
            self._blank = self._stands_apart(element) or (self._blank and name not in _CELLS)
        if element.role is not None:
            self._end_line()
            self._roles.pop()
        self._stack.pop()
        self._open[name] -= 1
        self._hidden -= not is_shown(element)
        self._pre -= name in ("pre", "textarea")
        if name in ("ul", "ol"):
            self._lists.pop()
        elif name == "tr" and self._row_begins:
            self._row_begins.pop()
        elif element.quotes:
            self._leave_quote(element)

    def _leave_quote(self, element: Element) -> None:
        if element.name == "blockquote":
            self._depth -= 1
        elif self._regions and self._regions[-1] is element:
            self._regions = self._regions[:-1]

    def _write(self, text: str) -> None:
        if self._hidden or (not text and not self._pre):
            return
        if not self._pieces and self._blank:
            self._blank = False
            if self._lines and self._lines[-1].text:
                self._add_blank()
        if self._space and self._pieces:
            self._pieces.append(" ")
        self._space = False
        self._pieces.append(text)
        if self._row_begins:
            self._row_begins[-1] = (self._row_begins[-1][0], False)

    def _write_link(self, href: str, begins: int) -> None:
        """Where a link leads, behind its words, unless they say so."""
        shown = "".join(self._pieces[begins:]).strip() if begins <= len(self._pieces) else ""
        if not shown or not href:
            return
        bare = re.sub(r"^(?:https?://|mailto:|tel:)", "", href).rstrip("/")
        plain = re.sub(r"^(?:https?://)", "", shown).rstrip("/")
        if bare and bare.lower() != plain.lower() and bare.lower() not in shown.lower():
            self._pieces.append(f" <{href.removeprefix('mailto:').removeprefix('tel:')}>")

    def _end_line(self, *, keep: bool = False) -> None:
        """The line so far is whole. `keep`: it is one even if it is empty, as `<br>` makes it."""
        self._space = False
        if not self._pieces:
            if keep and not self._hidden and self._lines and self._lines[-1].text:
                self._add_blank()
            return
        text = "".join(self._pieces)
        self._pieces = []
        self._links = [(href, 0) for href, _begins in self._links]
        self._add(text.rstrip())

    def _add_blank(self) -> None:
        """An empty line, which is quoted only between quoted lines."""
        above = self._lines[-1]
        regions = min(above.regions, self._regions, key=len)
        self._lines.append(_Line("", min(above.depth, self._depth), None, regions))

    def _add(self, text: str) -> None:
        role = self._roles[-1] if self._roles else None
        self._lines.append(_Line(text, self._depth, role, self._regions))
