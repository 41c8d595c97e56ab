"""Composing mails: each for one person, in their language and by their clock.

A mail says who did what, where the matter stands, what was said, and leads to the very place.
Files are named and linked, not enclosed: they are reached only through the ticket.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formataddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from parley.conversations.access import attachments_visible_to
from parley.conversations.models import Message
from parley.conversations.rendering import render
from parley.notifications import addresses
from parley.notifications.access import Sight
from parley.notifications.folding import folded, one_line
from parley.notifications.mail_templates import fill
from parley.notifications.message_ids import notice_message_id, references
from parley.notifications.models import Kind, Notice
from parley.notifications.subjects import Subject, key_of, subject_of
from parley.notifications.wording import sentence
from parley.notifications.zones import zone_of
from parley.parties.models import Membership, PartyKind, Person


def compose(notice: Notice, sight: Sight) -> EmailMultiAlternatives:
    """The mail of a notice, with what its person may see of it (`access.sight_of`)."""
    with as_read_by(sight.reader.person):
        subject = subject_of(notice, sight)
        number, title = subject.name
        return letter(
            sight.reader.person,
            subject=f"[{number}] {title}" if number else title,
            template="notice",
            context=_context(notice, sight, subject),
            headers=_headers(notice),
        )


@contextmanager
def as_read_by(person: Person) -> Iterator[None]:
    """In the person's language and time zone."""
    zone = timezone.override(zone_of(person.time_zone))
    with translation.override(person.language), zone:
        yield


def letter(
    person: Person,
    *,
    subject: str,
    template: str,
    context: dict[str, Any],
    headers: dict[str, str],
) -> EmailMultiAlternatives:
    """A mail to the person: `template` as plain text and as HTML.

    Nothing that people typed can add a header: line breaks are taken out of what goes into one.
    """
    everywhere = {
        "language": translation.get_language(),
        "settings_at": addresses.settings_address(),
    }
    mail = EmailMultiAlternatives(
        subject=one_line(subject, most=250),
        body=fill(f"{template}.txt", everywhere | context),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[formataddr((one_line(person.name, most=100), person.mailbox))],
        # Exchange would answer with "out of office" to what is no letter.
        headers={"X-Auto-Response-Suppress": "OOF, AutoReply", **headers},
    )
    mail.attach_alternative(fill(f"{template}.html", everywhere | context), "text/html")
    return mail


def one_click(unsubscribe_at: str) -> dict[str, str]:
    """The headers that let a mail client unsubscribe with one click (RFC 8058)."""
    return {
        "List-Unsubscribe": f"<{unsubscribe_at}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


def _headers(notice: Notice) -> dict[str, str]:
    refers_to = references(notice)
    headers = {
        "Message-ID": notice_message_id(notice.pk, key_of(notice)),
        "In-Reply-To": refers_to[-1],
        "References": " ".join(refers_to),
        **one_click(addresses.unsubscribe_address(notice.person_id, notice.kind)),
    }
    if notice.message_id is None:
        # No person has written this (RFC 3834): a clock, a completion, an assignment.
        headers["Auto-Submitted"] = "auto-generated"
    return headers


def _context(notice: Notice, sight: Sight, subject: Subject) -> dict[str, Any]:
    return {
        "sentence": sentence(notice),
        "subject": subject,
        **_said(sight),
        "unsubscribe_at": addresses.unsubscribe_address(notice.person_id, notice.kind),
        "why": _why(notice, sight.reader),
        "how_to_answer": _how_to_answer(sight.reader) if subject.answerable else "",
    } | ({"settings_at": ""} if is_visitor(sight.reader) else {})


def is_visitor(reader: Membership) -> bool:
    """Whether they have no pages here: nothing but the messenger, on the site where they asked."""
    return reader.party.kind == PartyKind.VISITOR


def _how_to_answer(reader: Membership) -> str:
    if is_visitor(reader):
        return _(
            "Answer in the messenger, in the browser in which you asked: a reply to this mail does"
            " not arrive there."
        )
    return _("Please answer on the ticket's page: a reply to this mail does not arrive there.")


def _said(sight: Sight) -> dict[str, Any]:
    message = sight.message
    if message is None:
        return {"text": "", "html": "", "is_cut": False, "files": []}
    text, is_cut = folded(message.text)
    return {
        "text": text,
        "html": render(text) if is_cut else message.html,
        "is_cut": is_cut,
        "files": _files(sight.reader, message),
    }


def _files(reader: Membership, message: Message) -> list[dict[str, str]]:
    if not message.attached:
        return []
    files = attachments_visible_to(reader, message.conversation_id).filter(message=message)
    return [
        {
            "name": one_line(file.name),
            "size": filesizeformat(file.size),
            "at": "" if is_visitor(reader) else addresses.attachment_address(file.pk),
        }
        for file in files.order_by("created_at")
    ]


def _why(notice: Notice, reader: Membership) -> str:
    if is_visitor(reader):
        return _("You are told because you asked in the messenger.")
    return _("You are told because you act for %(party)s, and want mails about: %(kind)s.") % {
        "party": reader.party.name,
        "kind": Kind(notice.kind).label,
    }
