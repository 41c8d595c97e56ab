"""Parameters of header fields: `text/plain; charset=…`, and names of files (RFC 2045 5.1, RFC 2231)."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from parley.mail_parsing import limits
from parley.mail_parsing.charsets import decode
from parley.mail_parsing.encoded_words import decode_words

# It begins with its name: blanks before it would be gone through from each of them anew.
_PARAMETER = re.compile(
    r'(?<![^\s=;"])([^\s=;"]{1,100})\s*=\s*("(?:[^"\\]|\\.){0,8000}"|[^;]*)', re.DOTALL
)
_NO_SEMICOLON = re.compile(r"\s*(?:([^\s;=]{1,200})\s+)?(?=[A-Za-z][A-Za-z-]{0,30}\*?\s*=)")
"""A parameter that stands before the first semicolon: `application/pdf name=a.pdf`."""
_MORE_OF_A_NAME = re.compile(r"(?:;(?![^;]*=)[^;]*)+")
_ESCAPED = re.compile(r"\\([\"\\])")
_NAMES = frozenset({"name", "filename"})
_SECTION = re.compile(r"([^*]+)(?:\*(\d{1,4}))?(\*)?$")


def parameters_of(value: str, hint: str = "") -> tuple[str, dict[str, str]]:
    """What stands before the first `;` (in lower case), and the parameters, decoded.

    Pieces of RFC 2231 are put together, its percent signs and the encoded words that are not
    allowed there but common are decoded. Never raises.
    """
    value = value[: limits.PARAMETERS]
    main, rest = _divided(value)
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for match in _PARAMETER.finditer(rest):
        name, written = match[1].lower(), match[2].strip()
        section = _SECTION.match(name)
        if section is None:
            continue
        if section[1] in _NAMES and not written.startswith('"'):
            written = _whole_name(written, rest, match.end())
        number = int(section[2]) if section[2] else -1
        piece = (_unquoted(written), bool(section[3]))
        known = pieces.setdefault(section[1], {})
        if number not in known or (piece[1] and not known[number][1]):
            known[number] = piece
    return main.strip().lower(), {name: _joined(found, hint) for name, found in pieces.items()}


def _divided(value: str) -> tuple[str, str]:
    """What stands before the parameters, and these; the semicolon between may be forgotten."""
    forgotten = _NO_SEMICOLON.match(value)
    if forgotten:
        return forgotten[1] or "", value[forgotten.end() :]
    main, _, rest = value.partition(";")
    return main, rest


def _whole_name(written: str, rest: str, end: int) -> str:
    """The name of a file that is not in quotes, though it has a semicolon in it, or in others' quotes."""
    more = _MORE_OF_A_NAME.match(rest, end)
    if more:
        written = (written + more[0]).rstrip("; \t")
    if len(written) > 2 and written[0] == written[-1] == "'":
        return written[1:-1]
    return written


def _unquoted(written: str) -> str:
    if len(written) > 1 and written[0] == written[-1] == '"':
        return _ESCAPED.sub(r"\1", written[1:-1])
    return written.strip('"')


def _joined(found: dict[int, tuple[str, bool]], hint: str) -> str:
    if len(found) > 1:  # pieces go before a whole value, which is the fallback of old programs
        found = {number: piece for number, piece in found.items() if number >= 0} or found
    ordered = [found[number] for number in sorted(found)]
    if not any(extended for _, extended in ordered):
        return decode_words("".join(text for text, _ in ordered), hint)
    charset, content = "", bytearray()
    first, extended_first = ordered[0]
    if extended_first and "'" not in first:
        first = first.replace("%27", "'", 2)
    if extended_first and first.count("'") >= 2:
        charset, _, first = first.split("'", 2)
    for text, extended in [(first, extended_first), *ordered[1:]]:
        content += unquote_to_bytes(text) if extended else text.encode("utf-8", "replace")
    return decode_words(decode(bytes(content), charset, hint), hint)
