"""What the same mail has over every way it comes, and whatever mailbox it is found in again."""

from __future__ import annotations

import hashlib
import json
import uuid

from parley.mail_parsing.understood import Understood

_NAMES = uuid.UUID("6b1f9a54-33a0-5d0e-9a44-5a1f3c2b7d10")


def identity_of(understood: Understood, sha256: str = "") -> str:
    """64 hexadecimal digits of who wrote what, when, with which files.

    A Message-ID that is used again for something else makes another one. `sha256`, of the bytes,
    tells those apart that have neither Message-ID nor date: two of these may say the same.
    """
    is_bare = not understood.message_id and understood.date is None
    said = [
        understood.message_id,
        understood.sender.address.lower() if understood.sender else "",
        understood.date.isoformat() if understood.date else "",
        understood.subject,
        understood.text,
        understood.folded,
        understood.signature,
        sorted(hashlib.sha256(file.content).hexdigest() for file in understood.files),
        sha256 if is_bare else "",
    ]
    whole = json.dumps(said, ensure_ascii=True)
    return hashlib.sha256(whole.encode()).hexdigest()


def submit_key_of(identity: str) -> uuid.UUID:
    """The key by which what a mail says is said once."""
    return uuid.uuid5(_NAMES, identity)
