"""The digest: once a day, at eight by the reader's clock, one mail of what happened.

Its mails are rows that come due at the reader's next eight o'clock (`choosing.next_digest`), so
a worker that sleeps at eight sends them when it wakes. All of a person are claimed together,
under one lock: never two digests of a day. What a digest is called is kept with its mails before it is
first handed over; tried again, it has the same name and nothing new in it. How exactly once stands
in `mailing.py`.
"""

from __future__ import annotations

from django.core.mail.backends.base import BaseEmailBackend
from django.db import connection as database
from django.db import transaction
from django.db.models import QuerySet

from parley.journal.moment import now
from parley.notifications.access import Sight, sight_of
from parley.notifications.bouncing import can_be_reached
from parley.notifications.choosing import wants_mail
from parley.notifications.composing_digest import compose_digest
from parley.notifications.delivering import connected
from parley.notifications.mailing import send, settle
from parley.notifications.message_ids import digest_message_id
from parley.notifications.models import Fate, Mail, Way


def send_digests() -> int:
    """Send every digest that is due, over one connection; gives for how many people one was."""
    people = list(_due().order_by().values_list("notice__person", flat=True).distinct())
    with connected() as connection:
        for person_id in people:
            if not _send_digest(person_id, connection):
                break
    return len(people)


def _send_digest(person_id: int, connection: BaseEmailBackend) -> bool:
    """Send one person's digest, unless another worker does; False when the server is gone."""
    with transaction.atomic():
        message_id = _name(person_id) if _is_mine(person_id) else ""
    if not message_id:
        return True
    # What it is called, and what is in it, is kept before it leaves: whatever happens now.
    with transaction.atomic():
        return not _is_mine(person_id) or _send_named(person_id, message_id, connection)


def _name(person_id: int) -> str:
    """What the person's next digest is called; one that was tried before goes as it was, by itself."""
    due = _due().filter(notice__person=person_id).order_by("pk")
    before = due.exclude(message_id="").values_list("message_id", flat=True).first()
    if before:
        return before
    mails = list(due.select_related("notice__person"))
    if not mails:
        return ""
    message_id = digest_message_id(mails)
    Mail.objects.filter(pk__in=[mail.pk for mail in mails]).update(message_id=message_id)
    return message_id


def _send_named(person_id: int, message_id: str, connection: BaseEmailBackend) -> bool:
    mails = list(
        Mail.objects.filter(
            fate=Fate.WAITING,
            way=Way.DIGEST,
            notice__person=person_id,
            message_id=message_id,
        )
        .select_for_update(of=("self",), no_key=True)
        .select_related("notice__person", "notice__actor", "notice__actor_party")
        .order_by("pk")
    )
    sights = {mail.pk: _sight(mail) for mail in mails}
    settle([mail for mail in mails if not sights[mail.pk]], Fate.DROPPED)
    seen = [(mail.notice, sight) for mail in mails if (sight := sights[mail.pk])]
    if not seen:
        return True
    to_send = [mail for mail in mails if sights[mail.pk]]
    return send(to_send, lambda: compose_digest(seen, message_id), connection)


def _due() -> QuerySet[Mail]:
    return Mail.objects.filter(fate=Fate.WAITING, way=Way.DIGEST, next_try_at__lte=now())


def _is_mine(person_id: int) -> bool:
    """Whether no other worker is at this person's digest; none will be until this commits."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"digest:{person_id}"]
        )
        row = cursor.fetchone()
    return bool(row and row[0])


def _sight(mail: Mail) -> Sight | None:
    can_be_told = can_be_reached(mail.notice.person) and wants_mail(mail.notice)
    return sight_of(mail.notice) if can_be_told else None
