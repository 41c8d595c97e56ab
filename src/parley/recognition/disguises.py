"""Text without its disguises: what a reader sees, and where each character of it came from."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

_LATIN_TWINS = dict(zip("асеорухіјѕԁԛԝһӏквмнт", "aceopyxijsdqwhlkbmht", strict=True))
_CYRILLIC_TWINS = dict(zip("aceopyxikbmhtnu", "асеорухикбмнтпи", strict=True)) | {"b": "в"}
_SINGLE_SIGNS = {
    **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
    **dict.fromkeys("。｡․﹒．", "."),
    **dict.fromkeys("⁄∕／", "/"),
    **dict.fromkeys("•∙‧・", "·"),
    **dict.fromkeys("’‘ʼ`´", "'"),
    "ё": "е",
}
_MIXED = re.compile(r"[^\W\d_]++(?:[\w'-]*+)")
_SPACED_OUT = re.compile(
    r"(?<![^\W_])[^\W\d_](?: ?[@.] ?[^\W\d_](?![^\W_])| [^\W\d_](?![^\W_])){3,}+"
)


@dataclass(frozen=True, slots=True)
class Plain:
    """`text` in small letters and plain digits; `origins[i]` is where its i-th character was.

    `origins` has one place more than `text` has characters: where the original text ends. `typed`
    is the original.
    """

    text: str
    origins: list[int]
    typed: str = ""

    def origin(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` was in the original, with the invisible characters inside."""
        return self.origins[start], self.origins[end]

    def typed_so(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` was typed in these very letters, capitals aside."""
        first, last = self.origin(start, end)
        return self.typed[first:last].lower() == self.text[start:end]

    def capitalised(self, start: int, end: int) -> bool:
        """Whether `text[start:end]` was typed as a Word."""
        first, last = self.origin(start, end)
        return self.typed[first:last].istitle()


def plain(text: str) -> Plain:
    """`text` as a reader sees it.

    Full-width, circled, foreign and emoji digits are digits, invisible characters and accents put
    on top are gone, a word of Latin and Cyrillic letters is in one script, s p a c e d  out words
    are closed up.
    """
    letters: list[str] = []
    origins: list[int] = []
    for place, sign in enumerate(text):
        if sign.isascii():
            letters.append(" " if sign in "\t\r\f\v" else sign.lower())
            origins.append(place)
            continue
        category = unicodedata.category(sign)
        if category in {"Cf", "Cc"}:
            continue
        if category in {"Mn", "Me"}:
            _compose(letters, sign)
            continue
        letters.append(_single(sign, category))
        origins.append(place)
    origins.append(len(text))
    return _closed_up(Plain(_in_one_script("".join(letters)), origins, text))


def _compose(letters: list[str], mark: str) -> None:
    if letters and len(made := unicodedata.normalize("NFC", letters[-1] + mark)) == 1:
        letters[-1] = _SINGLE_SIGNS.get(made, made)


def _single(sign: str, category: str) -> str:
    """What one character reads as: always one character."""
    if category in {"Nd", "No"}:
        number = unicodedata.digit(sign, None)
        raised = unicodedata.decomposition(sign).startswith(("<super>", "<sub>"))
        return sign if number is None or raised else str(int(number))
    if category in {"Zs", "Zl", "Zp"}:
        return "\n" if category != "Zs" else " "
    made = unicodedata.normalize("NFKC", sign).lower()
    made = made if len(made) == 1 else sign
    return _SINGLE_SIGNS.get(made, made)


def _in_one_script(text: str) -> str:
    return _MIXED.sub(_word_in_one_script, text)


def _word_in_one_script(found: re.Match[str]) -> str:
    word = found[0]
    cyrillic = [c for c in word if "а" <= c <= "ԯ"]
    latin = [c for c in word if "a" <= c <= "z"]
    if not cyrillic or not latin:
        return word
    to_latin = all(c in _LATIN_TWINS for c in cyrillic)
    to_cyrillic = all(c in _CYRILLIC_TWINS for c in latin)
    if to_latin and (not to_cyrillic or len(latin) >= len(cyrillic)):
        return "".join(_LATIN_TWINS.get(c, c) for c in word)
    if to_cyrillic:
        return "".join(_CYRILLIC_TWINS.get(c, c) for c in word)
    return word


def latin(text: str) -> str:
    """`text` with every Cyrillic letter that has a Latin twin replaced, length kept."""
    return "".join(_LATIN_TWINS.get(c, c) for c in text)


def _closed_up(read: Plain) -> Plain:
    """`read` with single letters set apart, as in `w h a t s a p p`, put together."""
    parts: list[str] = []
    origins: list[int] = []
    at = 0
    for found in _SPACED_OUT.finditer(read.text):
        parts.append(read.text[at : found.start()])
        origins += read.origins[at : found.start()]
        places = [i for i in range(*found.span()) if read.text[i] != " "]
        parts.append("".join(read.text[i] for i in places))
        origins += [read.origins[i] for i in places]
        at = found.end()
    if not at:
        return read
    return Plain("".join(parts) + read.text[at:], origins + read.origins[at:], read.typed)
