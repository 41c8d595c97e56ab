"""Mails that come back: an address that nobody has is written to no more, until somebody says otherwise.

A server says so while it is handed the mail, or a mail comes back later (a delivery report, or a
provider's word). Anybody can write something that looks like one, and would silence a person so: it
counts only with the Message-ID of a mail to them that nobody but we could have made, or from a
provider that has shown who it is. Whoever was sent such a mail on has its Message-ID, too; so it counts
for some days only, for the address that it went to, and for nobody who writes from there.

What is about one mail (a full mailbox, too large, thought to be spam) is noted on that mail, and the
address stays in use. Letters about the account go out all the same: a person asked for them just now.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from parley.journal.events import Event
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.journal.recording import record
from parley.mailboxes.events import MailCameBack, MailTaken
from parley.mailboxes.message_ids import name_of
from parley.mailboxes.models import RawMail
from parley.notifications.events import AddressFailed, AddressTriedAgain
from parley.notifications.models import Fate, Mail, Undeliverable
from parley.parties.models import Membership, Person
from parley.postgres.waiting import one_at_a_time

ABOUT_THE_MAIL = re.compile(r"\d\.(?:2\.[2-4]|3\.\d+|4\.[1-9]\d*|6\.\d+|7\.\d+)")
"""Statuses that say nothing of the address: full, a system in trouble, the way there, content, policy."""
_NOTICE = re.compile(r"notice-([0-9]{1,18})\.", re.ASCII)
_DIGEST = re.compile(r"digest-([0-9]{1,18})\.", re.ASCII)
LONGEST_WORDS = 1000
COMES_BACK_WITHIN = timedelta(days=10)
"""Servers try for four or five days, at the most (RFC 5321, 4.5.4.1)."""
PROVEN = ("token", "dkim", "dmarc")
"""By what a mail's sender is known to have written it (`RawMail.verified`)."""


class MayNotTryAgain(PermissionError):
    """An address is tried again when its person asks for it, or the operator's people."""


def can_be_reached(person: Person) -> bool:
    """Whether notices are mailed to the person: they have a mailbox, and mails don't come back from it."""
    return bool(person.mailbox) and not person.is_out_of_reach


def undeliverable_visible_to(reader: Membership) -> QuerySet[Undeliverable]:
    """The addresses that mails come back from, the latest first, each with its person.

    The operator's people see all of them, everybody else their own.
    """
    rows = Undeliverable.objects.filter(cleared_at=None).select_related("person").order_by("-pk")
    return rows if reader.is_operator else rows.filter(person_id=reader.person_id)


def note_bounce(event: Event, entry: Entry) -> None:
    """React to a mail of ours that came back."""
    assert isinstance(event, MailCameBack)
    mails = _mails_about(event.about)
    person = _person(event, mails)
    if person is None or not event.permanent or _has_arrived(event, mails, person):
        return
    _mark(mails, _in_words(event.status, event.words))
    is_another = event.named and person.pk not in event.people
    if is_another or ABOUT_THE_MAIL.fullmatch(event.status):
        return
    _lose(person, person.mailbox, event.status, event.words)


def note_sign_of_life(event: Event, entry: Entry) -> None:
    """React to a mail that came in: where it is from, somebody is."""
    assert isinstance(event, MailTaken)
    mails = RawMail.objects.filter(pk=event.mail, verified__in=PROVEN).select_related("person")
    mail = mails.first()
    if mail is None or mail.person is None or not mail.person.is_out_of_reach:
        return
    lost = Undeliverable.objects.filter(
        person=mail.person, address=mail.sender, cleared_at=None, at__lte=mail.received_at
    )
    for pk in list(lost.values_list("pk", flat=True)):
        _take_up_again(pk, by=None)


def came_back(mails: Sequence[Mail], status: str, words: str) -> None:
    """Note that a server refused these mails of one person, since nobody is at the address."""
    person = mails[0].notice.person
    _mark(Mail.objects.filter(pk__in=[mail.pk for mail in mails]), words)
    _lose(person, person.mailbox, status, words)


