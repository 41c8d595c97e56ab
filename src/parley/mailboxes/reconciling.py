"""Comparing what a mailbox holds with what was taken in, so that it shows whether anything is missing.

It asks the server on a connection of its own, and changes nothing, there or here. What is missing is
taken in when somebody asks for it, or when the mailbox is next connected to.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from parley.journal.moment import now
from parley.mailboxes.fetching import About, abouts
from parley.mailboxes.imap import is_before, open_mailbox, take_all, uids_in
from parley.mailboxes.ledger import NotThatMailbox, entered, look_again
from parley.mailboxes.models import Arrival, Mailbox, Outcome
from parley.parties.models import Membership, Role
from parley.parties.settling import NotAdministrators
from parley.transfer.troubles import PlaceTrouble

MOST_NAMED = 200
"""How many missing mails are named one by one."""


@dataclass(frozen=True, kw_only=True)
class Held:
    """What a mailbox holds (`held` mails), each counted once.

    `taken`: in the ledger, with a mail of ours; of these `aside` could not be understood or are too
    large. `skipped` by why (`before`, `unreadable`). `missing`: not in the ledger and wanted;
    `named`: the first of them, each `{"uid", "size" in bytes, "at"}`. `gone`: in the ledger, and in
    the mailbox no more. `rebuilt`: in the ledger under another UIDVALIDITY.
    """

    held: int = 0
    taken: int = 0
    aside: int = 0
    skipped: dict[str, int] = field(default_factory=dict)
    missing: int = 0
    named: list[dict[str, Any]] = field(default_factory=list)
    gone: int = 0
    rebuilt: int = 0
    trouble: dict[str, Any] = field(default_factory=dict)


def ask_to_compare(mailbox_id: int, *, by: Membership) -> None:
    """Have a mailbox compared by a job; `Mailbox.held` has it then. Raises NotAdministrators."""
    if by.role != Role.ADMIN:
        raise NotAdministrators
    from parley.mailboxes.jobs import compare_mailbox

    with transaction.atomic():
        compare_mailbox.defer(mailbox_id=mailbox_id)


def take_missing(mailbox_id: int, *, by: Membership) -> None:
    """Have what is missing taken in by a job, also what the server would not give out before.

    Raises NotAdministrators.
    """
    if by.role != Role.ADMIN:
        raise NotAdministrators
    from parley.mailboxes.jobs import take_missing_mails

    with transaction.atomic():
        look_again(mailbox_id)
        take_missing_mails.defer(mailbox_id=mailbox_id)


def take_missing_now(mailbox_id: int) -> None:
    """Take in what is missing, and compare. What the server refuses is kept as a trouble."""
    mailbox = _mailbox(mailbox_id)
    if mailbox is None:
        return
    try:
        opened = open_mailbox(mailbox)
        try:
            take_all(opened)
        finally:
            opened.close()
    except PlaceTrouble as trouble:
        _keep(mailbox, Held(trouble=trouble.kept()))
        return
    except NotThatMailbox:
        return
    compare(mailbox_id)


def compare(mailbox_id: int) -> Held:
    """Compare a mailbox with the ledger, and keep the result; a trouble is part of it."""
    mailbox = _mailbox(mailbox_id)
    if mailbox is None:
        return Held()
    try:
        found = _compared(mailbox)
    except PlaceTrouble as trouble:
        found = Held(trouble=trouble.kept())
    _keep(mailbox, found)
    return found


def _compared(mailbox: Mailbox) -> Held:
    opened = open_mailbox(mailbox)
    try:
        uids = uids_in(opened)
        known = entered(mailbox.pk, opened.uidvalidity)
        unknown = sorted(uids - known)
        lay_before = missing = 0
        named: list[dict[str, Any]] = []
        for first in range(0, len(unknown), MOST_NAMED):
            for about in abouts(opened, unknown[first : first + MOST_NAMED]):
                if is_before(opened, about):
                    lay_before += 1
                    continue
                missing += 1
                if len(named) < MOST_NAMED:
                    named.append(_named(about))
    finally:
        opened.close()
    counts = _counted(mailbox, opened.uidvalidity, uids & known)
    skipped = counts["skipped"]
    if lay_before:
        skipped = skipped | {"before": skipped.get("before", 0) + lay_before}
    return Held(
        held=len(uids & known) + missing + lay_before,
        taken=counts["taken"],
        aside=counts["aside"],
        skipped=skipped,
        missing=missing,
        named=named,
        gone=len(known - uids),
        rebuilt=Arrival.objects.filter(mailbox=mailbox)
        .exclude(uidvalidity=opened.uidvalidity)
        .count(),
    )


def _named(about: About) -> dict[str, Any]:
    at = about.at.isoformat() if about.at else ""
    return {"uid": about.uid, "size": about.size, "at": at}


def _counted(mailbox: Mailbox, uidvalidity: int, uids: set[int]) -> dict[str, Any]:
    """How the mails of these UIDs stand in the ledger."""
    taken = aside = 0
    skipped: dict[str, int] = {}
    rows = sorted(uids)
    for first in range(0, len(rows), _AT_ONCE):
        some = Arrival.objects.filter(
            mailbox=mailbox, uidvalidity=uidvalidity, uid__in=rows[first : first + _AT_ONCE]
        )
        for row in some.values("skipped").annotate(
            count=Count("pk"),
            with_mail=Count("mail"),
            set_aside=Count("pk", filter=Q(mail__outcome=Outcome.SET_ASIDE)),
        ):
            if row["skipped"]:
                skipped[row["skipped"]] = skipped.get(row["skipped"], 0) + row["count"]
                continue
            taken += row["with_mail"]
            aside += row["set_aside"]
    return {"taken": taken, "aside": aside, "skipped": skipped}


_AT_ONCE = 10_000


def _mailbox(mailbox_id: int) -> Mailbox | None:
    return Mailbox.objects.filter(pk=mailbox_id).exclude(imap_host="").first()


def _keep(mailbox: Mailbox, held: Held) -> None:
    Mailbox.objects.filter(pk=mailbox.pk).update(held=asdict(held), held_at=now())
