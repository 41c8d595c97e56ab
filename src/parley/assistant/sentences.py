"""Sentences of what people write, without greetings and good wishes, with what they ask for."""

from __future__ import annotations

import re

_END = re.compile(r"(?<=[.!?…])[\"»)]*\s+(?=[\"«(£€$₽]*[A-ZА-ЯЁ0-9])|\n+")
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|no|nr|mr|mrs|ms|dr|st|ltd|inc|approx|vs)|\b(?:т\.е|т\.к|т\.д|т\.п|ул|стр|руб|шт|г|д))\.$",
    re.IGNORECASE,
)
_MARKS = re.compile(r"^\s*(?:>+|[-*+]|#{1,6}|\d+[.)])\s+|[*_`~]{1,3}")
_GREETING = re.compile(
    r"^(?:hello|hi|hey|dear|good (?:morning|day|afternoon|evening)|greetings|здравствуйте"
    r"|добрый (?:день|вечер)|доброе утро|доброго дня|привет|приветствую|уважаем\w+)\b"
    r"[^.!?\n]{0,60}[.,!…]?$",
    re.IGNORECASE,
)
_GREETING_FIRST = re.compile(
    r"^(?:hello|hi|hey|good (?:morning|day|afternoon|evening)|здравствуйте|добрый (?:день|вечер)"
    r"|доброе утро|привет)(?:[ ,]+[A-ZА-ЯЁ][\w-]+){0,2}\s*[,.!]\s*",
    re.IGNORECASE,
)
_WISHES = re.compile(
    r"^(?:(?:best|kind|warm|many)? ?(?:regards|wishes|thanks)|thank you[^.?]{0,60}|thanks[^.?]{0,60}"
    r"|sincerely|cheers|yours\b.*|(?:please )?let (?:me|us) know[^.?]{0,40}|have a \w+ \w+"
    r"|(?:заранее )?(?:большое )?спасибо[^.?]{0,60}|(?:заранее )?благодар\w+[^.?]{0,60}"
    r"|с уважением.*|всего (?:доброго|хорошего)|хорошего дня)\s*[.,!…]*$",
    re.IGNORECASE,
)
_ASKS = re.compile(
    r"""\? | \b(?:please|could\ you|can\ you|would\ you|(?:we|i)\ (?:need|want|ask|would\ like)
    |i'd\ like|needs?\ to|must|refund|replace|cancel|return\ it|send\ us|tell\ us
    |how\ (?:do|can|to)|why|when\ will)\b
    | \b(?:прошу|просим|пожалуйста|нужн[оаы]|надо|необходимо|хоч(?:у|ет)|хотим|хотел\w*|можно|могу
    |можете|верн[иу]\w*|замени\w*|отмени\w*|пришлите|сообщите|подскажите|помогите|как\ |почему
    |когда|где)\b""",
    re.VERBOSE | re.IGNORECASE,
)
LONGEST = 280
"""Characters of a sentence that is shown: a longer one is cut at a word."""


def sentences_of(text: str) -> list[str]:
    """The sentences of `text` (Markdown as typed) in order, each as plain words.

    Greetings, thanks and what was quoted from others are not among them.
    """
    kept = [line for line in text.splitlines() if not line.lstrip().startswith((">", "|", "    "))]
    sentences: list[str] = []
    for piece in _pieces("\n".join(kept)):
        words = " ".join(_GREETING_FIRST.sub("", _MARKS.sub("", piece).strip()).split())
        if len(words) > 2 and not is_courtesy(words):
            sentences.append(words)
    return sentences


def is_courtesy(line: str) -> bool:
    """Whether a line is but a greeting, thanks or a good wish."""
    bare = line.strip()
    return bool(_GREETING.match(bare) or _WISHES.match(bare))


def asking(sentences: list[str]) -> str:
    """The sentence in which somebody says what they want: the first that asks, else the first; or ""."""
    return next((one for one in sentences if _ASKS.search(one)), sentences[0] if sentences else "")


def cut(sentence: str, longest: int = LONGEST) -> str:
    """A sentence short enough to be read at a glance; where something was left off, it says so."""
    if len(sentence) <= longest:
        return sentence
    head = sentence[: longest - 1].rsplit(" ", 1)[0] or sentence[: longest - 1]
    return f"{head.rstrip(' ,;:–—-')}…"


def _pieces(text: str) -> list[str]:
    """The text parted at the ends of sentences, but not after an abbreviation."""
    pieces: list[str] = []
    for piece in _END.split(text):
        if pieces and _ABBREVIATED.search(pieces[-1]):
            pieces[-1] = f"{pieces[-1]} {piece}"
        else:
            pieces.append(piece)
    return pieces
