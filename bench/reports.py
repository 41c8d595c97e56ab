"""`bin/bench reports`: how fast tickets are counted, and what the dashboard costs, by number of tickets.

A throw-away database is loaded with tickets of five messages each; the entries of what was said and how
it ended are written to the journal as the rules would have left them. Then every ticket is counted from
its journal, and the pages are asked for, in one process.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bench.assistant import open_database

if TYPE_CHECKING:
    from django.test import Client

SIZES = [2_000, 20_000]
ROUNDS = 15
PAGES = (
    "?days=30", "?days=365", "statistics/?days=30", "statistics/?by=party&days=365", "activity/",
    "complaints/", "days.csv?days=365",
)  # fmt: skip

ENTRIES = """
    INSERT INTO journal_entry (at, kind, subject, person_id, party_id, data)
    SELECT said.at, 'ReplyPosted', 'ticket:' || ticket.id, said.person_id, said.party_id,
        jsonb_build_object(
            'ticket', ticket.id, 'message', said.id, 'seen', '[]'::jsonb, 'dispute', 'none',
            'clock_moved', true,
            'status', CASE said.party_id WHEN ticket.opener_id THEN 'in_progress' ELSE 'answered' END,
            'turn', CASE said.party_id WHEN ticket.opener_id THEN 'counterparty' ELSE 'opener' END,
            'was', CASE said.party_id WHEN ticket.opener_id THEN 'opener' ELSE 'counterparty' END
        )
    FROM tickets_ticket AS ticket JOIN conversations_message AS said USING (conversation_id)
    WHERE said.at > ticket.created_at AND said.audience = 'everyone' AND ticket.id > %(after)s;
    INSERT INTO journal_entry (at, kind, subject, person_id, party_id, data)
    SELECT ticket.ended_at, CASE WHEN ticket.stars IS NULL THEN 'TicketClosed' ELSE 'TicketRated' END,
        'ticket:' || ticket.id, ticket.opener_person_id, ticket.opener_id,
        jsonb_build_object(
            'ticket', ticket.id, 'seen', '[]'::jsonb, 'dispute', ticket.dispute,
            'clock_moved', false, 'status', ticket.status, 'turn', '', 'was', 'opener',
            'stars', ticket.stars
        )
    FROM tickets_ticket AS ticket WHERE ticket.ended_at IS NOT NULL AND ticket.id > %(after)s
"""


def main(arguments: Sequence[str]) -> int:
    """Measure at each size, and print the table."""
    parser = argparse.ArgumentParser(
        prog="bin/bench reports", description="Measure counting and the dashboard."
    )
    parser.add_argument("--tickets", type=int, nargs="+", default=SIZES, metavar="N")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="parley-bench-") as folder:
        os.environ["PARLEY_ALLOWED_HOSTS"] = "testserver"
        open_database(folder)
        have = 0
        for tickets in sorted(asked.tickets):
            _fill(tickets - have)
            have = tickets
            _say(f"{tickets} tickets: " + _counted())
            for line in _pages():
                _say(line)
    return 0


def _fill(tickets: int) -> None:
    from django.db import connection

    from parley.demo.loading import load
    from parley.tickets.models import Ticket

    last = Ticket.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    load(tickets)
    with connection.cursor() as cursor:
        cursor.execute(ENTRIES, {"after": last})
        cursor.execute("ANALYZE")


def _counted() -> str:
    """Count everything anew, and say how fast it went and what came of it."""
    from django.db import connection

    from parley.journal.models import Entry
    from parley.reports.backlog import take_backlogs
    from parley.reports.folding import fold_all, note_all
    from parley.reports.models import Cell

    note_all(anew=True)
    begun, cpu = time.perf_counter(), time.process_time()
    counted = fold_all()
    took, used = time.perf_counter() - begun, time.process_time() - cpu
    begun = time.perf_counter()
    days = take_backlogs(anew=True)
    backlogs = time.perf_counter() - begun
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(
            "SELECT pg_total_relation_size('reports_cell')"
            ", pg_total_relation_size('reports_ticketfacts')"
        )
        cells, facts = cursor.fetchone() or (0, 0)
    return (
        f"{Entry.objects.count()} entries counted in {took:.1f} s, {used:.1f} s of CPU "
        f"({counted / used:.0f} tickets a second of CPU), "
        f"backlogs of {days} days in {backlogs:.2f} s; {Cell.objects.count()} cells of "
        f"{cells / 1e6:.1f} MB, facts of {facts / 1e6:.1f} MB"
    )


def _pages() -> list[str]:
    from django.test import Client

    from parley.parties.models import Membership, Role

    client = Client()
    client.force_login(Membership.objects.filter(role=Role.LEAD).select_related("person")[0].person)
    return [_page(client, path) for path in PAGES]


def _page(client: Client, path: str) -> str:
    def ask() -> None:
        answer = client.get(f"/desk/dashboard/{path}")
        if answer.status_code != 200:
            raise SystemExit(f"bench: {path} answers {answer.status_code}.")

    ask()
    taken = [_timed(ask) for _round in range(ROUNDS)]
    cpu, wall = (statistics.median(one) for one in zip(*taken, strict=True))
    return f"  {path:32} {cpu:6.1f} ms CPU of the server, {wall:6.1f} ms in all (medians)"


def _timed(ask: Callable[[], None]) -> tuple[float, float]:
    """CPU of this process and time that passed, in milliseconds."""
    cpu, begun = time.process_time(), time.perf_counter()
    ask()
    return (time.process_time() - cpu) * 1000, (time.perf_counter() - begun) * 1000


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()
