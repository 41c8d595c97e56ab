"""Text signed by PGP in place: the words without their armour (RFC 4880 7, RFC 9580 7)."""

from __future__ import annotations

import re

_SIGNED = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----[ \t]*\n(?:[A-Za-z-]{1,40}: [^\n]*\n)*[ \t]*\n?",
    re.MULTILINE,
)
_SIGNATURE = re.compile(r"^-----BEGIN PGP SIGNATURE-----[ \t]*$", re.MULTILINE)
_END = re.compile(r"^-----END PGP SIGNATURE-----[ \t]*\n?", re.MULTILINE)
_DASHED = re.compile(r"^- ", re.MULTILINE)
ENCRYPTED = "-----BEGIN PGP MESSAGE-----"


def without_armour(text: str) -> tuple[str, str]:
    """The text without the armour of its first signature, and the signature block; linear."""
    begin = _SIGNED.search(text) if "-----BEGIN PGP SIGNED" in text else None
    if not begin:
        return text, ""
    signature = _SIGNATURE.search(text, begin.end())
    if not signature:
        return text, ""
    end = _END.search(text, signature.end())
    stop = end.end() if end else len(text)
    signed = _DASHED.sub("", text[begin.end() : signature.start()])
    return text[: begin.start()] + signed + text[stop:], text[signature.start() : stop].strip()
