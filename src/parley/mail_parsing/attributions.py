"""Where a quote begins without saying so: “On … Anna wrote:”, “-----Original Message-----”, headers.

Every function looks at a bounded number of lines and letters, so that reading a mail stays linear.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from parley.mail_parsing import quote_words as words
from parley.mail_parsing.header_words import LABELS
from parley.mail_parsing.told import DATE, LONGEST_LINE, TIME, YEAR, Told, may_tell, plainly

# A line longer than this is a paragraph; nothing that a mail program writes is.
# “On Tue, …, Somebody with a long name\n<address@\nexample.com>\nwrote:”
MOST_WRAPPED = 5
# Recipients of a header fill many lines.
MOST_HEADER_LINES = 60


_BEGINS_WITH_DAY = re.compile(
    rf"(?:{'|'.join(map(re.escape, words.STARTERS))})[\s,]+(?:{'|'.join(words.DAYS)})"
    r"[^\W\d]{0,12}[.,\s]"
)
# Gmail in some years: `2016-03-03 17:21 GMT+01:00 Anna Petrova`.
_STAMP_AND_NAME = re.compile(r"20\d\d-\d\d-\d\d \d{1,2}:\d\d gmt[+-]\d\d:\d\d [^\d:]{1,80}$")
_VERB_WRITTEN = re.compile(rf"(?<!\w)(?:{'|'.join(words.VERBS)})(?!\w)", re.IGNORECASE)
_LETTERS = re.compile(r"[^\W\d_]+")
# A person's words as well (`the driver said:`), so that they need a date or an address beside them.
_SAID = re.compile(r"(?<!\w)(?:said|sent|typed)\W*$")
_NAME_AND_ADDRESS = re.compile(r"[^<>@]{0,80}[<(\[ ][^\s<>@]{1,100}@[^\s<>@]{1,100}[>)\]]?[\s,于]")
_NAME_ADDRESS_VERB = re.compile(
    rf"[^<>@:]{{1,60}} <[^\s<>@]{{1,100}}@[^\s<>@]{{1,100}}> (?:{'|'.join(words.VERBS)})\s?:$"
)
_BETWEEN_DASHES = re.compile(r"-{2,10} .{1,80} -{2,10}$")
# The beginning of a second sentence.
_TELLS = re.compile(r"[.!?] [A-ZА-ЯЁ]\w* [a-zа-яё]+ [a-zа-яё]+ [a-zа-яё]+ ")
_MARKS = tuple("-–—_=#*>\u2010\u2011\u2012\u2015\u2212\u2500\u2501")
_AFTER_END = ' \t\xa0*_>"”»\u200e\u200f\u202c'

_LABEL = re.compile(r"[\s*_>•]{0,20}([^\s*_:：>][^*_:：]{0,24}?)[\s*_]{0,5}[:：][*_]{0,3}(.*)")
_FIELD = re.compile(r"[^\W\d_]{2,20}(?: [^\W\d_]{1,20}){0,2}: \S")
_WITHIN = re.compile(r"\s([^\W\d_]{1,12})\s?[:：]\s")
_KINDS = {label.casefold(): kind for kind, labels in reversed(LABELS.items()) for label in labels}
_RULE = re.compile(r"\s{0,10}[-_=*–—\u2010\u2015\u2500\u2501]{3,200}\s*$")
_SEPARATOR = re.compile(
    r"[\s*_>]{0,10}[-–—_=#*]{2,80}\s{0,5}(?:"
    rf"(?P<original>{'|'.join(words.ORIGINAL)})|(?P<forwarded>{'|'.join(words.FORWARDED)})"
    r")(?!\w)[^-–—_=]{0,60}[-–—_=#*:>\s]*$"
)
_NAMED_RULE = re.compile(r"[-–—_=]{4,80}\s?[^-–—_=]{3,60}[-–—_=]{4,80}$")
_BARE_SEPARATOR = re.compile(
    rf"[\s*_>]{{0,10}}(?:(?P<original>{'|'.join(words.ORIGINAL)})"
    rf"|(?P<forwarded>{'|'.join(words.FORWARDED)}|{'|'.join(words.FORWARDED_BEGINNINGS)}))"
    r"\s?[:：]?[\s*_]*$"
)
_ANSWERS_WITHIN = re.compile(rf"(?<!\w)(?:{'|'.join(words.ANSWERS_WITHIN)})(?!\w)")
_GROUPWISE = re.compile(r">>> (?:.{3,150}\d{1,2}[:.]\d{2}.{0,8}>>>$|on .{4,60}, in message$)")
_APPLE_FORWARD = re.compile(
    rf"[\s*_>]{{0,10}}(?:{'|'.join(words.FORWARDED_BEGINNINGS)})\s?[:：][\s*_]*$"
)
_ABOVE_THIS_LINE = re.compile("|".join(words.ABOVE_THIS_LINE))


@dataclass(frozen=True, slots=True)
class Boundary:
    """Lines `first` to `last` say that a quote follows.

    `certain`: the quote follows even if its lines carry no mark of their own. `forwarded`: it is
    something passed on rather than answered.
    """

    first: int
    last: int
    certain: bool
    forwarded: bool = False


def boundary_at(texts: Sequence[str], at: int, *, start: int = 0) -> Boundary | None:
    """What the line `at` says of the lines after it, or None. It looks back no further than `start`."""
    line = texts[at]
    if len(line) > LONGEST_LINE:
        return None
    return _separator(texts, at) or _header(texts, at) or _attribution(texts, at, start)


def is_suspect(line: str) -> bool:
    """Whether `boundary_at` needs a long look at this line; cheap enough to be asked of every line."""
    if len(line) > LONGEST_LINE:
        return False
    beginning = line[:60].lstrip()
    if ":" in beginning or "：" in beginning or beginning[:1] in _MARKS:
        return True
    return may_end(line)


def is_rule(line: str) -> bool:
    """Whether the line is nothing but dashes, as stands above a header."""
    return len(line) < LONGEST_LINE and _RULE.match(line) is not None


def announces_answers(line: str) -> bool:
    """Whether the line says that answers stand within the quote, as `My answers are in red` does."""
    return len(line) < LONGEST_LINE and _ANSWERS_WITHIN.search(plainly(line)) is not None


def is_groupwise(line: str) -> bool:
    """Whether GroupWise begins a quote so: `>>> Anna Petrova 05.05.26 15:59 >>>`, or `>>> On …`."""
    plain = plainly(line)
    told = _GROUPWISE.match(plain)
    return told is not None and DATE.search(plain) is not None


def _separator(texts: Sequence[str], at: int) -> Boundary | None:
    line = texts[at]
    if len(line.strip()) < 8:
        return None
    plain = plainly(line)
    if found := _SEPARATOR.match(plain):
        header = _header_below(texts, at)
        last = header.last if header else at
        return Boundary(at, last, certain=True, forwarded=found["forwarded"] is not None)
    if _APPLE_FORWARD.match(plain):
        header = _header_below(texts, at)
        return Boundary(at, header.last if header else at, certain=True, forwarded=True)
    if found := _BARE_SEPARATOR.match(plain):
        header = _header_below(texts, at)
        forwarded = found["forwarded"] is not None
        return header and Boundary(at, header.last, certain=True, forwarded=forwarded)
    if plain.endswith(">>>") and is_groupwise(line):
        return Boundary(at, at, certain=True)
    if not plain[:1].isalpha() and _ABOVE_THIS_LINE.search(plain):
        return Boundary(at, at, certain=True)
    named = is_rule(line) or _NAMED_RULE.match(plain) is not None
    if named and (header := _header_below(texts, at)):
        return Boundary(at, header.last, certain=True, forwarded=True)
    return None


def _header_below(texts: Sequence[str], at: int) -> Boundary | None:
    """The header that begins within two lines of a separator, which needs less to be known by."""
    for below in range(at + 1, min(at + 4, len(texts))):
        if texts[below].strip():
            return _header(texts, below, separated=True)
    return None


def _header(texts: Sequence[str], at: int, *, separated: bool = False) -> Boundary | None:
    """`From: …`, `Sent: …`, `To: …`, `Subject: …` in lines below each other."""
    labelled = _label(texts[at])
    if labelled is None or labelled[0] == "other":
        return None
    told: dict[str, str] = {labelled[0]: labelled[1], **_labels_within(labelled[1])}
    last, between, blank = at, 0, 0
    for row in range(at + 1, min(at + MOST_HEADER_LINES, len(texts))):
        line = texts[row]
        if not line.strip():
            blank += 1
            if blank > 1 or "subject" in told:
                break
            continue
        labelled = _label(line)
        if labelled is None:
            wraps = "@" in line or ";" in line or line.rstrip().endswith(",")
            between += 0 if wraps else 1
            if blank or between > 3 or len(line) > LONGEST_LINE:
                break
            continue
        kind, value = labelled
        if blank and kind in told and kind != "other":
            break
        told[kind] = told.get(kind, "") + " " + value
        last, between, blank = row, 0, 0
    if not _is_header(texts, told, at, last, separated=separated):
        return None
    return Boundary(at, last, certain=True, forwarded=True)


def _label(line: str) -> tuple[str, str] | None:
    """What a line `Sent: Monday` is for, and what it says."""
    beginning = line[:60]
    if ":" not in beginning and "：" not in beginning:
        return None
    found = _LABEL.match(line[:LONGEST_LINE])
    if found is None:
        return None
    kind = _KINDS.get(plainly(found[1]))
    return (kind, found[2]) if kind else None


def _labels_within(value: str) -> dict[str, str]:
    """The fields of a header that a program put into one line: `Anna Sent: Monday To: Desk`."""
    if ":" not in value:
        return {}
    found = {
        _KINDS.get(plainly(one[1]), "other"): value[one.end() :] for one in _WITHIN.finditer(value)
    }
    found.pop("other", None)
    return found


def _is_header(
    texts: Sequence[str], told: dict[str, str], first: int, last: int, *, separated: bool
) -> bool:
    """Whether this is a mail's header and not a form that a person filled in (From: London)."""
    kinds = told.keys() - {"other"}
    if "from" not in kinds and not ({"to", "date"} <= kinds or {"to", "subject"} <= kinds):
        return False
    if separated:
        return len(told) >= 2
    if "date" not in kinds and not {"from", "to"} <= kinds:
        return False  # a form on a web page: From, Subject, Message
    people = told.get("from", "") + told.get("to", "")
    if "@" not in people and first and _FIELD.match(texts[first - 1]):
        return False  # a form with other fields above
    date = plainly(told.get("date", ""))
    if {"from", "to"} <= kinds and YEAR.search(date) and TIME.search(date):
        return True
    dated = any(c.isdigit() for c in date)
    if "from" in kinds and "subject" in kinds and (dated or "to" in kinds) and len(kinds) >= 3:
        return True
    if "@" in people:
        return len(told) >= 2
    return len(told) >= 2 and any(
        "@" in texts[row] for row in range(first, min(last + 2, len(texts)))
    )


