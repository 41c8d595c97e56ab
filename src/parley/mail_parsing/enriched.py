"""Text/enriched (RFC 1896) as plain text: without its commands."""

from __future__ import annotations

import re

_PARAMETER = re.compile(r"<param>[^<]{0,2000}</param>", re.IGNORECASE)
_COMMAND = re.compile(r"<(?!<)/?[A-Za-z0-9-]{1,60}>")
_BREAKS = re.compile(r"\n(\n*)")


def plain_of_enriched(text: str) -> str:
    """A single line end is a space, n of them are n - 1; `<<` is a `<`."""
    literal = text.replace("<<", "\x01")
    plain = _COMMAND.sub("", _PARAMETER.sub("", literal))
    return _BREAKS.sub(lambda found: found[1] or " ", plain).replace("\x01", "<")
