"""Mails with signatures of their domain, and the names that a test's DNS knows."""

from __future__ import annotations

import base64
from functools import cache
from typing import Any

import dkim
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from parley.mailboxes.looking_up import CannotLookUp


def key_of(bits: int = 2048) -> tuple[bytes, bytes]:
    """A private key in PEM, and the record that publishes it; the same one each time."""
    return _made(bits)


@cache
def _made(bits: int) -> tuple[bytes, bytes]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=bits)
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, b"v=DKIM1; k=rsa; p=" + base64.b64encode(public)


def signed(raw: bytes, domain: str, *, bits: int = 2048, **how: Any) -> bytes:
    """The mail with a DKIM signature of the domain on top."""
    private, _ = key_of(bits)
    how.setdefault("canonicalize", (b"relaxed", b"relaxed"))
    signature = dkim.sign(raw, b"s1", domain.encode(), private, **how)
    return bytes(signature + raw)


class Names:
    """A DNS that knows what it is told, and counts what it is asked."""

    def __init__(self, **records: bytes) -> None:
        self.records = {f"s1._domainkey.{domain}.": record for domain, record in records.items()}
        self.asked: list[str] = []
        self.broken = False

    def publish(self, domain: str, record: bytes) -> None:
        self.records[f"s1._domainkey.{domain}."] = record

    def __call__(self, name: str) -> bytes | None:
        self.asked.append(name)
        if self.broken:
            raise CannotLookUp(name)
        return self.records.get(name)
