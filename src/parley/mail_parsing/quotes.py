"""What a writer wrote, what they quoted and how they signed: the text of a mail in three.

Nothing is lost: every line of a mail is in one of the three, in its order. What cannot be told
from a person's words stays with them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from parley.mail_parsing import attributions
from parley.mail_parsing.attributions import Boundary
from parley.mail_parsing.shared_lines import answer_and_attribution, attribution_and_quote
from parley.mail_parsing.signatures import is_delimiter, is_device_line, signature_of
from parley.mail_parsing.told import LONGEST_LINE

# Lines of a plain text that are told apart; what follows them goes where the last of them does.
MOST_MARKED = 100_000
# Lines of one mail that get a long look, and lines that get a short one: no person writes so many
# above a quote, and a mail made to keep us busy is read as it stands.
MOST_SUSPECTS = 3_000
MOST_LINES = 40_000
MOST_SHARED = 300

_MARK = re.compile(r"[ \t\xa0]{0,3}(?:[>＞]|&gt;)")
_ONE_MARK = re.compile(r"[ \t\xa0]{0,3}(?:[>＞]|&gt;) ?")
_MARK_BEGINNINGS = frozenset(" \t\xa0>＞&")
# `>>>>> "AP" == Anna Petrova writes:` above `    AP> text`, as Emacs has it.
_SUPERCITE = re.compile(r">{3,6} \S{1,12} == ")
_INITIALS = re.compile(r"\s{0,8}([^\W\d_]{1,4})>+\s?\S")
_BAR = re.compile(r"\s{0,2}\|")
_BARE_LINK = re.compile(r"[<(\[]?https?://\S{1,2000}[>)\]]\s?>?$")
_OPEN_LINK = re.compile(r"<(?:https?:|mailto:)[^<>]*$")
_EMPTY_LINES = re.compile(r"\n{3,}")
# Letters nobody sees: byte order marks, zero width spaces, the place of a picture in Apple Mail.
_UNSEEN = re.compile("[\ufeff\u200b\ufffc]")

_LOOKED_AT = 20_000


@dataclass(frozen=True, slots=True)
class Divided:
    """A mail's text in three: what is new, what was quoted, and the signature. Each may be empty."""

    text: str
    folded: str = ""
    signature: str = ""


@dataclass(slots=True)
class Lines:
    """The lines of a mail and what is known of them before their words are read.

    `quoted` says of each line whether it carries the mark of a quote. The sets hold the indices of
    lines that the mail's HTML names: `attributions` stand above a quote, `cuts` begin one that
    goes on to the end, `signatures` sign.
    """

    texts: list[str]
    quoted: bytearray
    attributions: set[int] = field(default_factory=set)
    cuts: set[int] = field(default_factory=set)
    signatures: set[int] = field(default_factory=set)


