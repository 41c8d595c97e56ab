"""Whether a sentence that a model wrote is said by the sources it names.

A sentence passes when it names a source that was given; when every number, name, sign of money and link
in it stands in the source; when nearly all its words do (by stems), or most of them and its sense is that
of a sentence there (by cosine); and when both say it, or both deny it. What a model promises, or says to
have done, never passes. Too much is dropped rather than too little.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]

from parley.assistant.stop_words import STOP_WORDS
from parley.assistant.telling_language import language_of
from parley.assistant.writing import visible

LONGEST = 500
"""Characters of one sentence."""
NEARLY_ALL = 0.8
MOST = 0.5
ALIKE = 0.76
"""The cosine from which two sentences of one language have the same sense, and most words in common."""
ALIKE_ACROSS = 0.62
"""The same between languages, where the cosine speaks alone."""
DENIED_BY = 0.5
"""The share of its words that a sentence of the source has, which says or denies it."""

Likeness = Callable[[str, Sequence[str]], float]
"""The largest cosine of a sentence with some others."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a sentence may rest on. `id` is how the model names it (`P1`, `O1042`, `T31`).

    `text` is what supports; `quotes` are others' words in it (a title, a product), which may be
    repeated as they are and support nothing. `links` are the addresses it may be linked with.
    """

    id: str
    kind: str
    title: str
    address: str
    text: str
    language: str
    quotes: tuple[str, ...] = ()
    links: frozenset[str] = field(default_factory=frozenset)


def passes(sentence: str, sources: Sequence[Given], likeness: Likeness) -> bool:
    """Whether `sentence` is said by one of the `sources` it names, and by nothing but itself promised."""
    sentence = " ".join(visible(sentence).split())
    if not sources or not sentence or len(sentence) > LONGEST:
        return False
    if _PICTURE.search(sentence) or _HTML.search(sentence) or _SELF.search(sentence):
        return False
    return any(_is_said_by(source, sentence, likeness) for source in sources)


def links_in(text: str) -> set[str]:
    """The addresses in a text, as links or bare."""
    return {found.rstrip(".,;:!?)»”\"'") for found in _ADDRESS.findall(text)}


def _is_said_by(source: Given, sentence: str, likeness: Likeness) -> bool:
    if not links_in(sentence) <= source.links | {source.address} or _hidden_link(sentence, source):
        return False
    said = _without_quotes(_MARKDOWN_LINK.sub(r"\1", sentence), source)
    said = _ADDRESS.sub(" ", said)
    if _claims_deed(said) and source.kind == "article":
        return False
    if _WE.search(said) and not (source.kind == "article" and _is_verbatim(said, source.text)):
        return False
    if not _details_stand(said, source):
        return False
    return _words_agree(said, source, likeness)


def _words_agree(said: str, source: Given, likeness: Likeness) -> bool:
    wanted = _stems(said)
    if not wanted:
        return False
    same, other = _by_denial(said, _sentences(source.text))
    if _across(said, source):
        return likeness(said, same) >= ALIKE_ACROSS
    share = _share(wanted, _stems(f"{source.title} {source.text}"))
    if share < MOST:
        return False
    if len(wanted) > 1 and not _nearest(wanted, other) <= _nearest(wanted, same) >= DENIED_BY:
        return False
    return share > NEARLY_ALL or likeness(said, same) >= ALIKE


def _by_denial(said: str, pieces: Sequence[str]) -> tuple[list[str], list[str]]:
    """The pieces that say or deny as `said` does, and those that do the other."""
    denies = _denies(said)
    same = [piece for piece in pieces if _denies(piece) == denies]
    return same, [piece for piece in pieces if _denies(piece) != denies]


def _nearest(wanted: frozenset[str], pieces: Sequence[str]) -> float:
    return max((_share(wanted, _stems(piece)) for piece in pieces), default=0.0)


def _share(wanted: frozenset[str], known: frozenset[str]) -> float:
    return len(wanted & known) / len(wanted)


def _is_verbatim(said: str, text: str) -> bool:
    return " ".join(_words(said)) in " ".join(_words(text))


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower().replace("ё", "е"))


def _across(said: str, source: Given) -> bool:
    return language_of(said, source.language) != source.language


def _without_quotes(sentence: str, source: Given) -> str:
    for quote in source.quotes:
        plain = " ".join(visible(quote).split())
        if plain:
            sentence = sentence.replace(plain, " ")
    return sentence


def _hidden_link(sentence: str, source: Given) -> bool:
    """Whether something is linked that is no address of the source: a path, a scheme, an e-mail."""
    targets = {target for _words, target in _MARKDOWN_LINK.findall(sentence)}
    if not targets <= source.links | {source.address}:
        return True
    return bool(_MAIL.search(sentence)) and not _mails(sentence) <= _mails(source.text)


def _mails(text: str) -> set[str]:
    return {found.lower() for found in _MAIL.findall(text)}


def _claims_deed(said: str) -> bool:
    """Whether it says of something of the reader's that it was done, and not when or if it was."""
    return bool(_DEED.search(said)) and not _CONDITION.search(said)


def _denies(said: str) -> bool:
    return bool(_DENIAL.search(said.lower().replace("’", "'")))


def _details_stand(said: str, source: Given) -> bool:
    """Whether the numbers, the signs of money and the names of a sentence stand in the source."""
    known = f"{source.title} {source.text}"
    if not _numbers(said) <= _numbers(known):
        return False
    return _names(said) <= {_stem(word) for word in _words(known)}


