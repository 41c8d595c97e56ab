"""Reading a delivery status report: what became of a mail, recipient by recipient (RFC 3464)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

LINES = 5_000
"""So many lines of a report are read."""

_FIELD = re.compile(r"[ \t]{0,8}([A-Za-z][A-Za-z0-9-]{1,60})[ \t]*:(.*)")
_TYPED = re.compile(r"\s*(?:rfc822|utf-8|utf8|smtp|local|unknown|x-local|822)\s*;", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>\"',;:()\[\]]{1,200}@[^\s<>\"',;:()\[\]@]{1,253}")
_XTEXT = re.compile(r"\+([0-9A-F]{2})")
STATUS = re.compile(r"(?<![\d.])([45])\.([0-7])\.(\d{1,3})(?!\.?\d)")


@dataclass(frozen=True)
class Recipient:
    """What a report says of one recipient. `action` in lower case; addresses without their type."""

    original: str = ""
    final: str = ""
    action: str = ""
    status: str = ""
    diagnostic: str = ""

    @property
    def failed(self) -> bool:
        """It did not arrive, and is not tried any more."""
        return self.action.startswith(("fail", "error", "undeliver")) or (
            not self.action and self.status.startswith(("5", "4"))
        )

    @property
    def delayed(self) -> bool:
        """It has not arrived, and is still tried."""
        return self.action.startswith(("delay", "defer", "warn"))


def recipients_of(report: str) -> list[Recipient]:
    """Those a `message/delivery-status` is about, in order; malformed groups as far as they go."""
    found: list[Recipient] = []
    group: dict[str, str] = {}
    for name, value in _fields(report):
        if not name or (name in group and name in ("final-recipient", "action")):
            _keep(group, found)
            group = {}
        if name:
            group.setdefault(name, value)
    _keep(group, found)
    return found


def _fields(report: str) -> Iterator[tuple[str, str]]:
    """Name in lower case and value of each field, unfolded; an empty name ends a group."""
    name, value = "", ""
    for line in report.splitlines()[:LINES]:
        field = _FIELD.fullmatch(line)
        if name and (line.startswith(("\t", "  ")) or (line[:1] == " " and not field)):
            value += " " + line.strip()
            continue
        if name:
            yield name, value.strip()
            name = ""
        if field:
            name, value = field[1].lower(), field[2]
        elif not line.strip():
            yield "", ""
    if name:
        yield name, value.strip()


def _keep(group: dict[str, str], found: list[Recipient]) -> None:
    if not group.keys() & {"final-recipient", "original-recipient", "action", "status"}:
        return
    status = STATUS.search(group.get("status", ""))
    one = Recipient(
        original=address_in(group.get("original-recipient", "")),
        final=address_in(group.get("final-recipient", "")),
        action=group.get("action", "").partition("(")[0].strip().lower(),
        status=status[0] if status else "",
        diagnostic=_words(group.get("diagnostic-code", "")),
    )
    last = found[-1] if found else None
    if last and not (one.final or one.original) and not last.action:
        found[-1] = Recipient(
            last.original,
            last.final,
            one.action,
            one.status or last.status,
            one.diagnostic or last.diagnostic,
        )
        return
    found.append(one)


def _words(diagnostic: str) -> str:
    kind, told, rest = diagnostic.partition(";")
    return (
        rest.strip() if told and len(kind) < 30 and " " not in kind.strip() else diagnostic.strip()
    )


def address_in(field: str) -> str:
    """The address of a `Final-Recipient`; empty: there is none that a mail can be sent to.

    An original recipient may come as `xtext` (RFC 3461 section 4): `anna+40shop.example`.
    """
    bare = _TYPED.sub("", field[:1000], count=1).strip().strip("<>\"' ")
    if "@" not in bare:
        bare = _XTEXT.sub(lambda code: chr(int(code[1], 16)), bare)
    found = _ADDRESS.search(bare)
    return found[0].strip(".") if found else ""