def _attribution(texts: Sequence[str], at: int, start: int) -> Boundary | None:
    """`On Tue, 5 May 2026 at 10:00, Anna <anna@shop.example> wrote:`, over up to five lines."""
    if not may_end(texts[at]):
        return None
    joined = ""
    weak: Boundary | None = None
    for first in range(at, max(at - MOST_WRAPPED, start - 1), -1):
        line = texts[first].strip()
        if not line or len(joined) + len(line) > LONGEST_LINE:
            break
        joined = line + ("" if line[-1] in "<@-" else " ") + joined if joined else line
        plain = plainly(joined)
        if "@" not in plain and " gmt" not in plain and not may_tell(plain):
            continue
        told = Told(plain)
        if not _may_attribute(told) or _is_prose(told):
            continue
        if told.begins and told.date and (told.verb or told.address) and told.ends:
            certain = _is_certain(told, joined) and not _TELLS.search(joined)
            return Boundary(first, at, certain=certain)
        if told.verb and told.address and told.date and _NAME_AND_ADDRESS.match(plain):
            return Boundary(first, at, certain=_is_certain(told, joined))
        if told.verb and first == at and _BETWEEN_DASHES.match(plain):
            return Boundary(at, at, certain=True)  # ---- Anna wrote ----
        if weak is None and _is_weak(told, plain):
            # Android's line, without a date, is certain where it stands by itself.
            alone = first == 0 or not texts[first - 1].strip()
            weak = Boundary(
                first, at, certain=alone and _NAME_ADDRESS_VERB.match(plain) is not None
            )
    return weak


