"""How often a page asks the database: six times at most, and as often for many rows as for few."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Cast
from parley.conversations.attaching import receive
from parley.journal.models import Entry
from parley.journal.recording import run_later
from parley.parties.models import Membership
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from web.pages import HTMX, Browser

MOST = 6


@dataclass
class Address:
    """A page, whose it is, and how to make it longer than it is."""

    path: str
    who: str
    longer: Callable[[Cast, Ticket], object]


def _tickets(cast: Cast, ticket: Ticket) -> None:
    for _ in range(22):
        made = cast.ticket(priority="urgent")
    reply(made.pk, Reply(text="On its way."), by=cast.supplier)
    _tell()


def _messages(cast: Cast, ticket: Ticket) -> None:
    for n in range(45):
        who = (cast.supplier, cast.seller, cast.supplier_member)[n % 3]
        reply(ticket.pk, Reply(text=f"And {n}.", attachments=_file(who, n)), by=who)


def _file(who: Membership, n: int) -> list[object]:
    if n % 10:
        return []
    return [receive(who, "a.txt", SimpleUploadedFile("a.txt", b"bytes")).pk]


def _tell() -> None:
    for pk in Entry.objects.order_by("pk").values_list("pk", flat=True):
        run_later(pk)


PAGES = [
    Address("/", "seller", _tickets),
    Address("/tickets/", "seller", _tickets),
    Address("/tickets/?status=created&q=parcel", "seller", _tickets),
    Address("/tickets/filters/?status=created", "lead", _tickets),
    Address("/tickets/new/", "seller", _tickets),
    Address("/tickets/new/same-matter/?order_number=HM-1", "seller", _tickets),
    Address("/tickets/{ticket}/", "seller", _messages),
    Address("/tickets/{ticket}/thread/", "supplier", _messages),
    Address("/tickets/{ticket}/opened/", "seller", _messages),
    Address("/notices/", "supplier", _tickets),
    Address("/notices/bell/", "supplier", _tickets),
    Address("/settings/", "seller", _tickets),
    Address("/safety/", "seller", _tickets),
    Address("/desk/queues/urgent/", "lead", _tickets),
    Address("/desk/queues/all/?q=parcel&status=created", "lead", _tickets),
    Address("/desk/counts/", "lead", _tickets),
    Address("/desk/tickets/{ticket}/", "lead", _messages),
    Address("/desk/tickets/{ticket}/others/", "lead", _tickets),
    Address("/desk/tickets/{ticket}/assignees/", "lead", _tickets),
]


def asked(browser: Browser, path: str) -> list[str]:
    """The queries of a page."""
    browser.get(path, **HTMX if path.endswith(("thread/", "others/", "assignees/")) else {})
    with CaptureQueriesContext(connection) as captured:
        answer = browser.get(path)
    assert answer.status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@pytest.mark.parametrize("longer", [_tickets, _messages])
def test_a_page_asks_little_and_no_more_for_more_rows(
    cast: Cast, longer: Callable[[Cast, Ticket], object]
) -> None:
    ticket = cast.ticket(order_number="HM-1", priority="urgent")
    for n in range(4):
        reply(ticket.pk, Reply(text=f"{n}."), by=cast.supplier)
    for _ in range(2):
        cast.ticket(priority="urgent")
    _tell()
    pages = [page for page in PAGES if page.longer is longer]
    browsers = {page.who: Browser(cast.everybody[page.who]) for page in pages}
    few = {}
    for page in pages:
        path = page.path.format(ticket=ticket.pk)
        few[path] = asked(browsers[page.who], path)
        assert len(few[path]) <= MOST, (path, few[path])
    longer(cast, ticket)
    for page in pages:
        path = page.path.format(ticket=ticket.pk)
        many = asked(browsers[page.who], path)
        assert len(many) == len(few[path]), (path, many)
