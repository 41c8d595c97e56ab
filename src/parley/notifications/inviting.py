"""The mail of an invitation: from whom, to what, and the link, which is made as the mail is."""

from __future__ import annotations

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.utils import timezone
from django.utils.translation import gettext as _

from parley.journal.events import Event
from parley.journal.models import Entry
from parley.journal.telling_time import day_in_full
from parley.notifications import addresses
from parley.notifications.composing import as_read_by, letter
from parley.parties.events import InvitationSentAgain, PersonInvited
from parley.parties.inviting import new_link
from parley.parties.models import Invitation, Person


def send_invitation(event: Event, entry: Entry) -> None:
    """Send the mail, unless the invitation was taken back meanwhile.

    Raises what the mail server does: then it is tried again, with another link.
    """
    assert isinstance(event, PersonInvited | InvitationSentAgain)
    made = new_link(event.invitation)
    if made is not None:
        invitation, secret = made
        _mail(invitation, secret).send()


def _mail(invitation: Invitation, secret: str) -> EmailMultiAlternatives:
    reader = Person(
        email=invitation.email,
        name=invitation.name,
        language=invitation.language,
        time_zone=settings.OPERATOR_TIME_ZONE,
    )
    with as_read_by(reader):
        return letter(
            reader,
            subject=_("%(party)s invites you to Parley") % {"party": invitation.party.name},
            template="invitation",
            context={
                "name": invitation.name,
                "who": invitation.by.person.name if invitation.by else "",
                "party": invitation.party.name,
                "role": invitation.get_role_display(),
                "link": addresses.invitation_address(secret),
                "until": day_in_full(timezone.localtime(invitation.ends_at).date()),
            },
            headers={"Auto-Submitted": "auto-generated"},
        )
