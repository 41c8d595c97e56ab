"""The support area: how tickets stand, the inbox, response times, and what to include."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client

from cast import Cast
from parley.conversations.models import Audience, Draft
from parley.parties.contact import SAFETY_NOTICE, SUPPORT_ADDRESS
from parley.parties.settling import settle
from parley.sla.models import Calendar, Policy
from parley.tickets.disputing import ask_operator
from parley.tickets.replying import Reply, reply
from web.pages import Browser, Page

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/130.0.0.0 Safari/537.36"
)


# --- the front -----------------------------------------------------------------------------------


def test_the_front_says_how_ones_tickets_stand(cast: Cast) -> None:
    ticket = cast.ticket(title="Lamp came broken")
    reply(ticket.pk, Reply(text="A new one leaves today."), by=cast.supplier)
    cast.ticket(title="Parcel is late")
    page = Browser(cast.seller).see("/support/")
    assert "2 Open 0 Your turn 1 Rating to give 0 Late from others 0 Open disputes" in page.words
    assert "Answered · rate it and close, or carry on" in page.words
    assert "Waiting for Northwind Supply · due in" in page.words
    assert "Nora North, Northwind Supply: A new one leaves today." in page.words
    assert page.words.index("Lamp came broken") < page.words.index("Parcel is late")
    assert page.links["Create ticket"] == "/tickets/new/"


def test_a_dispute_is_counted_on_both_sides(cast: Cast) -> None:
    ticket = cast.ticket()
    ask_operator(ticket.pk, "Please decide.", by=cast.seller)
    for who in (cast.seller, cast.supplier):
        assert "1 Open disputes" in Browser(who).see("/support/").words


def test_with_nothing_open_it_says_what_it_is_for(cast: Cast) -> None:
    page = Browser(cast.other_seller).see("/support/")
    assert "Nothing is open" in page.words
    assert "Latest activity" not in page.words


def test_nothing_is_shown_that_is_not_for_the_reader(cast: Cast) -> None:
    ticket = cast.ticket(title="Ours alone")
    reply(ticket.pk, Reply(text="SECRET", audience=Audience.OPERATOR), by=cast.agent)
    assert "SECRET" not in Browser(cast.seller).see("/support/").words
    assert "Ours alone" not in Browser(cast.other_seller).see("/support/").words
    assert "Ours alone" not in Browser(cast.other_seller).see("/support/inbox/all/").words


# --- the inbox -----------------------------------------------------------------------------------


def test_the_inbox_is_sorted_into_trays(cast: Cast) -> None:
    answered = cast.ticket(title="Lamp came broken")
    reply(answered.pk, Reply(text="A new one leaves today."), by=cast.supplier)
    cast.ticket(title="Parcel is late")
    browser = Browser(cast.seller)
    assert "Open 2 Your turn 0 To rate 1 Waiting for others 1 Late 0 In dispute 0 All" in (
        browser.see("/support/inbox/").words
    )
    to_rate = browser.see("/support/inbox/to-rate/")
    assert "Lamp came broken" in to_rate.words
    assert "Parcel is late" not in to_rate.words
    assert "Nothing in this tray" in browser.see("/support/inbox/disputes/").words
    for tray in ("mine", "unassigned", "nonsense", "team-1"):
        assert browser.get(f"/support/inbox/{tray}/").status_code == 404, "not a company's trays"


def test_a_tray_is_leafed_through(cast: Cast) -> None:
    for n in range(30):
        cast.ticket(title=f"Matter {n:02}")
    browser = Browser(cast.seller)
    first = browser.see("/support/inbox/waiting/")
    second = browser.see("/support/inbox/waiting/" + first.links["Older"])
    seen = [word for page in (first, second) for word in page.words.split() if word.isdigit()]
    assert {f"{n:02}" for n in range(30)} <= set(seen)


# --- response times ------------------------------------------------------------------------------


def test_the_response_times_are_those_of_the_policies(cast: Cast) -> None:
    page = Browser(cast.seller).see("/support/response-times/")
    assert "Harbour Market A general question within 2 working days asked now: by" in page.words
    assert "A major issue within 4 working hours" in page.words
    assert "Suppliers Any request within 1 working day" in page.words
    to_supplier = Browser(cast.supplier).see("/support/response-times/").words
    assert "Sellers Any request within 1 working day" in to_supplier


def test_a_new_policy_for_a_topic_is_shown_at_once(cast: Cast) -> None:
    browser = Browser(cast.seller)
    assert "Payouts" not in browser.see("/support/response-times/").words
    calendar = Calendar.objects.get()
    Policy.objects.create(topic=cast.payouts, calendar=calendar, working_seconds=3 * 3600)
    told = "Account · Payouts Any request within 3 working hours"
    assert told in browser.see("/support/response-times/").words
    Policy.objects.create(topic=cast.documents, calendar=calendar, working_seconds=3600)
    assert "Documents" not in browser.see("/support/response-times/").words, "not theirs to open"


def test_where_nothing_is_promised_nothing_is_made_up(cast: Cast) -> None:
    Policy.objects.all().delete()
    page = Browser(cast.seller).see("/support/response-times/")
    assert "No response times are promised at the moment." in page.words


# --- asking --------------------------------------------------------------------------------------


@pytest.fixture
def asking(cast: Cast) -> Browser:
    return Browser(cast.seller, headers={"user-agent": CHROME})


def test_the_address_and_the_pin_stand_side_by_side(cast: Cast, asking: Browser) -> None:
    settle(SUPPORT_ADDRESS, "help@harbour.example", by=cast.admin)
    page = asking.see("/support/contact/")
    assert "help@harbour.example" in page.words
    assert "Your support PIN" in page.words
    assert "Show the PIN" in page.words
    form = page.form("/settings/security/pin/")
    assert form.fields["csrfmiddlewaretoken"]


def test_what_is_known_is_filled_in(cast: Cast, asking: Browser) -> None:
    page = asking.see("/support/contact/?order=HM-7")
    assert {"Bright Home", cast.seller.person.email, "Chrome 130, Windows"} <= set(
        page.having("value")
    )
    assert page.form("request/").fields["order_number"] == ["HM-7"]


def test_it_is_taken_into_a_new_ticket(cast: Cast, asking: Browser) -> None:
    page = Page(
        asking.send(
            "/support/contact/", "request/", into="ticket",
            what="It never came.", since="Tuesday", order_number="HM-7",
        )
    )  # fmt: skip
    form = page.form("")
    text = form.fields["text"][0]
    assert "What happened:\nIt never came." in text
    assert "Since when:\nTuesday" in text
    assert "Browser and device: Chrome 130, Windows" in text
    assert form.fields["order_number"] == ["HM-7"]
    assert cast.seller.person.email not in text, "the other company needs nobody's address"


def test_what_was_typed_before_is_kept(cast: Cast, asking: Browser) -> None:
    Draft.objects.create(
        person=cast.seller.person,
        place=f"{cast.bright_home.pk}/new-ticket",
        text="Typed before.",
        fields={"title": "My title"},
    )
    for _twice in range(2):
        asking.send("/support/contact/", "request/", into="ticket", what="It never came.")
    form = asking.see("/tickets/new/").form("")
    assert form.fields["title"] == ["My title"]
    text = form.fields["text"][0]
    assert text.startswith("Typed before.\n\n")
    assert text.count("It never came.") == 1


def test_it_is_written_as_a_mail(cast: Cast, asking: Browser) -> None:
    settle(SUPPORT_ADDRESS, "help@harbour.example", by=cast.admin)
    answer = asking.send(
        "/support/contact/", "request/", into="mail", what="It <b>never</b> came & went."
    )
    page = Page(answer)
    mailto = urlsplit(page.links["Open in my mail program"])
    told = parse_qs(mailto.query)
    assert mailto.path == "help@harbour.example"
    assert told["subject"] == ["Support request from Bright Home"]
    body = told["body"][0]
    for part in ("Company: Bright Home", cast.seller.person.email, "Chrome 130", "& went."):
        assert part in body
    assert "&lt;b&gt;never" in page.html, "as text"
    assert page.form("request/").fields["what"] == ["It <b>never</b> came & went."]


def test_a_long_mail_is_copied_by_hand(asking: Browser) -> None:
    page = Page(asking.send("/support/contact/", "request/", into="mail", what="Слово " * 500))
    mailto = page.links["Open in my mail program"]
    assert len(mailto) < 2_000
    assert "body=" not in mailto
    assert "Слово Слово" in page.words


@pytest.mark.parametrize("into", ["ticket", "mail", "", "elsewhere"])
def test_junk_is_taken_like_anything_else(asking: Browser, into: str) -> None:
    junk = {"what": "\x00\ud7ff" + "x" * 20_000, "device": "a\r\nBcc: b@c.example", "into": into}
    answer: Any = asking.post("/support/contact/request/", junk, follow=True)
    assert answer.status_code == 200
    assert "a Bcc: b@c.example" in answer.content.decode(), "one line"


def test_whose_account_it_is_can_not_be_said_otherwise(cast: Cast, asking: Browser) -> None:
    sent = {"into": "mail", "company": "Second Seller", "email": "otto@example.com", "what": "x"}
    page = Page(asking.post("/support/contact/request/", sent))
    assert "Second Seller" not in page.words
    assert "otto@example.com" not in page.words


# --- the safety notice, and the way in ---------------------------------------------------------------


def test_the_operators_notice_is_read_in_ones_own_language(cast: Cast) -> None:
    notice = {"en": "Somebody <i>rings</i> in our name.", "ru": "Звонят от нашего имени."}
    settle(SAFETY_NOTICE, notice, by=cast.admin)
    for path in ("/support/contact/", "/safety/"):
        assert "Somebody <i>rings</i> in our name." in Browser(cast.seller).see(path).words
        assert "Звонят от нашего имени." in Browser(cast.seller_member).see(path).words


def test_the_rail_and_the_menu_lead_there(cast: Cast) -> None:
    links = Browser(cast.seller).see("/").links
    assert links["Support"] == "/support/"
    assert "/support/contact/" in links.values()
    desk = Browser(cast.agent).see("/").links
    assert "/support/" not in desk.values()


def test_a_stranger_is_asked_to_sign_in() -> None:
    answer = Client().get("/support/")
    assert answer.headers["Location"].startswith("/account/sign-in/")
