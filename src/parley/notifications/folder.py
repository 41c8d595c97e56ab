"""Mails into a folder instead of to people: for the demo, and wherever no mail server is set."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from parley.journal.moment import now

KEPT = 500
"""Mails in the folder: the latest are kept."""
SWEPT_EVERY = 50
"""Files above KEPT before the folder is swept."""
UNFINISHED_FOR = 3600
"""Seconds until a file that a killed process left half written is swept away."""


class FolderBackend(BaseEmailBackend):
    """Writes each mail to `settings.MAIL_FOLDER` as an .eml file, whole or not at all.

    A file is named for its moment and its Message-ID; a mail that is sent again takes the place of
    its first copy, as it would in a mail client. Raises OSError when the folder can't be written.
    """

    def __init__(self, fail_silently: bool = False, **kwargs: Any) -> None:
        super().__init__(fail_silently=fail_silently, **kwargs)
        self.folder = Path(settings.MAIL_FOLDER)

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write them; gives how many were."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for mail in email_messages:
            self._write(mail)
        self._sweep()
        return len(email_messages)

    def _write(self, mail: EmailMessage) -> None:
        message = mail.message()
        mark = hashlib.sha256(str(message["Message-ID"]).encode()).hexdigest()[:16]
        name = f"{now():%Y%m%dT%H%M%S%f}-{mark}.eml"
        unfinished = self.folder / f".{os.getpid()}-{name}"
        copies = list(self.folder.glob(f"*-{mark}.eml"))
        try:
            with unfinished.open("xb") as file:
                file.write(message.as_bytes())
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.folder / name)
        finally:
            unfinished.unlink(missing_ok=True)
        for copy in copies:
            if copy.name != name:
                copy.unlink(missing_ok=True)

    def _sweep(self) -> None:
        mails = sorted(self.folder.glob("*.eml"))
        if len(mails) > KEPT + SWEPT_EVERY:
            for old in mails[:-KEPT]:
                old.unlink(missing_ok=True)
        for unfinished in self.folder.glob(".*.eml"):
            if _age(unfinished) > UNFINISHED_FOR:
                unfinished.unlink(missing_ok=True)


def _age(path: Path) -> float:
    try:
        return time.time() - path.stat().st_mtime
    except FileNotFoundError:
        return 0
