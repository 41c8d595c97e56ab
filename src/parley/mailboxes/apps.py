from __future__ import annotations

from django.apps import AppConfig


class MailboxesConfig(AppConfig):
    name = "parley.mailboxes"
    label = "mailboxes"
