"""Pictures that a page of HTML carries within itself (`data:` addresses, RFC 2397)."""

from __future__ import annotations

import re

from parley.mail_parsing.transfer_encodings import decode_transfer

_DATA = re.compile(r"data:(image/[a-zA-Z0-9.+-]{1,40})((?:;[^;,\"'\s]{1,60})*),([^\"'()<>]*)")
_FEWEST = 200
"""Bytes: what is smaller is a spacer, or counts who reads."""
_MOST = 100


def take_out_pictures(html: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The page without its pictures, whose addresses become `data:,`; and those: type and content."""
    if "data:image/" not in html:
        return html, []
    found: list[tuple[str, bytes]] = []

    def taken(match: re.Match[str]) -> str:
        if ";base64" in match[2].lower() and len(found) < _MOST:
            content = decode_transfer(match[3].encode("ascii", "ignore"), "base64")
            if len(content) >= _FEWEST:
                found.append((match[1].lower(), content))
        return "data:,"

    return _DATA.sub(taken, html), found
