"""`parley mail take`: mails from files, folders and mbox files, taken in as if they had come now."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from typing import TYPE_CHECKING

from parley.site.cli.database import at_hand
from parley.site.cli.mail_files import mails_in
from parley.site.environment import environment
from parley.site.supervising import CannotRun

if TYPE_CHECKING:
    from parley.mailboxes.models import Mailbox, RawMail


def take(chosen: argparse.Namespace) -> int:
    """Take the mails in, one after the other, and say of each what became of it.

    The exit code is 1 where one of the places can't be read, or a mail is too large.
    """
    with at_hand(environment()):
        import django

        django.setup()
        return _take_all(chosen.places, _mailbox(chosen.mailbox))


def _take_all(places: list[str], box: Mailbox | None) -> int:
    outcomes: Counter[str] = Counter()
    for place in places:
        try:
            for name, raw in mails_in(place, unmarked=True):
                outcomes[_take_one(name, raw, box)] += 1
        except OSError as trouble:
            print(f"parley: {trouble.filename or place}: {trouble.strerror}", file=sys.stderr)
            outcomes["unread"] += 1
    if outcomes.total() > 1:
        print(", ".join(f"{count} {what}" for what, count in outcomes.most_common()))
    return 1 if outcomes["unread"] or outcomes["too large"] else 0


def _take_one(name: str, raw: bytes, box: Mailbox | None) -> str:
    from parley.mailboxes.models import RawMail, Way
    from parley.mailboxes.storing import MailTooLarge, store
    from parley.mailboxes.taking import take as take_in

    try:
        mail = store(raw, way=Way.COMMAND, mailbox=box)
    except MailTooLarge as large:
        print(f"{name}: {large}", file=sys.stderr)
        return "too large"
    take_in(mail.pk)
    mail = RawMail.objects.select_related("ticket").get(pk=mail.pk)
    print(f"{name}: {_said(mail)}", flush=True)
    return str(mail.outcome)


def _said(mail: RawMail) -> str:
    """What became of it: the outcome, the ticket if there is one, and why."""
    why = mail.reason.get("code", "")
    number = mail.ticket.number if mail.ticket is not None else ""
    return " ".join(word for word in (mail.outcome, number, f"({why})" if why else "") if word)


def _mailbox(address: str) -> Mailbox | None:
    from parley.mailboxes.recipients import mailbox_at

    if not address:
        return None
    found = mailbox_at(address)
    if found is None:
        raise CannotRun(f"There is no mailbox {address} in Administration.")
    return found
