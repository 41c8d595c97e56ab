"""Mails whose Message-ID and In-Reply-To stand on one line, however long.

Lines are folded after 78 characters, and with a token in it a Message-ID is longer. Folded, it begins on
the second line of its header: which is allowed (RFC 5322, 2.2.3), and lost by some servers and clients.
"""

from __future__ import annotations

from email.header import Header
from email.message import Message
from typing import Any

from django.core.mail import EmailMultiAlternatives

ON_ONE_LINE = ("Message-ID", "In-Reply-To")
LONGEST_LINE = 998
"""Characters of a line, at the most (RFC 5322, 2.1.1)."""


class Letter(EmailMultiAlternatives):
    """A mail as plain text and HTML, as above."""

    def message(self, **kwargs: Any) -> Any:
        """The mail as it goes out."""
        made = super().message(**kwargs)
        for name in ON_ONE_LINE:
            if (value := made[name]) is not None:
                del made[name]
                # Past Django, which makes a string of it: it has looked for line breaks already.
                Message.__setitem__(made, name, _OneLine(str(value)))
        return made


class _OneLine(Header):
    def encode(self, *args: Any, **kwargs: Any) -> str:
        return super().encode(*args, **kwargs | {"maxlinelen": LONGEST_LINE})
