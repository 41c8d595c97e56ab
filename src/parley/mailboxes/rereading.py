"""What a mail that is kept means, found out anew: for the pages on which somebody looks at it."""

from __future__ import annotations

from parley.mail_parsing.understanding import understand
from parley.mail_parsing.understood import Understood
from parley.mailboxes.models import RawMail
from parley.mailboxes.storing import MailGone, bytes_of


def meaning_of(mail: RawMail) -> Understood | None:
    """What a mail means; None when its bytes are kept no longer, or can't be had now."""
    try:
        return understand(bytes_of(mail))
    except (MailGone, OSError):
        return None
