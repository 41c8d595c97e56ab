"""The steps of a test of mail servers, and what is wrong with a mailbox, in words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from parley.mailboxes.keeping import Step
from parley.transfer.troubles import Trouble, in_words

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
_TROUBLES = {
    Trouble.CONNECTION_REFUSED: gettext_lazy(
        "The machine is there, but nothing answers at this port. Mail is read at 993 or 143 as a rule, and "
        "sent at 587 or 465."
    ),
    Trouble.TIMED_OUT: gettext_lazy(
        "The server did not answer in time. A firewall may be in the way, the port may be another, or the "
        "server expects TLS from the start there."
    ),
    Trouble.OTHER_LANGUAGE: gettext_lazy(
        "Something answers at this port, but it is no such mail server. Check the port and the encryption."
    ),
    Trouble.NO_TLS: gettext_lazy(
        "The server does not offer this encryption at this port. TLS from the start is at 993 (IMAP) and 465 "
        "(SMTP) as a rule, STARTTLS at 143 and 587."
    ),
    Trouble.CERTIFICATE_UNTRUSTED: gettext_lazy(
        "The server's certificate does not hold: it is for another name, has run out, or nobody known "
        "vouches for it. Write the server's name as its certificate does. An authority of your own is named "
        "by SSL_CERT_FILE on the machine that this site runs on."
    ),
    Trouble.SIGN_IN_REFUSED: gettext_lazy(
        "The server does not know this user with this password. Many providers want an app password here, "
        "not the one that people sign in with."
    ),
}
"""What else than in an export is done about it."""


def step_words(name: str) -> str:
    """What a step of a test is called."""
    return str(_STEPS.get(name, name))


def found_words(step: Step) -> str:
    """What a step found: what went wrong, or what is worth knowing; empty where it is neither."""
    if not step.ok:
        return trouble_words(step.trouble)
    if step.words_code == "no_idle":
        return _(
            "The server does not offer it. It is asked for new mail every half minute instead."
        )
    if step.words_code == "not_encrypted":
        return _(
            "Nothing is encrypted: whoever is on the way can read passwords and mails. Only for a server on "
            "this very machine."
        )
    if step.name == "imap_folder" and step.value.isdigit():
        number = int(step.value)
        return ngettext("%(num)s mail lies in it.", "%(num)s mails lie in it.", number) % {
            "num": number
        }
    return step.value


def trouble_words(kept: dict[str, Any]) -> str:
    """What is wrong with a mailbox, as it keeps it; empty for nothing."""
    return in_words(kept, _TROUBLES)