def _numbers(text: str) -> set[str]:
    numbers = {_number(one) for one in re.findall(r"\d+(?:[.,:]\d+)*", text)}
    spelt = {_NUMBERS[word] for word in _WORD.findall(text.lower()) if word in _NUMBERS}
    return numbers | spelt | set(re.findall(r"[£$€₽%]", text))


def _number(written: str) -> str:
    return re.sub(r"[,.](?=\d{3}\b)", "", written).replace(",", ".")


def _names(text: str) -> set[str]:
    """Words with a capital within a sentence, with a digit, or of Latin letters among Cyrillic ones."""
    names = set()
    for piece in _sentences(text):
        cyrillic = bool(re.search("[а-яё]", piece.lower()))
        for place, word in enumerate(_WORD.findall(piece)):
            capital = word[0].isupper() and (place > 0 or (len(word) > 1 and word.isupper()))
            latin = cyrillic and word.isascii() and word.isalpha()
            coded = any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
            if capital or latin or coded:
                names.add(_stem(word.lower().replace("ё", "е")))
    return names


@lru_cache(maxsize=2048)
def _stems(text: str) -> frozenset[str]:
    return frozenset(
        _stem(word) for word in _words(text) if word not in STOP_WORDS and not word.isdigit()
    )


_english = snowballstemmer.stemmer("english")
_russian = snowballstemmer.stemmer("russian")
_stemming = threading.Lock()
"""A stemmer keeps the word it is at: of two at once both may come out wrong, and be kept so."""


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    stemmer = _english if word.isascii() else _russian
    with _stemming:
        return str(stemmer.stemWord(word))


@lru_cache(maxsize=512)
def _sentences(text: str) -> tuple[str, ...]:
    pieces = re.split(r"(?<=[.!?…])\s+|\n+|(?<=;)\s+", text)
    return tuple(piece.strip() for piece in pieces if piece.strip())


_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_ADDRESS = re.compile(
    r"(?:https?:|ftp:|//|www\.)[^\s<>\]]+|\b(?:javascript|data|mailto|tel):[^\s<>\]]*",
    re.IGNORECASE,
)
_MARKDOWN_LINK = re.compile(r"\[([^\]]*)\]\(\s*<?([^)\s>]*)>?[^)]*\)")
_PICTURE = re.compile(r"!\[")
_HTML = re.compile(r"<\s*/?\s*[a-zA-Z!]|&(?:#\d+|#x[0-9a-f]+|[a-z]+);", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SELF = re.compile(
    r"\b(?:i|i'm|i've|i'll|i'd|let\s+me|let's)\b|\bя\b"
    r"|\b(?:as\s+an\s+ai|system\s+prompt|my\s+instructions|системн\w+\s+(?:промпт|подсказк\w+|инструкци\w+))\b",
    re.IGNORECASE,
)
"""What a machine would say of itself: that it did something, will do it, or was told to."""
_WE = re.compile(
    r"\bwe(?:'ve|'ll|\s+have|\s+will|\s+are\s+going)\b|\b(?:our|the)\s+team\s+(?:will|has|have)\b"
    r"|\bмы\s+(?:\w+\s+)?\w+(?:ли|ем|ём|им|дим)\b|\bмы\s+будем\b",
    re.IGNORECASE,
)
"""What the people of the place have done or will do: an article says so in these very words, or nobody."""
_DEED = re.compile(
    r"\b(?:has|have|had)\s+(?:now\s+|just\s+|already\s+|successfully\s+)*been\s+\w+"
    r"|\b(?:is|are|was|were)\s+(?:now\s+|already\s+|successfully\s+)+(?:\w+ed|sent|paid|done)\b"
    r"|\byour\s+(?:\w+\s+){1,3}(?:is|was|were|are)\s+(?:\w+ed|sent|paid|done|on\s+its\s+way)\b"
    r"|\b(?:done|approved|confirmed|granted)\b[.!]?$"
    r"|\b(?:ваш\w*|тво\w+)\s+(?:\w+\s+){1,3}\w+(?:ан|ян|ен|ён|ят|ит)[аоы]?\b"
    r"|\b(?:уже|успешно|только\s+что)\s+\w+(?:ан|ян|ен|ён|ят|ит)[аоы]?\b"
    r"|\b(?:возврат|заказ|платёж|платеж|деньги|счёт|счет|обращение)\s+(?:\w+\s+)?(?:оформлен|отменен|отменён|выполнен"
    r"|возвращен|возвращён|зачислен|одобрен|закрыт|отправлен|создан|подтвержд[её]н)\w*\b",
    re.IGNORECASE,
)
_CONDITION = re.compile(
    r"\b(?:if|when|once|after|until|before|while|unless|whether|as\s+soon\s+as|what|which|orders?\s+that"
    r"|если|когда|после|пока|до\s+того|как\s+только|прежде|ли|котор\w+|что)\b",
    re.IGNORECASE,
)
_DENIAL = re.compile(
    r"\b(?:not|never|no|none|nothing|nobody|neither|nor|without|cannot|unable|impossible|forbidden)\b|n't\b"
    r"|\b(?:не|нет|ни|нельзя|никогда|никто|ничего|никак|невозможно|без|запрещен\w*|запрещён\w*)\b"
)
_NUMBERS = {
    word: str(number)
    for number, words in enumerate(
        [
            "zero ноль", "", "two два две двух двумя", "three три трех трёх тремя",
            "four четыре четырех четырёх",
            "five пять пяти", "six шесть шести", "seven семь семи", "eight восемь восьми",
            "nine девять девяти", "ten десять десяти", "eleven одиннадцать", "twelve двенадцать",
        ]
    )
    for word in words.split()
}  # fmt: skip