def divide(text: str) -> Divided:
    """The plain text of a mail as what is new, what is quoted and the signature.

    Takes any text and never raises; its time grows with the text's length and no faster.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = _UNSEEN.sub("", text)
    return divide_lines(_marked(text.split("\n", MOST_MARKED)), _without_one_mark)


def begins_with_a_quote(text: str) -> bool:
    """Whether a text begins with what stands above a quote, such as a header or `On …, Anna wrote:`.

    What its writer wrote below, if anything, can't be told from what they quote.
    """
    texts = text[:_LOOKED_AT].split("\n")
    first = _next_words(texts, 0)
    near = range(first, min(first + attributions.MOST_WRAPPED, len(texts)))
    found = (attributions.boundary_at(texts, row) for row in near)
    return any(boundary is not None and boundary.first == first for boundary in found)


def divide_lines(lines: Lines, without_one_level: Callable[[Lines], Lines]) -> Divided:
    """Lines as what is new, what is quoted and the signature.

    `without_one_level` gives the same lines with one level of quoting taken away: it is asked where
    a mail is nothing but a quote that answers nobody, as one that is passed on.
    """
    folded, passed_on = _fold(lines)
    for _ in range(2):
        if not passed_on or not any(lines.quoted) or _something(lines, folded):
            break
        shallower = without_one_level(lines)
        if _answers(shallower):
            break
        lines = shallower
        folded, passed_on = _fold(lines)
    return _gather(lines.texts, folded, _sign(lines, folded))


def _marked(texts: list[str]) -> Lines:
    """Which lines of a plain text carry the mark of a quote."""
    texts = list(_with_shared_lines_parted(texts))
    quoted = bytearray(
        line[:1] in _MARK_BEGINNINGS and line != "" and _MARK.match(line) is not None
        for line in texts
    )
    if len(texts) > MOST_MARKED:
        quoted[-1] = quoted[-2]
    if any(quoted):
        _take_back(texts, quoted)
        _take_in_wrapped(texts, quoted)
    _mark_initials_and_bars(texts, quoted)
    return Lines(texts, quoted)


def _without_one_mark(lines: Lines) -> Lines:
    return _marked(
        [
            _ONE_MARK.sub("", line, count=1) if quoted else line
            for line, quoted in zip(lines.texts, lines.quoted, strict=True)
        ]
    )


def _with_shared_lines_parted(texts: list[str]) -> Iterator[str]:
    """`yes On …, Anna wrote:`, or `On …, Anna wrote:  Boxes?`, as two lines: some programs glue them."""
    left = MOST_SHARED
    for row, line in enumerate(texts):
        if left and line[-1:] in (":", " ", "-") and "@" in line + ":" and row + 1 < len(texts):
            below = texts[row + 1] or (texts[row + 2] if row + 2 < len(texts) else "")
            left -= below[:1] == ">"
            if below[:1] == ">" and (parts := answer_and_attribution(line)):
                yield from parts
                continue
        if left and "@" in line[:LONGEST_LINE] and (":  " in line or ":>" in line):
            left -= 1
            if parts := attribution_and_quote(line):
                yield from parts
                continue
        yield line


def _take_back(texts: list[str], quoted: bytearray) -> None:
    """Lines that begin like a quote and are none."""
    prompts = [row for row, mark in enumerate(quoted) if mark]
    for row in prompts:
        if texts[row].startswith(">>> ") and attributions.is_groupwise(texts[row]):
            quoted[row] = 0
    prompts = [row for row in prompts if quoted[row]]
    if not prompts:
        return
    if all(texts[row].startswith(">>>") for row in prompts) and not _SUPERCITE.match(
        texts[prompts[0]]
    ):
        # Python's prompt, or an arrow; a quote so deep has shallower lines above it.
        for row in prompts:
            quoted[row] = 0
        return
    for row in prompts:
        alone = not (row and quoted[row - 1]) and quoted[row + 1 : row + 2] != b"\x01"
        if not alone:
            continue
        line = texts[row]
        if line.startswith(">From "):
            quoted[row] = 0
            texts[row] = line[1:]  # mbox writes it so
        elif row and _OPEN_LINK.search(texts[row - 1][-300:]):
            quoted[row] = 0


def _take_in_wrapped(texts: list[str], quoted: bytearray) -> None:
    """The end of a long quoted line that a program wrapped without marking it again."""
    for row in range(1, len(texts) - 1):
        if quoted[row] or not (quoted[row - 1] and quoted[row + 1]):
            continue
        above, line = texts[row - 1].rstrip(), texts[row].strip()
        if _BARE_LINK.match(line):
            quoted[row] = 1
            continue
        goes_on = len(above) >= 60 and above[-1] not in ".?!:;…"
        if goes_on and 0 < len(line) < 60 and line[0].islower() and line[-1] not in "?!":
            quoted[row] = 1


def _mark_initials_and_bars(texts: list[str], quoted: bytearray) -> None:
    """`AB> text` and `| text`, which are quotes only in company or below an attribution."""
    row, many, runs = 0, len(texts), 0
    while row < many and runs < MOST_SUSPECTS:
        line = texts[row]
        initials = None if quoted[row] or ">" not in line[:14] else _INITIALS.match(line)
        bar = not quoted[row] and "|" in line[:3] and _BAR.match(line) is not None
        if initials is None and not bar:
            row += 1
            continue
        runs += 1
        last = row
        while last + 1 < many and not quoted[last + 1] and _goes_on(texts[last + 1], initials):
            last += 1
        run = range(row, last + 1)
        table = bar and any(texts[one].rstrip()[-1:] == "|" for one in run if len(texts[one]) > 3)
        if not table and ((initials and len(run) > 1) or _below_attribution(texts, row)):
            for one in run:
                quoted[one] = 1
        row = last + 1


def _goes_on(line: str, initials: re.Match[str] | None) -> bool:
    if initials is None:
        return _BAR.match(line) is not None
    found = _INITIALS.match(line)
    return found is not None and found[1] == initials[1]


def _below_attribution(texts: list[str], row: int) -> bool:
    for above in range(row - 1, max(-1, row - 4), -1):
        if texts[above].strip():
            return attributions.boundary_at(texts, above) is not None
    return False


def _fold(lines: Lines) -> tuple[bytearray, bool]:
    """Which lines are quotes or lead to one, and whether nothing says that somebody is answered."""
    texts, many = lines.texts, len(lines.texts)
    folded, passed_on = bytearray(lines.quoted), True
    own: list[int] = []
    suspects = MOST_SUSPECTS
    row = start = 0
    while row < many:
        if folded[row]:
            row += 1
            start = row
            continue
        if not texts[row].strip():
            row += 1
            continue
        suspect = attributions.is_suspect(texts[row])
        suspects -= suspect
        looked_at = suspects > 0 and (suspect or len(own) < MOST_LINES)
        found = _boundary(lines, row, start) if looked_at else None
        if found is None:
            own.append(row)
            row += 1
            continue
        while own and own[-1] >= found.first:
            own.pop()
        below = _next_words(texts, found.last + 1)
        marked = below < many and bool(lines.quoted[below])
        if marked or (below == many and found.certain and own):
            _fill(folded, _with_rules_above(texts, found.first), found.last + 1)
            passed_on = passed_on and found.forwarded
        elif _goes_to_the_end(texts, found, own):
            _fill(folded, _with_rules_above(texts, found.first), many)
            return folded, False
        else:
            own.extend(one for one in range(found.first, found.last + 1) if texts[one].strip())
        row = found.last + 1
    return folded, passed_on


def _answers(lines: Lines) -> bool:
    """Whether the lines begin with `On …, Anna wrote:`: an answer without a word, not a mail passed on."""
    first = _next_words(lines.texts, 0)
    for row in range(first, min(first + attributions.MOST_WRAPPED, len(lines.texts))):
        if found := _boundary(lines, row, 0):
            return found.first == first and not found.forwarded
    return False


def _boundary(lines: Lines, row: int, start: int) -> Boundary | None:
    found = attributions.boundary_at(lines.texts, row, start=start)
    if row in lines.cuts:
        return Boundary(row, found.last if found else row, certain=True, forwarded=True)
    if row not in lines.attributions:
        return found
    last = row
    while last + 1 in lines.attributions:
        last += 1
    if found and found.forwarded:
        return Boundary(row, max(last, found.last), certain=True, forwarded=True)
    return Boundary(row, last, certain=True)


def _next_words(texts: list[str], row: int) -> int:
    while row < len(texts) and not texts[row].strip():
        row += 1
    return row


def _goes_to_the_end(texts: list[str], found: Boundary, own: list[int]) -> bool:
    """Whether all below is a quote, though no line of it is marked.

    A line that a phone adds stands above a quote or at an end; `Anna wrote:` below it is certain.
    """
    phone = bool(own) and not found.forwarded and is_device_line(texts[own[-1]])
    if not (found.certain or phone) or not _said_something(texts, own):
        return False
    # “My answers are in red below”: nobody can tell them from what they answer.
    return not any(attributions.announces_answers(texts[row]) for row in own[-8:])


def _said_something(texts: list[str], own: list[int]) -> bool:
    """Whether the lines so far are more than a signature."""
    near = [texts[row] for row in own[-100:]]
    return len(own) > len(signature_of(near, alone=False))


def _with_rules_above(texts: list[str], row: int) -> int:
    """A line of dashes above a header belongs to it."""
    above = row - 1
    while above >= 0 and row - above <= 3:
        if attributions.is_rule(texts[above]):
            return above
        if texts[above].strip():
            break
        above -= 1
    return row


def _fill(folded: bytearray, first: int, end: int) -> None:
    folded[first:end] = b"\x01" * (end - first)


def _something(lines: Lines, folded: bytearray) -> bool:
    """Whether anything but rules, separators and a phone's line is left outside the quotes."""
    return any(
        not fold
        and line.strip()
        and not is_device_line(line)
        and not attributions.boundary_at([line], 0)
        for line, fold in zip(lines.texts, folded, strict=True)
    )


