"""What lists show of a mail: who sent it, about what, under which Message-ID."""

from __future__ import annotations

from parley.conversations.typed import typed, typed_line
from parley.mail_parsing.understood import Understood
from parley.mailboxes.models import RawMail
from parley.recognition.pin import candidates, masked

LONGEST_SUBJECT, LONGEST_SENDER, LONGEST_ID = 300, 320, 998


def sender_of(understood: Understood) -> str:
    """The address it says it is from, in lower case; empty if it says none."""
    return typed(understood.sender.address).strip().lower() if understood.sender else ""


def note(mail: RawMail, understood: Understood) -> None:
    """Keep what lists show of a mail. What is called a PIN in its subject is masked."""
    subject = typed_line(understood.subject)
    named = [one for one in candidates(subject) if one.named]
    mail.subject = masked(subject, named)[:LONGEST_SUBJECT]
    mail.sender = sender_of(understood)[:LONGEST_SENDER]
    mail.message_id = typed_line(understood.message_id)[:LONGEST_ID]
    mail.save(update_fields=["subject", "sender", "message_id"])
