"""Names in messengers and social networks: "@owen", "tg: owen_k", "insta bramble.lamps"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parley.recognition.messengers import ANY, EDGE, END, SURE
from parley.recognition.passages import Passage, key
from parley.recognition.patterns import compiled, words

_NAME = r"[a-z][a-z0-9_.]{1,30}[a-z0-9_]"
_MARKED_NAME = (
    rf"(?:live:{_NAME}|[a-z0-9_.]{{2,32}}#\d{{4}}"
    r"|(?![a-z]{1,4}-\d)[a-z0-9]{2,}(?:[._-][a-z0-9]+)+|[a-z]+[0-9]+)(?!\.?\w)"
)
_AT = re.compile(
    r"(?<![\w.@/+-])@(?P<handle>[a-z](?=[a-z0-9_.]{3,31})[a-z0-9_.]*[a-z0-9_])(?![\w@])"
)
_NUMBERED = re.compile(r"(?<![\w#/])(?P<handle>[a-z_.][a-z0-9_.]{1,31}#\d{4})(?!\d)")
_AFTER_MESSENGER = compiled(
    rf"""{EDGE}{ANY}{END}
    (?: ?(?:id|nick|username|user|handle|name|account|ник|логин|канал|аккаунт))?[ ]?
    (?:[ :=,?(→>–—-]{{1,3}}| is | as | это | name is |[ ]?:[ ]?)
    (?:my|мой|я)?[ ]?(?:username|user|nick|ник)?[ ]?
    (?P<handle>@ ?{_NAME}|{_MARKED_NAME})"""
)
_NAMED = compiled(
    rf"""{EDGE}(?:{SURE}{END}[^.!?\n]{{0,12}}(?: as | ник | nick | username )
        |ник в \w{{1,12}}[ ]|(?:username|user name|nick|ник|handle is
            |my handle)(?: в {SURE})?[ :=]{{1,3}})
    (?P<handle>@?{_NAME})"""
)
_BEFORE_MESSENGER = compiled(
    rf"""{EDGE}(?:find|look for|look me up|search(?: for)?|add|follow|ищите|ищи|найд\w+|добав\w+)[ ]
    (?P<handle>(?!(?:me|us|you|нас|меня) )["«“]?[^.!?\n"«»“”]{{2,32}}["»”]? (?:on|in
        |в) {ANY}){END}"""
)
_SELLING_AS = compiled(
    rf"""{EDGE}(?:we|i|мы|я)[^.!?\n]{{0,24}} (?:on|в)[ ]
    (?P<handle>{SURE}(?: marketplace)? (?:as|под именем|как) [^\W_][\w .]{{2,24}})"""
)
_SAME_NUMBER = compiled(
    rf"""{EDGE}(?P<handle>(?:my |мой |в )?{SURE}{END}[^.!?\n]{{0,20}}?{EDGE}
    (?:(?:same|this) (?:phone )?number|same as my|т(?:от|ом|ому|ем) же номер\w{{0,2}}
        |эт\w+ же номер\w{{0,2}}
    |то\w+ номеру?|номер т(?:от|акой) же))"""
)
_NO_NAMES = words(
    "charset channel container counter desk each everyone font gate here home import keyframes media "
    "office once page property risk support supports team trade work"
)
_PATTERNS = (
    _AT,
    _NUMBERED,
    _AFTER_MESSENGER,
    _NAMED,
    _BEFORE_MESSENGER,
    _SELLING_AS,
    _SAME_NUMBER,
)


def handles_in(text: str) -> Iterator[Passage]:
    """The names in messengers and social networks in `text` (plain)."""
    for pattern in _PATTERNS:
        for found in pattern.finditer(text):
            start, end = found.span("handle")
            if found["handle"].lstrip("@") not in _NO_NAMES:
                start -= text[start - 1 : start] == "@"
                yield Passage("handle", start, end, key(found["handle"]))
