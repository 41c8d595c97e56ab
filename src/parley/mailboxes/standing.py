"""How mailboxes stand: what of their mail waits, and when the last of it came."""

from __future__ import annotations

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from parley.mailboxes.models import Mailbox, Outcome, RawMail


def with_standing(mailboxes: QuerySet[Mailbox]) -> QuerySet[Mailbox]:
    """The same, each with `waiting` (mails not looked at), `in_review`, `aside`, and `last_at`.

    One query for all of them; `last_at` is when its latest mail came in, or None.
    """
    latest = RawMail.objects.filter(mailbox=OuterRef("pk")).order_by("-pk")
    return mailboxes.annotate(
        waiting=_counted(Outcome.WAITING),
        in_review=_counted(Outcome.REVIEW),
        aside=_counted(Outcome.SET_ASIDE),
        last_at=Subquery(latest.values("received_at")[:1]),
    )


def _counted(outcome: Outcome) -> Coalesce:
    one = (
        RawMail.objects.filter(mailbox=OuterRef("pk"), outcome=outcome)
        .order_by()
        .values("mailbox")
        .annotate(times=Count("pk"))
    )
    return Coalesce(Subquery(one.values("times"), output_field=IntegerField()), 0)


def how_each_stands() -> list[tuple[str, int]]:
    """The address of each mailbox that is read, and 1 where it is without trouble, 0 where not."""
    read = Mailbox.objects.filter(active=True).exclude(imap_host="").order_by("address")
    return [
        (address, 0 if trouble else 1)
        for address, trouble in read.values_list("address", "trouble")
    ]
