"""The signature that shops put on their webhooks: base64 of HMAC-SHA256 over the raw body."""

from __future__ import annotations

import base64
import hashlib
import hmac


def signature_of(body: bytes, secret: str) -> str:
    """The signature of a body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def is_signed(body: bytes, secret: str, signature: str) -> bool:
    """Whether the signature is that of the body; compared in constant time. No secret: never."""
    if not secret or not signature:
        return False
    return hmac.compare_digest(signature_of(body, secret).encode(), signature.strip().encode())
