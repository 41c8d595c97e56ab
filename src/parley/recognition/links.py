"""Links to other places, written out, spelled or broken: `hxxp://lampa[.]ru`, "lampa точка ру"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from parley.recognition.disguises import Plain
from parley.recognition.hosts import (
    CARRIERS,
    MERE_NAMES,
    MESSENGERS,
    belongs,
    ends_bare_host,
    is_ending,
    may_end_host,
    tells_a_host,
)
from parley.recognition.passages import Passage, key
from parley.recognition.patterns import compiled
from parley.recognition.spelling import DOMAIN, Label, labels_of

_LINK = compiled(
    rf"""(?<![\w@.-])
    (?P<lead>(?:(?:h(?:tt|xx|\*\*)ps?|ftp) ?: ?|(?<!:))/ ?/ ?(?:[^\s/?\#@]{{1,80}}@)?+
        |www ?\. ?)?+
    (?P<host>(?P<ip>(?:\d{{1,3}}\.){{3}}\d{{1,3}}(?![\w.]))|{DOMAIN})
    (?P<rest>(?::\d{{2,5}})?+(?:[/?\#]\S*+| / \w\S*+)?+)"""
)
_APP = re.compile(r"(?<!\w)(?:viber|tg|whatsapp|skype|weixin)://\S++")
_CUE = re.compile(
    r"(?<![^\W_])(?:website|site|shop|store|visit|portal|browser|сайт\w*|магазин\w*|заходите"
    r"|браузер\w*)(?![^\W_])[^.!?\n]{0,24}\Z"
)
_NOT_OF_IT = ".,:;!?)]}»”\"'…>"


def links_in(read: Plain, own_hosts: Collection[str]) -> Iterator[Passage]:
    """The links in `read`; one that leads into a messenger is a handle.

    Left out are carriers, `own_hosts` and hosts under them, unless they are spelled with letters
    that only look like theirs.
    """
    text = read.text
    for found in _APP.finditer(text):
        yield Passage("handle", found.start(), found.end(), key(found[0]))
    for found in _LINK.finditer(text):
        if found["ip"]:
            if found["lead"] or found["rest"][:1] in {":", "/"}:
                yield _passage("link", found.start(), found.end(), text, found["host"])
            continue
        yield from _link(read, found, own_hosts)


def _link(read: Plain, found: re.Match[str], own_hosts: Collection[str]) -> Iterator[Passage]:
    text = read.text
    labels = labels_of(text, *found.span("host"))
    count = _host_length(read, found, labels)
    if not count:
        return
    host = _joined(labels[:count])
    whole = count == len(labels)
    rest = found["rest"] if whole else ""
    end = found.end() if whole else labels[count - 1].end
    if read.typed_so(found.start("host"), labels[count - 1].end) and (
        belongs(host, CARRIERS) or belongs(host, own_hosts)
    ):
        return
    bare = not found["lead"] and not rest.strip("/ " + _NOT_OF_IT)
    if belongs(host, MESSENGERS):
        if not bare:
            yield _passage("handle", found.start(), end, text, host)
    elif not (bare and host in MERE_NAMES):
        yield _passage("link", found.start(), end, text, host)


def _joined(labels: list[Label]) -> str:
    return ".".join(label.name for label in labels)


def _passage(kind: str, start: int, end: int, text: str, host: str) -> Passage:
    written = text[start:end].rstrip(_NOT_OF_IT)
    return Passage(kind, start, start + len(written), key(host))


def _host_length(read: Plain, found: re.Match[str], labels: list[Label]) -> int:
    """How many of `labels` are a host; 0 if this is no link: a file, a word after a full stop."""
    for count in range(len(labels), 1, -1):
        rest = found["rest"] if count == len(labels) else ""
        if _is_host(read, found, labels[:count], led=bool(found["lead"]), path=rest[:1] == "/"):
            return count
    return len(labels) if found["lead"] and "//" in found["lead"].replace(" ", "") else 0


def _is_host(
    read: Plain, found: re.Match[str], labels: list[Label], *, led: bool, path: bool
) -> bool:
    last, name = labels[-1], labels[-2].name
    if last.loose and not tells_a_host(last.name):
        return is_ending(last.name) and (led or belongs(_joined(labels), MESSENGERS))
    if led:
        return is_ending(last.name)
    if not any(c.isalpha() for c in name) or (len(name) == 1 and not path):
        return False
    if path:
        return is_ending(last.name)
    if any(label.spelled for label in labels):
        return ends_bare_host(last.name)
    if _begins_sentence(read, last):
        return False
    if ends_bare_host(last.name) or (len(labels) > 2 and may_end_host(last.name)):
        return True
    return is_ending(last.name) and _called_site(read, found)


def _begins_sentence(read: Plain, last: Label) -> bool:
    """Whether a sentence begins at `last` after a full stop without a space: "delivered.It was"."""
    return read.capitalised(last.end - len(last.name), last.end) and not tells_a_host(last.name)


def _called_site(read: Plain, found: re.Match[str]) -> bool:
    return bool(_CUE.search(read.text, max(0, found.start() - 48), found.start()))
