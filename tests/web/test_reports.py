"""The dashboard, its files, scorecards, and who sees them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pypdf import PdfReader

from cast import Cast
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.parties.settling import settle, settled
from parley.reports.folding import fold_all
from parley.reports.settings import COMPLAINT_TOPICS, SELLERS_SEE_SUPPLIERS, TIME_ZONE
from parley.tickets.ending import rate
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from web.pages import Browser, Page

MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""A working day in London, in winter."""


def answered(cast: Cast, opened: datetime, hours: float, **fields: Any) -> Ticket:
    """A ticket that its counterparty answers so many hours later, and that is rated with 4."""
    with at(opened):
        ticket = cast.ticket(**fields)
    with at(opened + timedelta(hours=hours)):
        by = cast.supplier if ticket.counterparty_id == cast.northwind.pk else cast.agent
        reply(ticket.pk, Reply(text="Here you are."), by=by)
        rate(ticket.pk, 4, by=cast.seller)
    return ticket


@pytest.fixture
def week(cast: Cast) -> None:
    """Five tickets to Northwind that were answered after one to five working hours; one is open."""
    for n in range(5):
        answered(cast, MONDAY + timedelta(days=n), 1 + n)
    with at(MONDAY):
        cast.ticket()
        answered(cast, MONDAY, 2, topic=cast.payouts, to=None)
    fold_all()


def test_a_lead_reads_a_period_and_takes_it_along(cast: Cast, week: None) -> None:
    with at(MONDAY + timedelta(days=30)):
        lead = Browser(cast.lead)
        page = lead.see("/desk/dashboard/?from=2026-03-01&to=2026-03-31")
        assert "7" in page.words
        assert "Created" in page.words
        assert "1 ticket open now" in page.words
        assert "before: 0" in page.words
        rows = read(lead, page.links["CSV"])
    assert [row["Day"] for row in rows] == [f"2026-03-0{n}" for n in range(2, 7)]
    assert sum(int(row["Created"]) for row in rows) == 7
    assert sum(int(row["Completed"]) for row in rows) == 6
    assert rows[0]["Rating"] == "4.00"


def test_statistics_lead_to_cards_and_slices(cast: Cast, week: None) -> None:
    with at(MONDAY + timedelta(days=10)):
        lead = Browser(cast.lead)
        page = lead.see("/desk/dashboard/statistics/?by=party")
        card = lead.see(page.links["Northwind Supply"])
        assert "How tickets to this company were answered." in card.words
        assert "3 h" in card.words, "the median of one to five hours"
        assert "5 h" in card.words, "nine of ten"
        page = lead.see("/desk/dashboard/statistics/?by=topic")
        topic = lead.see(page.links["Account → Payouts"])
        assert "Account → Payouts" in topic.words or "Payouts" in topic.words
        rows = read(lead, "/desk/dashboard/statistics.csv?by=agent")
    assert [row["Agent"] for row in rows] == [cast.agent.person.name]


def test_junk_in_an_address_is_passed_over(cast: Cast, week: None) -> None:
    lead = Browser(cast.lead)
    for query in (
        "?from=2026-13-01&to=x", "?days=-4", "?topic=abc", "?by=person", "?channel=pigeon",
        "?from=0001-01-01&to=9999-12-31", "?from=2026-05-01&to=2026-04-01",
    ):  # fmt: skip
        for path in ("", "days.csv", "statistics/", "statistics.csv"):
            assert lead.get(f"/desk/dashboard/{path}{query}").status_code == 200, (path, query)
    assert lead.get("/desk/dashboard/?topic=999999").status_code == 404


def test_activity_tells_what_happened_last(cast: Cast, week: None) -> None:
    page = Browser(cast.lead).see("/desk/dashboard/activity/")
    assert f"{cast.seller.person.name} opened it" in page.words
    assert "rated it: ★★★★☆" in page.words


