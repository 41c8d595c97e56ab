"""Letters to a person about their own account: what was changed, from where, what to do about it.

A letter is named by what happened; its words are made when it is sent, in the person's language.
Nothing secret stands in one, and none is asked for by a link.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from parley.journal.moment import now
from parley.journal.telling_time import day_in_full
from parley.parties.access import person_who_signs_in
from parley.parties.models import Person
from parley.parties.signing_in import Whence
from parley.web.reader import zone_named

MAIL = "account/email/letter.txt"


@dataclass(frozen=True)
class Letter:
    """What one says: its subject, and what happened."""

    subject: str | Promise
    said: str | Promise


LETTERS: dict[str, Letter] = {
    "password_changed": Letter(
        gettext_lazy("Your password was changed"),
        gettext_lazy("The password of your account was changed. All other devices are signed out."),
    ),
    "password_reset": Letter(
        gettext_lazy("Your password was changed"),
        gettext_lazy(
            "A new password was chosen for your account, by a link that was sent to this address. "
            "All devices are signed out."
        ),
    ),
    "totp_activated": Letter(
        gettext_lazy("An authenticator app was added"),
        gettext_lazy("From now on your account asks for a code of an authenticator app."),
    ),
    "totp_deactivated": Letter(
        gettext_lazy("The authenticator app was removed"),
        gettext_lazy("Your account asks for codes of the authenticator app no more."),
    ),
    "webauthn_added": Letter(
        gettext_lazy("A passkey was added"),
        gettext_lazy("A new passkey opens your account from now on."),
    ),
    "webauthn_removed": Letter(
        gettext_lazy("A passkey was removed"),
        gettext_lazy("A passkey opens your account no more."),
    ),
    "recovery_codes_generated": Letter(
        gettext_lazy("There are new recovery codes"),
        gettext_lazy("New recovery codes were made for your account. The old ones work no more."),
    ),
    "codes_tried": Letter(
        gettext_lazy("Somebody knows your password"),
        gettext_lazy(
            "Somebody signed in with your password and then typed wrong codes for your second factor, "
            "again and again. They were not let in. If it was not you, change your password now."
        ),
    ),
}
"""By the names that allauth has for them (the last part of its templates' names), and ours."""


def send_letter(about: str, person_id: int, device: str, network: str, at: str) -> bool:
    """Send the letter `about` what happened; False when nobody signs in with that account any more.

    Raises what the mail server does.
    """
    person = person_who_signs_in(person_id)
    if person is None:
        return False
    with translation.override(person.language), timezone.override(zone_named(person.time_zone)):
        letter = LETTERS[about]
        words = {
            "name": person.name,
            "said": letter.said,
            "when": _moment(at),
            "where": device or _("an unknown device"),
            "network": network,
            "link": settings.PUBLIC_URL + reverse("account_reset_password"),
        }
        mail_to(person, str(letter.subject), render_to_string(MAIL, words))
    return True


def mail_to(person: Person, subject: str, body: str) -> None:
    """Send a letter to a person's own address. Raises what the mail server does."""
    EmailMessage(
        subject=subject,
        body=body,
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()


def about_now(whence: Whence) -> dict[str, str]:
    """When and where it happened, as `send_letter` takes it."""
    return {"device": whence.device, "network": whence.network, "at": now().isoformat()}


def _moment(at: str) -> str:
    local = timezone.localtime(datetime.fromisoformat(at))
    return f"{day_in_full(local.date())}, {local:%H:%M}"