def _segments(texts: list[str], folded: bytearray) -> Iterator[range]:
    """The runs of lines between quotes that say something."""
    row, many = 0, len(texts)
    while row < many:
        end = folded.find(1, row)
        end = many if end < 0 else end
        if end > row and any(texts[one].strip() for one in range(row, end)):
            yield range(row, end)
        row = folded.find(0, end)
        if row < 0:
            return


def _sign(lines: Lines, folded: bytearray) -> set[int]:
    """The lines that sign, of those that are not folded."""
    segments = list(_segments(lines.texts, folded))
    named = {row for row in lines.signatures if not folded[row]}
    if named and all(
        row in named or not lines.texts[row].strip() for segment in segments for row in segment
    ):
        named = set()  # all of it stands in the signature's box: it was typed there
    named.update(_delimiters_above(lines.texts, named))
    signed = set(named)
    for segment in segments:
        rows = [row for row in segment if row not in named]
        texts = [lines.texts[row] for row in rows]
        alone = len(segments) == 1 and not named
        signed.update(rows[one] for one in signature_of(texts, alone=alone))
    return signed


def _delimiters_above(texts: list[str], named: set[int]) -> set[int]:
    """The `-- ` that a program writes above the box of a signature."""
    found = set()
    for row in named:
        above = row - 1
        while above > row - 4 and above >= 0 and not texts[above].strip():
            above -= 1
        if above >= 0 and above not in named and is_delimiter(texts[above]):
            found.add(above)
    return found


def _gather(texts: list[str], folded: bytearray, signed: set[int]) -> Divided:
    """The three texts. Where a piece was taken out of one, an empty line stands."""
    pieces: tuple[list[str], list[str], list[str]] = ([], [], [])
    last = (-1, -1, -1)
    ends = list(last)
    for row, line in enumerate(texts):
        place = 1 if folded[row] else 2 if row in signed else 0
        into = pieces[place]
        if into and ends[place] != row - 1:
            into.append("")
        into.append(line.rstrip())
        ends[place] = row
    text, quote, signature = ("\n".join(piece).strip("\n") for piece in pieces)
    return Divided(_EMPTY_LINES.sub("\n\n", text).rstrip(), quote, signature)