def _may_attribute(told: Told) -> bool:
    """Whether there is enough for any of the rules; what costs most is asked last."""
    if told.verb or _STAMP_AND_NAME.match(told.plain):
        return True
    return told.ends and told.address and (told.colon or told.date)


def _is_prose(told: Told) -> bool:
    return told.sentence and not (told.year and (told.time or told.address))


_VERBS_AT_THE_END = """
wrote writes schrieb geschrieben écrit escribió scritto escreveu написал написала пишет пише
skrev kirjoitti napisał napsal yazdı
"""
_LAST_VERBS = frozenset(_VERBS_AT_THE_END.split())


def may_end(line: str) -> bool:
    """Whether an attribution may end here; it is asked of every line, so it is cheap."""
    stripped = line.rstrip(_AFTER_END)
    if stripped[-1:] in (":", "：", "-", "—"):
        return True
    if line.rstrip()[-1:] in (">", "_"):
        return True
    if line[:2] == "20" and " GMT" in line[:24]:
        return True
    ending = stripped[-12:].split()
    return bool(ending) and ending[-1].casefold() in _LAST_VERBS


def _is_certain(told: Told, line: str) -> bool:
    if told.sentence or not (told.early or told.address):
        return False
    if told.verb and told.address:
        return told.year or told.time or "<" in line
    if not told.year:
        return False
    if told.verb:
        dated = told.time or _BEGINS_WITH_DAY.match(plainly(line)) is not None
        return told.client or (dated and _has_name_beside_verb(line))
    return told.address and told.colon and told.time


def _has_name_beside_verb(line: str) -> bool:
    """`Anna Petrova wrote:`, and not `the driver wrote:`, which a person would write."""
    for found in islice(_VERB_WRITTEN.finditer(line), 4):
        before = _LETTERS.findall(line[max(0, found.start() - 40) : found.start()])[-1:]
        after = _LETTERS.findall(line[found.end() : found.end() + 40])[:1]
        # A letter that is small and large at once has no capitals.
        if any(not name[0].islower() for name in before + after):
            return True
    return "you wrote" in line.casefold()


def _is_weak(told: Told, plain: str) -> bool:
    """Enough above lines that are marked as a quote: `Anna wrote:`, `Anna <anna@shop.example>:`."""
    if _STAMP_AND_NAME.match(plain):
        return True
    if not told.ends or plain.startswith(("<", "wrote", "schrieb")):
        return False
    if told.verb and told.colon:
        told_of = told.date or told.address or _SAID.search(plain) is None
        return told_of and len(plain.split()) <= 12
    return (told.address and told.colon) or (told.address and told.date)
