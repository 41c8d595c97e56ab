"""What one line tells that may stand above a quote: a verb, a date, an address, and how it ends."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

from parley.mail_parsing import quote_words as words

LONGEST_LINE = 400
_UNSEEN = (*range(0x200B, 0x2010), *range(0x202A, 0x202F), 0x2060, *range(0x2066, 0x206A))
_PLAIN: dict[int, str | None] = dict.fromkeys((*_UNSEEN, 0xAD, 0xFEFF))
# Hyphens and lines of many lengths, which look like the dash that is meant.
_PLAIN |= dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2015\u2212\u2500\u2501"), "-")

_MONTH = "|".join(words.MONTHS)
DATE = re.compile(
    r"(?<!\d)(?=\d)(?:"
    r"\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?!\d)"
    r"|(?:19|20)\d\d[-/.] ?\d{1,2}[-/.] ?\d{1,2}"
    r"|\d{1,2}\. ?\d{1,2}\. ?(?:(?:19|20)\d\d|\d\d(?= v ))(?!\d)"
    r"|(?:19|20)\d\d\s?[年년]"
    rf"|\d{{1,2}}(?:st|nd|rd|th|º|er|-го)?[\s.,-]{{0,3}}(?:de |d['’])?(?:{_MONTH})"
    r")"
    rf"|(?<!\w)(?:{_MONTH})[^\W\d]{{0,10}}[\s.,-]{{1,3}}\d{{1,2}}(?!\d)"
)
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\d[./-] ?\d{1,2}[./-] ?\d\d(?!\d)")
TIME = re.compile(r"(?<![\d.])\d{1,2}[:.h]\d{2}(?![\d.])|(?<!\d)\d{1,2}[:.]\d{2}[:.]\d{2}")
_ADDRESS = re.compile(r"[\w.+=%'-]{1,100}@ ?[\w-]{1,100}(?:\.[\w-]{1,60})*")
_VERB = re.compile(
    rf"(?<!\w)(?:{'|'.join(words.VERBS)})(?!\w)|{'|'.join(words.VERBS_WITHOUT_SPACES)}"
)
_STEMS = tuple(
    {
        max(re.findall(r"[^\W\d_]+", re.sub(r".\?|\(\?:[^()]*\)\??|\\.", " ", verb)), key=len)
        for verb in words.VERBS
    }
    | set(words.VERBS_WITHOUT_SPACES)
)
_CLIENT = re.compile(rf"(?<!\w)(?:{'|'.join(words.CLIENT_WORDS)})(?!\w)")
_SENTENCE = re.compile(rf"(?<!\w)(?:{words.SENTENCE_WORDS})(?!\w)")
_BEGINS = re.compile(
    r"[-–—*_\s«\"'(\[<>]*(?:"
    rf"(?:{'|'.join(map(re.escape, words.STARTERS))})[\s,]"
    r"|[在于]\s?\d"
    rf"|(?:{'|'.join(words.DAYS)})[^\W\d]{{0,12}}[.,\s]"
    rf"|(?:{_MONTH})[^\W\d]{{0,10}}[.,\s]+\d"
    r"|\d{1,4}[-./:\s年년]"
    r")"
)
_ENDS = re.compile(r"(?:[:：]|[-–—_*]{2,}|>)[\s*_>\"”»]*$")
_DASHES = "-–—_*=# "


def plainly(line: str) -> str:
    """The beginning of a line as words are looked for in it: small letters, one space, no marks."""
    line = line[:LONGEST_LINE]
    if not line.isascii():
        line = unicodedata.normalize("NFC", line.translate(_PLAIN))
    return " ".join(line.casefold().split())


def may_tell(plain: str) -> bool:
    """Whether a word for writing may be in the line; it spares most lines a slower look."""
    return any(stem in plain for stem in _STEMS)


@dataclass(frozen=True)
class Told:
    """What a line that may stand above a quote tells; it is given as `plainly` makes it.

    Each thing is looked for once, and only if somebody asks: a hostile mail has thousands of such lines.
    """

    plain: str

    @cached_property
    def verb(self) -> bool:
        """Somebody wrote, or said."""
        return bool(self._verbs)

    @cached_property
    def early(self) -> bool:
        """The date stands where mail programs write it."""
        return self._date is not None and self._date.start() < 45

    @cached_property
    def date(self) -> bool:
        """A day is named."""
        return self._date is not None

    @cached_property
    def year(self) -> bool:
        """And its year."""
        return YEAR.search(self.plain) is not None

    @cached_property
    def time(self) -> bool:
        """And when on it."""
        return TIME.search(self.plain) is not None

    @cached_property
    def address(self) -> bool:
        """There is a mail address."""
        return _ADDRESS.search(self.plain) is not None

    @cached_property
    def client(self) -> bool:
        """It has words that mail programs alone put there."""
        return _CLIENT.search(self.plain) is not None

    @cached_property
    def ends(self) -> bool:
        """It ends as if something followed."""
        by_verb = self.verb and not self.plain[self._verbs[-1] :].strip(_DASHES + ".:：>")
        return by_verb or _ENDS.search(self.plain[-20:]) is not None

    @cached_property
    def colon(self) -> bool:
        """It ends with a colon."""
        return self.plain.rstrip('*_ >"”»')[-1:] in (":", "：")

    @cached_property
    def sentence(self) -> bool:
        """It has words that stand in people's sentences."""
        return _SENTENCE.search(_ADDRESS.sub(" ", self.plain)) is not None

    @cached_property
    def begins(self) -> bool:
        """It begins as mail programs begin such lines."""
        return _BEGINS.match(self.plain) is not None

    @cached_property
    def _date(self) -> re.Match[str] | None:
        return DATE.search(self.plain)

    @cached_property
    def _verbs(self) -> list[int]:
        if not may_tell(self.plain):
            return []
        return [found.end() for found in _VERB.finditer(self.plain)]
