"""The steps of a test of mail servers, and what is wrong with a mailbox, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parley.mailboxes.keeping import Step
from parley.transfer.troubles import in_words

_STEPS = {
    "token": gettext_lazy("The token to sign in with (OAuth)"),
    "imap_connection": gettext_lazy("Reaching the server that is read (IMAP)"),
    "imap_tls": gettext_lazy("Its encryption"),
    "imap_sign_in": gettext_lazy("Signing in to read"),
    "imap_folder": gettext_lazy("The folder"),
    "imap_idle": gettext_lazy("Being told of new mail at once (IDLE)"),
    "smtp_connection": gettext_lazy("Reaching the server that sends (SMTP)"),
    "smtp_tls": gettext_lazy("Its encryption"),
    "smtp_sign_in": gettext_lazy("Signing in to send"),
}


def step_words(name: str) -> str:
    """What a step of a test is called."""
    return str(_STEPS.get(name, name))


def found_words(step: Step) -> str:
    """What a step found: what went wrong, or what is worth knowing; empty where it is neither."""
    if not step.ok:
        return step.words
    if step.words_code == "no_idle":
        return _(
            "The server does not offer it. It is asked for new mail every half minute instead."
        )
    if step.words_code == "not_encrypted":
        return _("Passwords and mails go over the network as they are. Only on this very machine.")
    if step.name == "imap_folder" and step.value.isdigit():
        number = int(step.value)
        return ngettext("%(num)s mail lies in it.", "%(num)s mails lie in it.", number) % {
            "num": number
        }
    return step.value


def trouble_words(kept: dict[str, Any]) -> str:
    """What is wrong with a mailbox, as it keeps it; empty for nothing."""
    return in_words(kept)
