"""Lines in which a program put an answer, the line above a quote, and a quote together."""

from __future__ import annotations

import re
from itertools import islice

from parley.mail_parsing import quote_words as words
from parley.mail_parsing.attributions import may_end
from parley.mail_parsing.told import LONGEST_LINE, Told, plainly

_ATTRIBUTION_BEGINS = re.compile(
    r"(?<=\S)(?:\s+|\s*-{2,}\s*)(?=(?:On|Am|Le|El|Il|Op|Em)\s+"
    rf"(?:(?:{words.DAYS[0]}|{words.MONTHS[0]})|\d))",
    re.IGNORECASE,
)
_ENDS_WITH_ADDRESS = re.compile(
    r"[<(\[][^\s<>@]{1,100}@[^\s<>@]{1,100}[>)\]](?:\s+[^\W\d_]{1,8})?$"
)
# Yahoo's on Android: the quote follows in the same line, behind spaces or a mark.
_QUOTE_FOLLOWS = re.compile(rf"(?:{'|'.join(words.VERBS)})\s?:(?=>|\s{{2,}}\S)", re.IGNORECASE)


def answer_and_attribution(line: str) -> tuple[str, str] | None:
    """`yes On Wed, Apr 4, 2012 at 3:59 PM, bob@shop.example wrote:` as the answer and the rest."""
    if len(line) > LONGEST_LINE or not may_end(line):
        return None
    for found in islice(_ATTRIBUTION_BEGINS.finditer(line), 3):
        head = line[: found.start()]
        if not any(c.isalnum() for c in head) or _ENDS_WITH_ADDRESS.search(head[-220:]):
            continue  # `Anna <anna@shop.example> hat am …` is one line
        rest = line[found.end() :]
        told = Told(plainly(rest))
        if told.verb and told.date and (told.time or told.address) and told.ends:
            return head, rest
    return None


def attribution_and_quote(line: str) -> tuple[str, str] | None:
    """`On Wed, Apr 4, 2012 at 3:59 PM, bob@shop.example wrote:   Boxes?` as what it says and the quote."""
    for found in islice(_QUOTE_FOLLOWS.finditer(line[:LONGEST_LINE]), 3):
        told = Told(plainly(line[: found.end()]))
        if told.begins and told.year and told.time and told.address and not told.sentence:
            return line[: found.end()], line[found.end() :].lstrip("> ")
    return None
