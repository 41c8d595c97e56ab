"""What people write when they ask, made ready to be compared: no greeting, plain words, trigrams."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST_QUESTION = 600
"""Characters of a question that are looked at; the matter stands in the first of them."""
LONGEST_WORD = 60
MOST_WORDS = 40
"""Words of a question that are compared one by one."""

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_CYRILLIC = re.compile(r"[Ѐ-ӿ]")
_LATIN = re.compile(r"[a-zA-Z]")
_GREETING = re.compile(
    r"^(?:\W*(?:hello|hi|hey|good (?:day|morning|afternoon|evening)|dear (?:support|team|all|sirs?)"
    r"|здравствуйте|здраствуйте|привет(?:ствую)?|добр(?:ый|ого|ое) (?:день|дня|вечер|утро|времени суток)"
    r"|доброго времени|уважаем\w+ (?:поддержка|команда|коллеги)|please|пожалуйста|плиз|sorry|извините"
    r"|простите|подскажите|скажите|помогите|can you tell me|could you tell me|tell me)\b[\s,.!?:;—–-]*)+",
    re.IGNORECASE,
)
_THANKS = re.compile(
    r"(?:[\s,.!?;—–-]*\b(?:thanks?(?: you)?(?: a lot| so much| very much| in advance)?|thx|cheers"
    r"|best regards|kind regards|спасибо(?: большое| заранее| огромное)?|заранее спасибо|благодарю"
    r"|с уважением|please|пожалуйста|плиз))+\W*$",
    re.IGNORECASE,
)


def asked(text: str) -> str:
    """The question itself: its greeting and thanks left away, one space between words.

    A text that is nothing else is left as it is.
    """
    whole = " ".join(text[: 4 * LONGEST_QUESTION].split())[:LONGEST_QUESTION]
    bare = _THANKS.sub("", _GREETING.sub("", whole)).strip()
    return bare if any(c.isalnum() for c in bare) else whole


@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    return word.lower().replace("ё", "е").replace("’", "'")[:LONGEST_WORD]


def words_of(text: str) -> list[str]:
    """The words of a text in order: small letters, no ё, nothing but letters and digits."""
    return [_folded(word) for word in _WORD.findall(text)]


def names_in(text: str) -> frozenset[str]:
    """The words that name something: with digits, with capitals within a sentence, Latin among Cyrillic."""
    cyrillic = bool(_CYRILLIC.search(text))
    return frozenset(
        _folded(found[0])
        for found in _WORD.finditer(text)
        if any(c.isdigit() for c in found[0])
        or (cyrillic and _LATIN.search(found[0]))
        or (
            _is_within(text, found.start())
            and found[0] != "I"
            and any(c.isupper() for c in found[0])
        )
    )


def _is_within(text: str, place: int) -> bool:
    before = text[:place].rstrip()
    return bool(before) and before[-1] not in ".!?"


def trigrams_of(text: str) -> frozenset[str]:
    """Three letters in a row of each word, its edges too, as `pg_trgm` takes them."""
    return frozenset(
        padded[place : place + 3]
        for word in words_of(text)
        for padded in (f"  {word} ",)
        for place in range(len(padded) - 2)
    )
