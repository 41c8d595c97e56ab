"""Addresses in headers: names, groups, comments, and what mail programs make of them (RFC 5322 3.4)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parley.mail_parsing import limits
from parley.mail_parsing.encoded_words import decode_words
from parley.mail_parsing.understood import Address

_TOKEN = re.compile(
    r'(?P<quoted>"(?:[^"\\]|\\.){0,300}")'
    r"|(?P<word>=\?[^?\s]{1,60}\?[bBqQ]\?(?:[^?=]|=(?!\?[^=])|\?(?!=)){0,8000}?\?=)"
    r"|(?P<angle><[^<>]*>?)"
    r"|(?P<comment>\()"
    r"|(?P<mark>[,;:])"
    r'|(?P<plain>[^"<(,;:=]+|.)',
    re.DOTALL,
)
_ADDRESS = re.compile(
    r'(?:"[^"]{1,200}"|(?<![^\s<>()\[\],;:"])[^\s<>()\[\],;:"@]{1,300})@'
    r'(?:[^\s<>()\[\],;:"@]{1,300}(?![^\s<>()\[\],;:"])|\[[^\s\]]{1,100}\])'
)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BLANKS = re.compile(r"\s+")
_MOST_QUOTES = 2 * limits.ADDRESSES
_MOST_SIGNS, _LONGEST_SIDE = 50, 304
_PIECES = 100  # a name with more commas and colons in it is none
_MAILTO = re.compile(r"\bmailto:", re.IGNORECASE)
_LITERAL = re.compile(r"\[([^\[\]\s]+@[^\[\]\s]+)\]")


@dataclass
class _One:
    """The one address that is being read."""

    phrase: list[str] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    angle: str | None = None
    before_angle: int = 0
    """How many pieces of its phrase stand before the angle brackets."""

    def is_empty(self) -> bool:
        return self.angle is None and not "".join(self.phrase).strip() and not self.comments


def addresses_in(value: str, hint: str = "") -> tuple[Address, ...]:
    """The addresses in the value of a header, its encoded words still encoded. Never raises.

    Groups give their members. What has no address is left out (`undisclosed-recipients:;`).
    """
    found: list[Address] = []
    one, at = _One(), 0
    value = _MAILTO.sub("", value[: limits.FIELD])
    if value.count('"') > _MOST_QUOTES:
        value = value.replace('"', "")
    while at < len(value) and len(found) < limits.ADDRESSES:
        token = _TOKEN.match(value, at)
        if token is None:
            break
        at = token.end()
        kind, text = token.lastgroup, token[0]
        if kind == "comment":
            comment, at = _comment(value, at)
            one.comments.append(comment)
        elif kind == "angle":
            one = _at_angle(text.strip("<> \t"), one, found, hint)
        elif kind == "quoted":
            local = value.startswith("@", at)  # "a b"@shop.example
            one.phrase.append(text if local else _ESCAPED.sub(r"\1", text[1:-1]))
        elif kind == "mark":
            one = _at_mark(text, one, found, hint)
        else:
            one.phrase.append(text)
    _finish(one, found, hint)
    return tuple(found)


def _at_angle(text: str, one: _One, found: list[Address], hint: str) -> _One:
    """Take an address in angle brackets; a second one begins the next, as if a comma stood between."""
    if one.angle is None or "@" not in one.angle:
        one.angle, one.before_angle = text, len(one.phrase)
        return one
    if "@" not in text or len(one.phrase) > _PIECES:
        return one
    following = one.phrase[one.before_angle :]
    del one.phrase[one.before_angle :]
    _finish(one, found, hint)
    return _One(following, angle=text, before_angle=len(following))


def _at_mark(mark: str, one: _One, found: list[Address], hint: str) -> _One:
    if mark == ":" and len(one.phrase) > _PIECES:
        return one
    phrase = "".join(one.phrase)
    if "=?" in phrase and "@" not in phrase:
        phrase = decode_words(phrase, hint)
    if mark == ":":
        if one.angle is None and "@" not in phrase:
            return _One()  # the name of a group
        one.phrase.append(mark)
        return one
    if one.angle is None and "@" not in phrase:
        if mark == "," and phrase.strip() and len(one.phrase) <= _PIECES:
            one.phrase.append(mark)  # Doe, John <john@shop.example>
            return one
        return _One()
    _finish(one, found, hint)
    return _One()


def _comment(value: str, at: int) -> tuple[str, int]:
    """The comment that was opened before `at`, and where what follows it begins."""
    depth, start = 1, at
    while at < len(value):
        letter = value[at]
        if letter == "\\":
            at += 1
        elif letter == "(":
            depth += 1
        elif letter == ")":
            depth -= 1
            if not depth:
                return value[start:at], at + 1
        at += 1
    return value[start:], len(value)


def _finish(one: _One, found: list[Address], hint: str) -> None:
    if one.is_empty():
        return
    following = "".join(one.phrase[one.before_angle :]).strip() if one.angle else ""
    if _ADDRESS.fullmatch(following):
        # Anna <anna@shop.example> bo@shop.example: the comma is forgotten.
        del one.phrase[one.before_angle :]
    else:
        following = ""
    phrase = _named("".join(one.phrase), hint)
    comment = _named(" ".join(one.comments), hint)
    if one.angle is not None:
        address = _tidy(one.angle, hint)
        if not address and (inside := _address_in(phrase)):
            address, phrase = _tidy(inside[0], hint), phrase.replace(inside[0], " ")
        if address or phrase:
            found.append(Address(address, _name(phrase, address) or _name(comment, address)))
        if following:
            found.append(Address(_tidy(following, hint)))
        return
    if several := _several(phrase):
        found.extend(Address(_tidy(address, hint)) for address in several)
        return
    inside = _LITERAL.search(phrase) or _address_in(phrase)
    if inside:
        address = _tidy(inside[inside.lastindex or 0], hint)
        rest = phrase[: inside.start()] + " " + phrase[inside.end() :]
        found.append(Address(address, _name(rest, address) or _name(comment, address)))
    elif phrase and " " not in phrase and "," not in phrase and not found:
        found.append(Address(phrase, _name(comment, phrase)))  # root, MAILER-DAEMON


def _several(phrase: str) -> list[str]:
    """The addresses of a text that is nothing but addresses with blanks between them."""
    pieces = phrase.split()
    if len(pieces) < 2 or '"' in phrase or not all(map(_ADDRESS.fullmatch, pieces)):
        return []
    return pieces


def _address_in(text: str) -> re.Match[str] | None:
    """The first address in a text. Only around its @ signs is looked: elsewhere there is none."""
    at = -1
    for _ in range(_MOST_SIGNS):
        at = text.find("@", at + 1)
        if at < 0:
            return None
        if found := _ADDRESS.search(text, max(0, at - _LONGEST_SIDE), at + _LONGEST_SIDE):
            return found
    return None


def _named(text: str, hint: str) -> str:
    return _BLANKS.sub(" ", decode_words(text, hint)).strip(" ,\t")


def _tidy(text: str, hint: str) -> str:
    """An address with its domain in lower case, without what does not belong to it."""
    plain = decode_words(text, hint).strip()
    if len(plain) > 1 and plain[0] == plain[-1] == "'":
        plain = plain[1:-1]
    if plain.lower().startswith("mailto:"):
        plain = plain[7:]
    if plain.startswith("@") and ":" in plain:
        plain = plain.rpartition(":")[2]  # an obsolete route
    plain = "".join(plain.split()) if '"' not in plain else plain.strip()
    local, at, domain = plain.rpartition("@")
    return f"{local}@{domain.lower().rstrip('.>')}" if at else plain


def _name(text: str, address: str) -> str:
    plain = _BLANKS.sub(" ", text).strip(" ,\t<>")
    while len(plain) > 1 and plain[0] == plain[-1] and plain[0] in "\"'":
        plain = plain[1:-1].strip()
    if plain.count('"') == 1:
        plain = plain.strip('" ')  # the other one is missing
    return "" if plain == address else plain
