"""For how long what is kept: rules by kind and age, which a job keeps to each night.

What has no rule is kept. What a dispute, a law or the books need (messages, orders, papers, the
journal) is none of these kinds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parley.channels.models import Delivery, DeliveryState
from parley.conversations.models import Attachment, Draft, Message
from parley.guard.models import HeldReply, HeldState
from parley.journal.moment import now
from parley.journal.recording import record
from parley.mailboxes.forgetting import blank, told_of
from parley.notifications.models import Notice
from parley.parties.models import PinUse
from parley.parties.settling import Settled, settled, settled_each
from parley.privacy.counting import count_each
from parley.privacy.events import OldRemoved
from parley.tickets.models import TicketSide

BATCH = 500
LEAST_DAYS, MOST_DAYS = 1, 3650


@dataclass(frozen=True)
class Rule:
    """One kind of thing that can be removed when it is old.

    `old` gives what is older than a moment, `remove` removes some of it (all in one transaction) and
    says of which stored files nothing is left to say; `days` is what the operator settles, 0: kept.
    """

    key: str
    words: str | Promise
    line: str | Promise
    old: Callable[[datetime], QuerySet[Any]]
    remove: Callable[[list[Any]], list[str]]

    @property
    def days(self) -> Settled[int]:
        """For how many days it is kept; 0: for good."""
        return Settled(f"retention.{self.key}", 0, _fits)


def _fits(value: Any) -> bool:
    return type(value) is int and (value == 0 or LEAST_DAYS <= value <= MOST_DAYS)


@dataclass(frozen=True)
class Tried:
    """What a rule would remove now: how many, and since when the oldest is there."""

    rule: Rule
    days: int
    count: int


def rules_as_settled() -> list[Tried]:
    """The rules with their days, and nothing counted."""
    days = settled_each([rule.days for rule in RULES])
    return [Tried(rule, days[rule.days.key], 0) for rule in RULES]


def try_rules() -> list[Tried]:
    """The dry run: what each rule would remove now; nothing is."""
    rules, moment = rules_as_settled(), now()
    counted = count_each(
        {one.rule.key: one.rule.old(moment - timedelta(days=one.days)) for one in rules if one.days}
    )
    return [replace(one, count=counted.get(one.rule.key, 0)) for one in rules]


def keep_to_rules() -> dict[str, int]:
    """Remove what is too old, batch by batch, each in a transaction of its own; how many of each kind.

    Killed anywhere, it goes on from there the next time. What was removed is journalled.
    """
    return {rule.key: _keep_to(rule) for rule in RULES}


def _keep_to(rule: Rule) -> int:
    days = settled(rule.days)
    if not days:
        return 0
    before, removed = now() - timedelta(days=days), 0
    while True:
        with transaction.atomic():
            # Locked: what somebody goes on with at this moment (a draft, say) is not old any more.
            old = rule.old(before).order_by("pk").select_for_update(of=("self",), skip_locked=True)
            keys = [row.pk for row in old.only("pk")[:BATCH]]
            if not keys:
                return removed
            files = rule.remove(keys)
            record(OldRemoved(kind=rule.key, days=days, removed=len(keys)), by=None)
        for path in files:
            default_storage.delete(path)
        removed += len(keys)


def _rows(model: Any) -> Callable[[list[Any]], list[str]]:
    def remove(keys: list[Any]) -> list[str]:
        model.objects.filter(pk__in=keys).delete()
        return []

    return remove


def _remove_files(keys: list[Any]) -> list[str]:
    """Files go, with what counts them; the messages that had them stay."""
    gone = Attachment.objects.filter(pk__in=keys)
    messages = set(gone.values_list("message", flat=True))
    tickets = set(gone.values_list("message__conversation__ticket", flat=True))
    paths = [path for row in gone.values_list("stored_as", "thumbnail") for path in row if path]
    gone.delete()
    left = Attachment.objects.filter(message__in=messages).values("message")
    Message.objects.filter(pk__in=messages).exclude(pk__in=left).update(attached=0)
    TicketSide.objects.filter(ticket__in=tickets).update(attachments=0)
    return paths


def _empty_deliveries(keys: list[Any]) -> list[str]:
    Delivery.objects.filter(pk__in=keys).update(body=b"", headers={})
    return []


RULES: tuple[Rule, ...] = (
    Rule(
        "notices",
        _("Notices that were read"),
        _("What the bell has told, and its mails."),
        lambda before: Notice.objects.filter(read_at__lt=before, at__lt=before),
        _rows(Notice),
    ),
    Rule(
        "drafts",
        _("Drafts nobody went on with"),
        _("What was typed and never sent."),
        lambda before: Draft.objects.filter(updated_at__lt=before),
        _rows(Draft),
    ),
    Rule(
        "files",
        _("Files of ended tickets"),
        _("Counted from the day the ticket ended. The messages stay."),
        lambda before: Attachment.objects.filter(
            message__conversation__ticket__ended_at__lt=before
        ).filter(Q(message__conversation__ticket__dispute="none")),
        _remove_files,
    ),
    Rule(
        "pin_uses",
        _("Uses of support PINs"),
        _("Who was verified, and when; the tickets no longer say so then."),
        lambda before: PinUse.objects.filter(at__lt=before),
        _rows(PinUse),
    ),
    Rule(
        "held_replies",
        _("Held replies that were decided"),
        _("What was declined or taken back, and why."),
        lambda before: HeldReply.objects.filter(~Q(state=HeldState.WAITING), decided_at__lt=before),
        _rows(HeldReply),
    ),
    Rule(
        "deliveries",
        _("What sales channels delivered"),
        _("The raw text, with the buyer in it. The orders made of it stay."),
        lambda before: Delivery.objects.filter(
            received_at__lt=before, state__in=(DeliveryState.TAKEN, DeliveryState.IGNORED)
        ).exclude(body=b""),
        _empty_deliveries,
    ),
    Rule(
        "mails",
        _("Mails that came in"),
        _("Who sent them, about what, and as they came. What was made of them stays."),
        lambda before: told_of().filter(done_at__lt=before),
        blank,
    ),
)