def test_the_complaint_report(cast: Cast, week: None) -> None:
    with at(datetime(2026, 12, 1, tzinfo=UTC)):
        lead = Browser(cast.lead)
        page = lead.see("/desk/dashboard/complaints/2026/")
        assert "Account → Payouts 1 1" in page.words
        assert "Delivery" not in page.words, "tickets between companies are no complaints"
        rows = read(lead, "/desk/dashboard/complaints/2026.csv")
        assert {(row["Part"], row["What"]): row["Figure"] for row in rows}[
            "Complaints", "Lodged"
        ] == "1"
        answer = lead.get("/desk/dashboard/complaints/2026.pdf")
    words = PdfReader(io.BytesIO(answer.content)).pages[0].extract_text()
    assert "Complaints in 2026" in words
    assert "Regulation (EU) 2019/1150" in words
    assert "Harbour Market" in words


def test_sellers_see_suppliers_only_when_it_is_switched_on(cast: Cast, week: None) -> None:
    with at(MONDAY + timedelta(days=10)):
        seller = Browser(cast.seller)
        own = f"/scorecards/{cast.northwind.pk}/"
        assert seller.get("/scorecards/").status_code == 404
        assert seller.get(own).status_code == 404
        assert "How suppliers answer" not in seller.see("/settings/").links
        own_card = Browser(cast.supplier).see("/settings/").links["Own scorecard"]
        assert Browser(cast.supplier).get(own_card, follow=True).status_code == 200
        assert Browser(cast.supplier).get(own).status_code == 200, "one's own is always there"
        assert Browser(cast.other_supplier).get(own).status_code == 404

        settle(SELLERS_SEE_SUPPLIERS, value=True, by=cast.admin)
        page = seller.see(seller.see("/settings/").links["How suppliers answer"])
        assert "3 h" in seller.see(page.links["Northwind Supply"]).words
        assert seller.get(f"/scorecards/{cast.second_seller.pk}/").status_code == 404
        assert Browser(cast.other_supplier).get(own).status_code == 404


def test_an_agent_sees_their_own_card_and_no_other(cast: Cast, week: None) -> None:
    agent = Browser(cast.agent)
    assert agent.get(f"/desk/dashboard/agents/{cast.agent.person_id}/").status_code == 200
    assert agent.get(f"/desk/dashboard/agents/{cast.lead.person_id}/").status_code == 404


def test_a_ticket_stands_beside_the_card_of_who_answers_it(cast: Cast, week: None) -> None:
    with at(MONDAY + timedelta(days=10)):
        ticket = cast.ticket()
        answer = Browser(cast.lead).get(f"/desk/tickets/{ticket.pk}/more/", HTTP_HX_REQUEST="true")
        assert "Northwind Supply" in Page(answer).words
        assert "nine of ten within 5 h" in Page(answer).words


def test_what_is_settled_is_journalled(cast: Cast) -> None:
    admin = Browser(cast.admin)
    page = admin.see("/desk/dashboard/setting/")
    assert "Account → Payouts" in page.words
    sent = {"zone": "Asia/Omsk", "sellers_see": "on", "topic": [str(cast.late_parcel.pk)]}
    admin.post("/desk/dashboard/setting/", sent)
    assert settled(TIME_ZONE) == "Asia/Omsk"
    assert settled(SELLERS_SEE_SUPPLIERS)
    assert settled(COMPLAINT_TOPICS) == [], "only what goes to the operator can be one"
    changes = Entry.objects.filter(kind="SettingChanged").values_list("data__key", flat=True)
    assert set(changes) == {
        "reports.time_zone", "reports.sellers_see_suppliers", "reports.complaint_topics",
    }  # fmt: skip
    assert admin.post("/desk/dashboard/setting/", {"zone": "Nowhere"}).status_code == 422


def read(browser: Browser, path: str) -> list[dict[str, str]]:
    """A table that was downloaded."""
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_present_is_in_it_a_moment_later(cast: Cast) -> None:
    cast.ticket()
    fold_all()
    page = Browser(cast.lead).see(f"/desk/dashboard/?from={now().date()}&to={now().date()}")
    assert "1 ticket open now" in page.words
