"""Sending the mails that are due.

**How exactly once.** A mail is written in the transaction that makes its notice: it is never
lost. To send it, a worker claims its row, hands the mail to the mail server, marks it sent and
commits; other workers skip a claimed row, so no two send the same mail at the same time. A
worker killed before the hand-over has sent nothing, and the mail goes out with the next one.
SMTP knows no transaction, so one gap can't be closed: killed after the server took the mail and
before the commit, it is sent again. Then it has the same Message-ID (which is kept before the
first try), by which mail servers and
clients recognise the copy and show one (the demo's folder of mails keeps one). A server that
took the mail and broke off before saying so makes the same gap.

**What it says** is what its person may see at that moment, asked again at the doors. A mail
that isn't wanted any more (read in the bell, muted, turned off, no longer allowed to be seen, or
its address is one that mails come back from) is dropped.

**When it fails**, it is tried again after 1, 2, 4 … minutes, at most six hours apart, and given
up when it is three days old. That goes for most refusals too: they are about how the server
is set up, and nobody's mail should be lost while someone mends it. Only when it says that there is
no such mailbox is the address taken for lost at once (`bouncing`). When the server itself is gone,
nothing else is tried in this round.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta

from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction

from parley.journal.moment import now
from parley.notifications.access import Sight, sight_of
from parley.notifications.bouncing import came_back, can_be_reached
from parley.notifications.choosing import wants_mail
from parley.notifications.composing import compose, message_id_of
from parley.notifications.delivering import Undelivered, connected, deliver
from parley.notifications.models import Fate, Mail, Way

BATCH = 100
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=6)
GIVEN_UP_AFTER = timedelta(days=3)

log = logging.getLogger(__name__)


def send_due(limit: int = BATCH) -> int:
    """Send up to `limit` mails that are due, over one connection; gives how many were seen to."""
    seen_to = 0
    with connected() as connection:
        while seen_to < limit and _send_next(connection):
            seen_to += 1
    return seen_to


def _send_next(connection: BaseEmailBackend) -> bool:
    """See to one mail, in a transaction of its own; False when there is no use in going on."""
    with transaction.atomic():
        mail = _claim()
        if mail is None:
            return False
        if mail.message_id or not _name(mail):
            return send([mail], lambda: _letter(mail), connection)
    # What it is called is kept before it leaves: whatever happens now, it is called the same.
    with transaction.atomic():
        named = _claim(mail.pk)
        return named is None or send([named], lambda: _letter(named), connection)


def _claim(mail_id: int | None = None) -> Mail | None:
    due = Mail.objects.filter(fate=Fate.WAITING, way=Way.AT_ONCE, next_try_at__lte=now())
    return (
        (due.filter(pk=mail_id) if mail_id else due)
        .select_for_update(of=("self",), skip_locked=True, no_key=True)
        .select_related("notice__person", "notice__actor", "notice__actor_party")
        .order_by("next_try_at", "pk")
        .first()
    )


def _name(mail: Mail) -> bool:
    """Keep what the mail is called, if it is going to be sent."""
    try:
        with transaction.atomic():
            sight = _sight(mail)
            mail.message_id = message_id_of(mail.notice, sight) if sight else ""
    except Exception:
        log.exception("A mail can't be named: %s", mail.pk)
    if mail.message_id:
        mail.save(update_fields=["message_id"])
    return bool(mail.message_id)


def _sight(mail: Mail) -> Sight | None:
    can_be_told = can_be_reached(mail.notice.person) and wants_mail(mail.notice)
    return sight_of(mail.notice) if can_be_told else None


def _letter(mail: Mail) -> EmailMessage | None:
    sight = _sight(mail)
    return compose(mail.notice, sight, mail.message_id) if sight else None


def send(
    mails: Sequence[Mail],
    write: Callable[[], EmailMessage | None],
    connection: BaseEmailBackend,
) -> bool:
    """Send the one letter that `write` makes of these claimed mails, and note what became of them.

    No letter: they are dropped. Gives False when the server is gone, so that going on is of no use.
    """
    try:
        with transaction.atomic():  # what fails in here must leave us able to note it
            letter = write()
        if letter is not None:
            deliver(letter, connection)
    except Undelivered as trouble:
        if trouble.no_such_mailbox:
            came_back(mails, trouble.no_such_mailbox, trouble.words)
        else:
            postpone(mails, trouble.words)
        return not trouble.server_is_gone
    except Exception as error:
        log.exception("Mails can't be composed: %s", [mail.pk for mail in mails])
        postpone(mails, f"It can't be composed: {error!r}")
        return True
    settle(mails, Fate.DROPPED if letter is None else Fate.SENT)
    return True


def settle(mails: Sequence[Mail], fate: Fate) -> None:
    """Nothing more is to be done about these."""
    changed: dict[str, object] = {"fate": fate}
    if fate is Fate.SENT:
        changed |= {"sent_at": now(), "trouble": ""}
    Mail.objects.filter(pk__in=[mail.pk for mail in mails]).update(**changed)


def postpone(mails: Sequence[Mail], trouble: str) -> None:
    """Try these again later, or give them up when they are too old."""
    log.warning("Mails not sent: %s", trouble, extra={"mails": [mail.pk for mail in mails]})
    for mail in mails:
        if now() - mail.created_at > GIVEN_UP_AFTER:
            mail.fate = Fate.GIVEN_UP
        mail.next_try_at = now() + min(FIRST_WAIT * 2 ** min(mail.attempts, 10), LONGEST_WAIT)
        mail.attempts += 1
        mail.trouble = trouble[:1000]
    Mail.objects.bulk_update(mails, ["fate", "next_try_at", "attempts", "trouble"])
