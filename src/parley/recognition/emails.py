"""E-mail addresses, written out or spelled: "john at gmail dot com", "джон собака яндекс точка ру"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from parley.recognition.hosts import PROVIDERS, ends_bare_host, is_ending, tells_a_host
from parley.recognition.passages import Passage, key
from parley.recognition.patterns import compiled, words
from parley.recognition.spelling import DOMAIN_OR_NAME, Label, labels_of

_DOG = "собака|собачка|сабака|собакен|эт|ат"
_EMAIL = compiled(
    rf"""(?<!//)(?<![\w.+%-])
    (?P<local>[^\W_][\w+%-]*+(?:(?:\.| \. ?| dot | точка )[\w+%-]++){{0,4}}+)
    (?:
        (?P<sign> ?(?:@|[(\[{{<](?:at|{_DOG}|a|@)[)\]}}>]) ?)
        |(?P<word> (?:at|{_DOG}) )
    )
    (?P<domain>{DOMAIN_OR_NAME})"""
)
_UNDERSCORED = re.compile(
    r"(?<!\w)(?P<local>[\w.-]{1,64}?)_(?:at|собака)_[^\W_]{1,64}(?:_dot_|_точка_|\.)[^\W_]{2,12}"
)
_AT_PROVIDER = compiled(
    r"""(?<!\w)(?:gmail|googlemail|hotmail|yahoo|icloud|protonmail|яндекс\w*|гмейл\w*)(?: mail)?
    [ ,:=-]{0,3}(?:is|it's|это|я|мой|моя|адрес|address)?[ :]{0,2}
    (?P<name>[a-z]{3}[a-z0-9]*+[._\d][a-z0-9._]{2,30})(?![\w@])"""
)
_MAIL_WORDS = re.compile(r"(?:mail|почт|мыло|ящик|мейл|мэйл|write|пиш)")
_NOT_NAMES = words(
    "a address and are at available back bought buy cheaper check email find here is it listed live "
    "look mail me now on online only order page prices products reach see shop site sold stock store "
    "them us visit we website works you"
)
_FURTHEST_WORD = 40


@dataclass(frozen=True, slots=True)
class Email:
    """An e-mail address found at `passage`, at `host` as far as that is known."""

    passage: Passage
    host: str


def emails_in(text: str) -> Iterator[Email]:
    """The e-mail addresses in `text` (plain)."""
    found = _EMAIL.search(text)
    while found:
        labels = labels_of(text, *found.span("domain"))
        count = _host_length(text, found, labels)
        if count:
            host = ".".join(label.name for label in labels[:count])
            end = labels[count - 1].end
            yield Email(_passage(found.start(), end, found["local"] + host), host)
        found = _EMAIL.search(text, labels[count - 1].end if count else found.start("domain"))
    for pattern, group in ((_UNDERSCORED, 0), (_AT_PROVIDER, "name")):
        for found in pattern.finditer(text):
            yield Email(_passage(*found.span(group), found[group]), "")


def _passage(start: int, end: int, written: str) -> Passage:
    return Passage("email", start, end, key(written))


def _host_length(text: str, found: re.Match[str], labels: list[Label]) -> int:
    """How many of `labels` are the host of an e-mail address; 0 if this is none."""
    for count in range(len(labels), 1, -1):
        if _ends_host(labels[count - 1]) and _is_meant(found, labels[:count]):
            return count
    return int(_provider_alone(text, found, labels))


def _ends_host(label: Label) -> bool:
    if label.loose:
        return tells_a_host(label.name)
    return is_ending(label.name) if label.dot == "." else ends_bare_host(label.name)


def _is_meant(found: re.Match[str], labels: list[Label]) -> bool:
    """Whether what stands between name and host is meant as the sign of an address."""
    if found["sign"] == " @":
        return tells_a_host(labels[-1].name)
    if found["sign"] or found["word"] != " at ":
        return True
    if found["local"] in _NOT_NAMES:
        return False
    return any(label.spelled for label in labels) or labels[-2].name in PROVIDERS


def _provider_alone(text: str, found: re.Match[str], labels: list[Label]) -> bool:
    """Whether this is a name at a well-known provider, whose ending is left out."""
    if labels[0].name not in PROVIDERS or found["local"] in _NOT_NAMES:
        return False
    before = text[max(0, found.start() - _FURTHEST_WORD) : found.start()]
    return bool(re.search(r"[\d._]", found["local"]) or _MAIL_WORDS.search(before))
