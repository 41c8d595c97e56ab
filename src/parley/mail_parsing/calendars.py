"""Invitations (iCalendar, RFC 5545): what they say, for a mail that has no words of its own."""

from __future__ import annotations

import re

_UNFOLDED = re.compile(r"\r?\n[ \t]")
_LINE = re.compile(
    r"^([A-Za-z-]{1,40})((?:;[^:\"\n]*(?:\"[^\"\n]*\"[^:\"\n]*)*)?):(.*)$", re.MULTILINE
)
_MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(?:\d\d)?(Z)?)?$")
_ZONE = re.compile(r'TZID="?([^";:]{1,80})')
_ESCAPED = re.compile(r"\\([nN,;\\])")
_LONGEST = 200_000


def text_of_invitation(calendar: str) -> str:
    """Title, time, place and description of its first event, a line each; empty: it has none."""
    plain = _UNFOLDED.sub("", calendar[:_LONGEST])
    begin = plain.upper().find("BEGIN:VEVENT")
    if begin < 0:
        return ""
    end = plain.upper().find("END:VEVENT", begin)
    said: dict[str, tuple[str, str]] = {}
    for line in _LINE.finditer(plain, begin, end if end >= 0 else len(plain)):
        said.setdefault(line[1].upper(), (line[2], line[3].strip()))
    times = " – ".join(filter(None, (_moment(said.get(name)) for name in ("DTSTART", "DTEND"))))
    lines = [_plain(said, "SUMMARY"), times, _plain(said, "LOCATION")]
    head = "\n".join(filter(None, lines))
    return "\n\n".join(filter(None, (head, _plain(said, "DESCRIPTION"))))


def _plain(said: dict[str, tuple[str, str]], name: str) -> str:
    _, value = said.get(name, ("", ""))
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()


def _moment(said: tuple[str, str] | None) -> str:
    if not said or not (match := _MOMENT.match(said[1])):
        return ""
    day = f"{match[1]}-{match[2]}-{match[3]}"
    if match[4] is None:
        return day
    zone = _ZONE.search(said[0])
    where = " UTC" if match[6] else f" ({zone[1]})" if zone else ""
    return f"{day} {match[4]}:{match[5]}{where}"
