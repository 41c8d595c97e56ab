"""What the addresses of mailboxes can name: the operator's one, which is read and compared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from cast import Cast
from parley.journal.moment import now
from parley.mailboxes.models import Mailbox
from parley.mailboxes.reconciling import Held

ADDRESS = "support@market.example"


def mailboxed(cast: Cast) -> dict[str, Callable[[str], str]]:
    """The words of those addresses."""
    return {"<int:mailbox>": lambda name: str(mailbox().pk)}


def mailbox(**more: Any) -> Mailbox:
    """The operator's mailbox: read by IMAP, sent through, and compared an hour ago."""
    held = Held(held=7, taken=5, skipped={"before": 1}, missing=1,
                named=[{"uid": 12, "size": 2048, "at": now().isoformat()}])  # fmt: skip
    filled: dict[str, Any] = {
        "name": "Market support",
        "imap_host": "mail.market.example",
        "imap_user": "support",
        "smtp_host": "mail.market.example",
        "smtp_user": "support",
        "secrets": {"imap_password": "hush-in", "smtp_password": "hush-out"},
        "sends": True,
        "connected_at": now() - timedelta(hours=2),
        "held": vars(held),
        "held_at": now() - timedelta(hours=1),
    }
    made, _new = Mailbox.objects.get_or_create(address=ADDRESS, defaults=filled | more)
    return made
