"""The journal's page: filters, what was before and after, pages, and the file."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from cast import Cast
from parley.journal.finding import Wanted, all_entries, find_entries
from parley.journal.models import Entry
from parley.journal.moment import at
from parley.journal.recording import record
from parley.parties.founding import rename_party
from parley.parties.keeping_people import change_role
from parley.parties.models import Role
from parley.parties.tokens import make_token
from parley.tickets.events import TicketEvent
from parley.web.desk.administration import journal_words
from web.pages import Browser

JOURNAL = "/desk/administration/journal/"
DAY = datetime(2026, 3, 14, 12, tzinfo=UTC)


def history(cast: Cast) -> None:
    with at(DAY):
        rename_party(cast.bright_home.pk, "=Bright Home", by=cast.admin)
    with at(DAY + timedelta(days=1)):
        change_role(cast.seller_member.pk, Role.OWNER, by=cast.seller)


def test_it_shows_who_did_what_with_before_and_after(cast: Cast) -> None:
    history(cast)
    page = Browser(cast.admin).see(JOURNAL)
    lines = page.html.partition('<ol class="journal">')[2]
    assert lines.index("Role changed") < lines.index("Company renamed")
    assert "Selma Seller" in page.words
    assert "member" in page.words
    assert "Bright Home =Bright Home" in page.words, "before and after"
    assert f"/desk/people/companies/{cast.bright_home.pk}/" in page.links.values()


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("kind=RoleChanged", {"Role changed"}),
        ("kind=PartyRenamed", {"Company renamed"}),
        ("kind=Nothing", set()),
        ("person={seller}", {"Role changed"}),
        ("subject=party:{party}", {"Role changed", "Company renamed"}),
        ("subject=party:999999", set()),
        ("from=2026-03-14&to=2026-03-14", {"Company renamed"}),
        ("from=2026-03-15", {"Role changed"}),
        ("to=2026-03-13", set()),
        ("from=junk&person=junk&kind=%00", {"Role changed", "Company renamed"}),
    ],
)
def test_filters(cast: Cast, asked: str, shown: set[str]) -> None:
    history(cast)
    query = asked.format(seller=cast.seller.person_id, party=cast.bright_home.pk)
    page = Browser(cast.admin).see(f"{JOURNAL}?{query}")
    lines = page.html.partition('<ol class="journal">')[2]
    assert {words for words in ("Role changed", "Company renamed") if words in lines} == shown


def test_pages_and_the_file_have_every_entry_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("parley.journal.finding.PAGE", 3)
    monkeypatch.setattr("parley.journal.finding.AT_A_TIME", 4)
    with at(DAY):
        for n in range(11):
            make_token(cast.seller, f"Token {n}")
    found: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = find_entries(Wanted(kind="TokenMade"), cursor=cursor)
        found += [entry.pk for entry in page.rows]
        cursor = page.older
    assert found == list(Entry.objects.order_by("-at", "-id").values_list("pk", flat=True))
    assert [e.pk for batch in all_entries(Wanted(kind="TokenMade")) for e in batch] == found
    assert Browser(cast.admin).get(f"{JOURNAL}?cursor=junk").status_code == 404


def test_the_file_says_the_same_and_computes_nothing(cast: Cast) -> None:
    history(cast)
    answer = Browser(cast.admin).get(f"{JOURNAL}file/?kind=PartyRenamed")
    text = b"".join(answer).decode("utf-8-sig")  # type: ignore[call-overload]
    (row,) = csv.DictReader(io.StringIO(text))
    assert (row["kind"], row["person"], row["party"]) == (
        "PartyRenamed",
        "Ada Admin",
        "Harbour Market",
    )
    assert row["at"] == "2026-03-14T12:00:00+00:00"
    assert row["subject"] == f"party:{cast.bright_home.pk}"
    assert "=Bright Home" in row["data"]


def test_it_is_the_administrators_alone(cast: Cast) -> None:
    for who in (cast.lead, cast.agent, cast.seller):
        for address in (JOURNAL, f"{JOURNAL}file/"):
            assert Browser(who).get(address).status_code == 404


def test_a_kind_without_words_is_shown_by_its_name(cast: Cast) -> None:
    assert journal_words.words_of_kind("SomethingHappened") == "Something happened"
    with transaction.atomic():
        record(TicketEvent(ticket=7, seen=()), by=None)
    assert "Ticket event" in Browser(cast.admin).see(JOURNAL).words
