"""A new password for somebody who has forgotten theirs: the mail with the link."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from parley.parties.access import memberships_by_email
from parley.parties.models import Person

MAIL = "account/email/password_reset.txt"


def send_reset_link(email: str) -> bool:
    """Send the link to whoever signs in with this address; False when that is nobody.

    Raises what the mail server does.
    """
    membership = memberships_by_email([email.lower()]).first()
    if membership is None:
        return False
    with translation.override(membership.person.language):
        _letter(membership.person).send()
    return True


def _letter(person: Person) -> EmailMessage:
    words = {"name": person.name, "link": _link(person)}
    return EmailMessage(
        subject=_("A new password for Parley"),
        body=render_to_string(MAIL, words),
        to=[person.email],
        headers={"Auto-Submitted": "auto-generated"},
    )


def _link(person: Person) -> str:
    # Made of the site's own address: the one a browser claims to ask could be anybody's.
    key = default_token_generator.make_token(person)
    path = reverse("account_reset_password_from_key", args=[user_pk_to_url_str(person), key])
    return f"{settings.PUBLIC_URL}{path}"
