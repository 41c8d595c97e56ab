"""Mails as a provider brought them, byte for byte: a signature (DKIM) holds for these bytes alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Self

from anymail.inbound import AnymailInboundMessage


class RawMail(AnymailInboundMessage):  # type: ignore[misc]  # it has no types
    """A mail that knows its bytes in `raw`; empty where the provider brings it in pieces."""

    raw = b""

    @classmethod
    def parse_raw_mime(cls, s: str) -> Self:
        """From text that `bodies` made of a form; letters that are no UTF-8 become bytes again."""
        return cls.parse_raw_mime_bytes(s.encode("utf-8", "surrogateescape"))

    @classmethod
    def parse_raw_mime_bytes(cls, b: bytes) -> Self:
        """From bytes."""
        made: Self = super().parse_raw_mime_bytes(b)
        made.raw = b if b"\r\n" in b else b.replace(b"\n", b"\r\n")
        return made

    @classmethod
    def parse_raw_mime_chunks(cls, chunks: Iterable[bytes]) -> Self:
        """From bytes that come one after the other."""
        return cls.parse_raw_mime_bytes(b"".join(chunks))


def kept_by(module: Any) -> None:
    """Have a module of django-anymail's webhooks make such mails."""
    if hasattr(module, "AnymailInboundMessage"):
        module.AnymailInboundMessage = RawMail
