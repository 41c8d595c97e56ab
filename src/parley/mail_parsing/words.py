"""The words of a mail, divided into what is new, what is quoted, and how it is signed; and its files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from parley.mail_parsing import limits
from parley.mail_parsing.armoured import ENCRYPTED, without_armour
from parley.mail_parsing.html_text import divide_html
from parley.mail_parsing.parts import Mail
from parley.mail_parsing.passages import Gathering, Passage, passages_of
from parley.mail_parsing.quotes import Divided, divide
from parley.mail_parsing.understood import File

_QUOTE_MARK = re.compile(
    r"<blockquote|gmail_quote|divRplyFwdMsg|appendonsend|yahoo_quoted|OLK_SRC_BODY|protonmail_quote"
    r"|moz-cite|border-top:\s*solid",
    re.IGNORECASE,
)
_TAIL = 200_000


@dataclass(frozen=True)
class Words:
    """What was found in the parts of one mail."""

    text: str
    folded: str
    signature: str
    files: tuple[File, ...]


def words_of(mail: Mail) -> Words:
    """The words and the files of a mail; what was broken is added to its troubles."""
    gathering = Gathering(mail.troubles)
    divided = [_divided(passage, gathering) for passage in passages_of(mail.root, gathering)]
    return Words(
        text=_together(one.text for one in divided),
        folded=_together(one.folded for one in divided),
        signature=_together(one.signature for one in divided),
        files=gathering.files_named(),
    )


def _together(texts: Iterable[str]) -> str:
    return "\n\n".join(text.strip("\n") for text in texts if text.strip())


def _divided(passage: Passage, gathering: Gathering) -> Divided:
    if passage.is_html:
        return _divided_html(passage.text, gathering)
    text, armour = without_armour(passage.text)
    if ENCRYPTED in text:
        gathering.trouble("encrypted")
    found = _divided_text(text)
    if armour:
        return Divided(found.text, _together((found.folded, armour)), found.signature)
    if not found.folded and _QUOTE_MARK.search(passage.other, 0, limits.MARKUP):
        # Some programs mark what they quote in the HTML alone.
        marked = _divided_html(passage.other, gathering)
        if marked.folded and marked.text.strip():
            return marked
    return found


def _divided_html(html: str, gathering: Gathering) -> Divided:
    if len(html) > limits.MARKUP:
        gathering.trouble("the end of its HTML was not read")
    return divide_html(html[: limits.MARKUP])


def _divided_text(text: str) -> Divided:
    """A text of any length: of a long one the ends are looked at, what lies between follows from them."""
    if len(text) <= limits.TEXT:
        return divide(text)
    cut = text.rfind("\n", 0, limits.TEXT) + 1 or limits.TEXT
    last = max(text.rfind("\n", 0, len(text) - _TAIL) + 1, cut)
    head, middle, tail = divide(text[:cut]), text[cut:last], text[last:]
    if not head.folded:
        return Divided(head.text + "\n" + middle + tail, "", head.signature)
    if not tail.startswith(">"):
        return Divided(head.text, f"{head.folded}\n{middle}{tail}", head.signature)
    end = divide(tail)
    return Divided(
        _together((head.text, end.text)),
        f"{head.folded}\n{middle}\n{end.folded}",
        _together((head.signature, end.signature)),
    )
