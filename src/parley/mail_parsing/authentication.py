"""What mail servers say they have checked: Authentication-Results (RFC 8601), and whose word that is.

Anybody may write such a header into their mail. What a server of ours wrote stands above all that
the mail brought along, so only the topmost one in its name is read, and none beneath a stranger's
`Received`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from parley.mail_parsing.headers import Headers

LENGTH = 20_000
"""Characters of one such header that are read."""

_TOKEN = re.compile(r'"((?:[^"\\]|\\.){0,5000})"|([^\s;="()]+)|([;=()])')
_BY = re.compile(r"(?:^|\s)by\s+\[?([A-Za-z0-9._:-]{1,253})")
_NAMED_NOWHERE = re.compile(r"[^.]+|[\d.]+|.*:.*|.*\.(?:local|internal|lan|localdomain|home)")


@dataclass(frozen=True)
class Result:
    """One check: `dmarc`, `dkim`…, how it went, and of what (`header.from`, `header.d`)."""

    method: str
    result: str
    properties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """What one server says. `authserv` is the name it says it in; Microsoft's give none."""

    authserv: str
    results: tuple[Result, ...]

    def of(self, method: str) -> list[Result]:
        """The results of one method, in order: a mail may have several signatures."""
        return [one for one in self.results if one.method == method]


def checked_in(value: str) -> Checked:
    """What an Authentication-Results header says; all in lower case. What is malformed is left out."""
    segments = list(_segments(value[:LENGTH].lower()))
    authserv = ""
    if segments and "=" not in segments[0]:
        authserv = segments.pop(0)[0] if segments[0] else ""
    return Checked(authserv, tuple(one for one in map(_result, segments) if one))


def _segments(value: str) -> Iterator[list[str]]:
    """What stands between semicolons, as words and `=`; comments are left out."""
    segment: list[str] = []
    depth = 0
    for found in _TOKEN.finditer(value):
        mark = found[3]
        if mark == "(" or (mark == ")" and depth):
            depth += 1 if mark == "(" else -1
        elif depth:
            continue
        elif mark == ";":
            yield segment
            segment = []
        elif mark != ")":
            segment.append(found[1] if found[1] is not None else found[2] or "=")
    if segment:
        yield segment


def _result(segment: list[str]) -> Result | None:
    if len(segment) < 3 or segment[1] != "=":
        return None
    properties: dict[str, str] = {}
    for name, sign, value in zip(segment[3:], segment[4:], segment[5:], strict=False):
        if sign == "=" and name != "=" and value != "=":
            properties.setdefault(name, value)
    return Result(segment[0].partition("/")[0], segment[2], properties)


def trusted_check(headers: Headers, trusted: list[str], own_hosts: list[str]) -> Checked | None:
    """What a server of ours says of this mail; None: none does.

    `trusted` are names whose word is believed, `*.mail.example` for all hosts of a domain. One
    without a name speaks as the host that received the mail. `own_hosts` are other hosts on the
    mail's last way, whose `Received` may stand above.
    """
    names = [one.lower().strip(".") for one in trusted if one.strip(".*")]
    ours = {_company(one) for one in [*names, *own_hosts] if one}
    receiver = ""
    for name, raw in headers.fields:
        value = raw.decode("utf-8", "replace")
        if name == "received":
            by = _BY.search(value[:5_000])
            receiver = by[1].lower().strip(".") if by else ""
            if (
                receiver
                and not _NAMED_NOWHERE.fullmatch(receiver)
                and _company(receiver) not in ours
            ):
                return None
        elif name == "authentication-results":
            checked = checked_in(value)
            if any(_is_named(checked.authserv or receiver, one) for one in names):
                return checked
    return None


def _is_named(authserv: str, trusted: str) -> bool:
    if trusted.startswith("*."):
        return authserv.endswith(trusted[1:])
    return authserv == trusted


def _company(host: str) -> str:
    return ".".join(host.lower().strip(".").split(".")[-2:])
