"""What the addresses of the operator's tools can name: a tag, and a change to many tickets."""

from __future__ import annotations

from collections.abc import Callable

from cast import Cast
from parley.desk.bulk import begin
from parley.desk.models import BulkAction
from parley.tickets.keeping_tags import TagTyped, add_tag
from parley.tickets.models import Ticket


def tooled(cast: Cast) -> dict[str, Callable[[str], str]]:
    """The words of those addresses, and what stands for each."""
    tag = add_tag(TagTyped(name="Warehouse fire", colour="red"), by=cast.agent)
    ticket = Ticket.objects.latest("id")
    bulk = begin(BulkAction.PRIORITY, "urgent", [ticket.pk], by=cast.agent)
    return {"<int:tag>": lambda name: str(tag.pk), "<int:bulk>": lambda name: str(bulk.pk)}
