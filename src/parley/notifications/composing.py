"""Composing mails: each for one person, in their language and by their clock.

A mail says who did what, where the matter stands, what was said, and leads to the very place.
Small files go along, the others are linked (`enclosing`). It comes from the desk in the name of whoever
wrote: nobody's own address is told to anybody.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formataddr, parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.defaultfilters import filesizeformat
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from parley.conversations.access import attachments_visible_to
from parley.conversations.models import Attachment
from parley.conversations.rendering import render
from parley.messenger.access import has_messenger
from parley.notifications import addresses
from parley.notifications.access import Sight
from parley.notifications.answering import answer_of, how_to_answer, is_visitor
from parley.notifications.enclosing import enclosure, to_enclose
from parley.notifications.folding import folded, one_line
from parley.notifications.mail_templates import fill
from parley.notifications.message_ids import notice_message_id, references
from parley.notifications.models import Kind, Notice
from parley.notifications.subjects import Subject, subject_of
from parley.notifications.unfolding import Letter
from parley.notifications.wording import sentence, who_did
from parley.notifications.zones import zone_of
from parley.parties.access import operator
from parley.parties.models import Membership, Person


def compose(notice: Notice, sight: Sight, message_id: str = "") -> EmailMultiAlternatives:
    """The mail of a notice, with what its person may see of it (`access.sight_of`).

    `message_id` is what it was called when it was tried before.
    """
    answer = answer_of(sight)
    with as_read_by(sight.reader.person):
        subject = subject_of(notice, sight)
        number, title = subject.name
        files = _files_of(sight)
        enclosed = to_enclose(files, are_linked=bool(subject.at) and not is_visitor(sight.reader))
        mail = letter(
            sight.reader.person,
            subject=f"[{number}] {title}" if number else title,
            template="notice",
            context=_context(notice, sight, subject)
            | {
                "how_to_answer": how_to_answer(sight, answer),
                "files": [_file(sight.reader, file, file in enclosed) for file in files],
            },
            headers=_headers(
                notice, message_id or notice_message_id(notice, answer and answer.row)
            ),
            sender=_sender(notice, sight),
            reply_to=answer.to if answer else "",
        )
        for file in enclosed:
            mail.attach(enclosure(file))
        return mail


def message_id_of(notice: Notice, sight: Sight) -> str:
    """What the mail of a notice is called; the address that its answers go to is made with it."""
    answer = answer_of(sight)
    return notice_message_id(notice, answer and answer.row)


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
    sender: str = "",
    reply_to: str = "",
) -> EmailMultiAlternatives:
    """A mail to the person: `template` as plain text and as HTML.

    In the name of `sender`, if one is given, and answered at the address `reply_to`. Nothing that
    people typed can add a header: line breaks are taken out of what goes into one.
    """
    everywhere = {
        "language": translation.get_language(),
        "settings_at": addresses.settings_address(),
    }
    mail = Letter(
        subject=one_line(subject, most=250),
        body=fill(f"{template}.txt", everywhere | context),
        from_email=_from(sender),
        reply_to=[formataddr((_place(), reply_to))] if reply_to else [],
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


def _from(sender: str) -> str:
    """The address this site writes from, in the name of `sender`."""
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((one_line(sender, most=150) or name, address))


def _place() -> str:
    """How the marketplace is called in mail clients."""
    return one_line(operator().name, most=100)


def _sender(notice: Notice, sight: Sight) -> str:
    """In whose name it comes: that of the person who wrote what it tells of; empty: the desk's."""
    if sight.message is None or sight.message.person_id is None or notice.actor_id is None:
        return ""
    return _("%(who)s via %(place)s") % {"who": who_did(notice), "place": _place()}


def _headers(notice: Notice, message_id: str) -> dict[str, str]:
    refers_to = references(notice)
    headers = {
        "Message-ID": message_id,
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
        **_said(sight, has_page=bool(subject.at)),
        "unsubscribe_at": addresses.unsubscribe_address(notice.person_id, notice.kind),
        "why": _why(notice, sight.reader),
    } | ({"settings_at": ""} if is_visitor(sight.reader) else {})


def _said(sight: Sight, *, has_page: bool) -> dict[str, Any]:
    message = sight.message
    if message is None:
        return {"text": "", "html": "", "is_cut": False}
    # Whoever has no page to read the rest on gets all of it.
    text, is_cut = folded(message.text) if has_page else (message.text, False)
    return {"text": text, "html": render(text) if is_cut else message.html, "is_cut": is_cut}


def _files_of(sight: Sight) -> list[Attachment]:
    message = sight.message
    if message is None or not message.attached:
        return []
    files = attachments_visible_to(sight.reader, message.conversation_id).filter(message=message)
    return list(files.order_by("created_at", "pk"))


def _file(reader: Membership, file: Attachment, enclosed: bool) -> dict[str, Any]:
    return {
        "name": one_line(file.name),
        "size": filesizeformat(file.size),
        "at": "" if is_visitor(reader) else addresses.attachment_address(file.pk),
        "enclosed": enclosed,
    }


def _why(notice: Notice, reader: Membership) -> str:
    if is_visitor(reader) and not has_messenger(reader):
        return _("You are told because you wrote to us.")
    if is_visitor(reader):
        return _("You are told because you asked in the messenger.")
    return _("You are told because you act for %(party)s, and want mails about: %(kind)s.") % {
        "party": reader.party.name,
        "kind": Kind(notice.kind).label,
    }
