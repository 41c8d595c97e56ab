"""Which of the addresses that a server names is the one that its report is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from parley.mail_parsing.automatic import is_server

MOST = 200
"""So many addresses of one report are looked at."""
_BEFORE = 80
"""Characters before an address in its line that say what it is."""
_ADDRESS = re.compile(
    r"(?<![\w.+/-])([^\s<>\"',;:()\[\]{}=@|*!?&。、「」]{1,128}@(?:[\w-]{1,63}\.){1,8}[\w-]{2,63}|[^\s<>\"',;:()\[\]{}@]{1,128}@[\w-]{1,63}(?=>))"
)
_NOT_IT = re.compile(
    r"(?:message-id|from|sender|return-path|contact|questions?|help|support|absender"
    r"|отправител\w{0,3}|от)\W{0,6}$",
    re.IGNORECASE,
)
_SENT_TO = re.compile(
    r"\s*(?:to|cc|an|à|para|per|a|кому|komu|aan|till|til)\s*:[ \t<]*", re.IGNORECASE
)
_LABELLED = re.compile(
    r"(?:recipients?|rcpt to|addressee|address(?:es)?|user|mailbox|account"
    r"|deliver(?:ed|y)?[^\n]{0,30} to|sent to|message to|empfänger|adresse|получател\w{0,3}|адрес\w{0,3}"
    r"|адресат\w{0,2}|пользовател\w{0,3}"
    r"|destinataires?|destinatario|destinatários?"
    r"|ontvanger|mottagare|modtager|odbiorc\w{1,2}|adresát\w{0,2}|宛先|收件人|受信者)[^\n@]{0,40}$",
    re.IGNORECASE,
)


def named_in(words: str) -> list[tuple[str, int]]:
    """The addresses in a text, each with how it stands there: 0 is as the one that failed, 9 as another's.

    Those of servers are left out.
    """
    return list(islice(_named(words), MOST))


def _named(words: str) -> Iterator[tuple[str, int]]:
    for found in _ADDRESS.finditer(words):
        address = found[1].strip(".'`-")
        if "@" not in address or is_server(address):
            continue
        begin = max(found.start() - _BEFORE, 0)
        before = words[max(words.rfind("\n", begin, found.start()) + 1, begin) : found.start()]
        if _NOT_IT.search(before):
            yield address, 9
        elif not before.strip(" \t<\"'>*-"):
            yield address, 0
        elif _SENT_TO.fullmatch(before):
            yield address, 4
        elif _LABELLED.search(before) or "rcpt to" in before.lower():
            yield address, 1
        else:
            yield address, 3