def try_again(undeliverable_id: int, *, by: Membership) -> None:
    """Let mails go to the address again; a repeat does nothing.

    Raises Undeliverable.DoesNotExist, and MayNotTryAgain for a stranger.
    """
    row = Undeliverable.objects.get(pk=undeliverable_id)
    if row.person_id != by.person_id and not by.is_operator:
        raise MayNotTryAgain
    _take_up_again(row.pk, by=by)


def try_mine_again(*, by: Membership) -> None:
    """Let mails go to one's own address again."""
    mine = Undeliverable.objects.filter(person_id=by.person_id, cleared_at=None)
    for pk in list(mine.values_list("pk", flat=True)):
        try_again(pk, by=by)


def _take_up_again(undeliverable_id: int, *, by: Membership | None) -> None:
    with transaction.atomic():
        row = Undeliverable.objects.select_for_update().get(pk=undeliverable_id)
        if row.cleared_at is not None:
            return
        row.cleared_at = now()
        row.save(update_fields=["cleared_at"])
        still = Person.objects.filter(pk=row.person_id, mail_fails__iexact=row.address)
        still.update(mail_fails="")
        record(AddressTriedAgain(person=row.person_id, undeliverable=row.pk), by=by)


def _lose(person: Person, address: str, status: str, words: str) -> None:
    with transaction.atomic():
        one_at_a_time("undeliverable", person.pk)
        row, is_new = Undeliverable.objects.get_or_create(
            person=person,
            address=address.lower()[:320],
            cleared_at=None,
            defaults={"status": status[:20], "words": words[:LONGEST_WORDS], "at": now()},
        )
        if not is_new:
            return
        if row.address == person.mailbox.lower():
            Person.objects.filter(pk=person.pk).update(mail_fails=row.address)
        record(AddressFailed(person=person.pk, undeliverable=row.pk, status=row.status), by=None)


def _mark(mails: QuerySet[Mail], words: str) -> None:
    mails.exclude(fate=Fate.CAME_BACK).update(fate=Fate.CAME_BACK, trouble=words[:LONGEST_WORDS])


def _mails_about(message_id: str) -> QuerySet[Mail]:
    """The rows of our mail of this Message-ID: one of a notice, those of a digest, or none."""
    name = name_of(message_id)
    if found := _NOTICE.match(name):
        return Mail.objects.filter(notice=int(found[1]), message_id=f"<{name}@{_host(message_id)}>")
    if found := _DIGEST.match(name):
        return Mail.objects.filter(
            notice__person__in=Mail.objects.filter(pk=int(found[1])).values("notice__person"),
            message_id=f"<{name}@{_host(message_id)}>",
        )
    return Mail.objects.none()


def _host(message_id: str) -> str:
    return message_id.strip().strip("<>").rpartition("@")[2]


def _person(event: MailCameBack, mails: QuerySet[Mail]) -> Person | None:
    """Whom the mail was to, if it is certain that it was one of ours."""
    mail = mails.select_related("notice__person").first()
    if mail is not None:
        return mail.notice.person
    if not event.proven and not event.marked:
        return None
    return Person.objects.filter(pk__in=event.people).order_by("pk").first()


def _has_arrived(event: MailCameBack, mails: QuerySet[Mail], person: Person) -> bool:
    """Whether the mail is none that may still come back, whatever is said.

    Its person has written since, so that somebody is there; or servers have given up on it long ago.
    An answer names what it answers, to all who get a copy of it, and one of them might make this up.
    """
    mail = mails.first()
    if event.proven or mail is None or mail.sent_at is None:
        return False
    if mail.sent_at < now() - COMES_BACK_WITHIN:
        return True
    written = RawMail.objects.filter(
        person=person, verified__in=PROVEN, received_at__gte=mail.sent_at
    )
    return written.exists()


def _in_words(status: str, words: str) -> str:
    return f"It came back: {status} {' '.join(words.split())}".strip()
