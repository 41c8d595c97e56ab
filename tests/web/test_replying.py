"""Saying something on a ticket through its page: every way, with scripts and without, and refused."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cast import Cast
from parley.conversations.attaching import receive
from parley.conversations.models import Attachment, Audience, Draft, Message
from parley.tickets.disputing import step_in
from parley.tickets.ending import close
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.states import Side
from web.pages import HTMX, Browser, Page


def at_page(ticket: Ticket, who: Any = None) -> str:
    return f"/desk/tickets/{ticket.pk}/" if who and who.is_operator else f"/tickets/{ticket.pk}/"


def replies(ticket: Ticket) -> str:
    return f"/tickets/{ticket.pk}/replies/"


def test_a_plain_form_leads_back_to_the_message(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = Browser(cast.supplier)
    answer = browser.send(at_page(ticket), "replies/", text="On **its** way.", follow=False)
    said = Message.objects.latest("pk")
    assert answer.headers["Location"] == f"/tickets/{ticket.pk}/#m{said.pk}"
    page = browser.see(at_page(ticket))
    assert "<strong>its</strong>" in page.html
    assert f"m{said.pk}" in page.having("id")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.turn) == ("answered", "opener")


def test_with_scripts_the_answer_is_the_message(cast: Cast) -> None:
    ticket = cast.ticket()
    answer = Browser(cast.supplier).post(replies(ticket), {"text": "On its way."}, **HTMX)
    said = Message.objects.latest("pk")
    page = Page(answer)
    assert answer.status_code == 200
    assert page.having("id") == [f"m{said.pk}"]
    assert "On its way." in page.words
    assert "<html" not in page.html


@pytest.mark.parametrize(
    ("who", "way", "audience", "party", "status"),
    [
        ("seller", "reply", "everyone", None, "created"),
        ("supplier", "reply", "everyone", None, "answered"),
        ("supplier", "ask", "everyone", None, "waiting"),
        ("seller", "only-opener", "side", "bright_home", "created"),
        ("supplier", "only-counterparty", "side", "northwind", "created"),
        ("agent", "only-opener", "side", "bright_home", "created"),
        ("agent", "only-counterparty", "side", "northwind", "created"),
        ("agent", "note", "operator", None, "created"),
    ],
)
@pytest.mark.parametrize("scripts", [True, False])
def test_each_way_reaches_whom_it_says(
    cast: Cast, who: str, way: str, audience: str, party: str | None, status: str, scripts: bool
) -> None:
    ticket = cast.ticket()
    browser = Browser(cast.everybody[who])
    answer = browser.post(replies(ticket), {"text": "ZEBRA", "way": way}, **HTMX if scripts else {})
    assert answer.status_code == (200 if scripts else 302)
    said = Message.objects.latest("pk")
    assert (said.text, said.audience) == ("ZEBRA", audience)
    assert said.audience_party == (getattr(cast, party) if party else None)
    ticket.refresh_from_db()
    assert ticket.status == status
    readers = {
        reader: "ZEBRA" in Browser(cast.everybody[reader]).see(_at(cast, reader, ticket)).words
        for reader in ("seller", "supplier", "lead")
    }
    assert readers == {
        "seller": audience == "everyone" or party == "bright_home",
        "supplier": audience == "everyone" or party == "northwind",
        "lead": True,
    }


def _at(cast: Cast, reader: str, ticket: Ticket) -> str:
    return at_page(ticket, cast.everybody[reader])


@pytest.mark.parametrize("way", ["ask-opener", "ask-counterparty", "reply"])
def test_the_operator_asks_whom_it_names_in_a_dispute(cast: Cast, way: str) -> None:
    ticket = cast.ticket()
    step_in(ticket.pk, "Let us see.", by=cast.agent)
    Browser(cast.agent).send(at_page(ticket, cast.agent), "replies/", text="So?", way=way)
    ticket.refresh_from_db()
    assert ticket.turn == {"reply": "operator"}.get(way, way.partition("-")[2])


@pytest.mark.parametrize(
    ("who", "ways"),
    [
        ("seller", ["reply", "only-opener"]),
        ("supplier", ["reply", "ask", "only-counterparty"]),
        ("agent", ["note", "only-opener", "only-counterparty"]),
    ],
)
def test_the_page_offers_what_its_reader_may_say(cast: Cast, who: str, ways: list[str]) -> None:
    ticket = cast.ticket()
    page = Browser(cast.everybody[who]).see(_at(cast, who, ticket))
    offered = [
        a["value"]
        for tag, a in page.tags
        if (tag == "input" and a.get("name") == "way") or (tag == "option" and "data-button" in a)
    ]
    assert offered == ways
    assert page.form("replies/").fields["way"] == ways[:1]


@pytest.mark.parametrize(
    ("who", "way"),
    [
        ("seller", "note"),
        ("seller", "ask"),
        ("seller", "only-counterparty"),
        ("supplier", "only-opener"),
        ("seller", "only-operator"),
        ("seller", "shout"),
        ("seller", "only"),
        ("agent", "reply"),
    ],
)
def test_no_form_of_ones_own_making_says_more_than_the_page_offers(
    cast: Cast, who: str, way: str
) -> None:
    ticket = cast.ticket()
    answer = Browser(cast.everybody[who]).post(
        replies(ticket), {"text": "ZEBRA", "way": way}, **HTMX
    )
    assert answer.status_code == 409
    assert not Message.objects.filter(text="ZEBRA").exists()


def test_the_same_form_sent_twice_says_it_once(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = Browser(cast.supplier)
    typed = {"text": "On its way.", "submit_key": str(uuid.uuid4())}
    first, again = (Page(browser.post(replies(ticket), typed, **HTMX)) for _ in range(2))
    assert first.having("id") == again.having("id")
    assert Message.objects.filter(text="On its way.").count() == 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "Write something or add a file first."),
        (" \n ", "Write something or add a file first."),
        ("x" * 50_001, "The text is longer than 50000 characters. Send it in two parts."),
    ],
)
def test_a_refusal_says_why_and_keeps_the_text(cast: Cast, text: str, says: str) -> None:
    ticket = cast.ticket()
    browser = Browser(cast.supplier)
    answer = browser.post(replies(ticket), {"text": text}, **HTMX)
    assert answer.status_code == 422
    assert says in Page(answer).words
    assert "Your text is still here." in Page(answer).words
    plain = browser.post(replies(ticket), {"text": text, "way": "ask"})
    page = Page(plain)
    assert plain.status_code == 422
    assert says in page.words
    assert page.form("replies/").fields["text"] == [text]
    assert page.form("replies/").fields["way"] == ["ask"], "a note must not become a reply"
    assert Message.objects.count() == 1


def test_a_reply_to_a_ticket_that_has_ended_meanwhile_is_not_lost(cast: Cast) -> None:
    ticket = cast.ticket()
    close(ticket.pk, by=cast.seller)
    browser = Browser(cast.supplier)
    typed = {"text": "It is here <now>."}
    answer = browser.post(replies(ticket), typed, **HTMX)
    assert answer.status_code == 409
    assert "the ticket has moved on" in Page(answer).words
    plain = Page(browser.post(replies(ticket), typed))
    assert plain.status == 409
    assert "It is here <now>." in plain.words
    assert "New ticket about this" in plain.links


def test_a_note_is_kept_even_on_an_ended_ticket(cast: Cast) -> None:
    ticket = cast.ticket()
    close(ticket.pk, by=cast.seller)
    answer = Browser(cast.lead).post(replies(ticket), {"text": "Noted.", "way": "note"}, **HTMX)
    assert answer.status_code == 200
    assert "Internal note" in Page(answer).words


def test_files_come_along_with_the_plain_form_and_survive_its_refusal(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = Browser(cast.supplier)
    photo = SimpleUploadedFile("photo.txt", b"bytes")
    refused = browser.post(replies(ticket), {"text": "x" * 50_001, "files": [photo]})
    fields = Page(refused).form("replies/").fields
    assert "photo.txt" in Page(refused).words
    browser.post(replies(ticket), {**fields, "text": "Look."})
    assert Message.objects.latest("pk").attachments.get().name == "photo.txt"


def test_a_file_alone_is_something_to_say(cast: Cast) -> None:
    ticket = cast.ticket()
    file = SimpleUploadedFile("photo.txt", b"bytes")
    answer = Browser(cast.supplier).post(replies(ticket), {"text": "", "files": [file]})
    assert answer.status_code == 302
    assert Message.objects.latest("pk").attached == 1


def test_an_empty_file_is_named_and_the_others_are_kept(cast: Cast) -> None:
    ticket = cast.ticket()
    files = [SimpleUploadedFile("good.txt", b"bytes"), SimpleUploadedFile("hollow.txt", b"")]
    page = Page(Browser(cast.supplier).post(replies(ticket), {"text": "Look.", "files": files}))
    assert page.status == 422
    assert "“hollow.txt” is empty." in page.words
    assert "good.txt" in page.words
    assert page.form("replies/").fields["text"] == ["Look."]


def test_nobody_sends_a_file_that_is_anothers_or_gone(cast: Cast) -> None:
    ticket = cast.ticket()
    theirs = receive(cast.supplier, "s.txt", SimpleUploadedFile("s.txt", b"bytes"))
    for key in (theirs.pk, uuid.uuid4()):
        answer = Browser(cast.seller).post(
            replies(ticket), {"text": "Mine!", "attachment": [str(key)]}, **HTMX
        )
        assert answer.status_code == 422
        assert "One of the files is not there any more." in Page(answer).words
    assert Attachment.objects.get().message is None


def test_a_draft_waits_through_signing_out_and_refusal_and_goes_once_sent(cast: Cast) -> None:
    ticket = cast.ticket()
    browser = Browser(cast.supplier)
    browser.post("/drafts/", {"place": f"ticket:{ticket.pk}", "text": "I think th"})
    browser.post("/account/sign-out/")
    browser.force_login(cast.supplier.person)
    assert browser.see(at_page(ticket)).form("replies/").fields["text"] == ["I think th"]
    assert Browser(cast.supplier_member).see(at_page(ticket)).form("replies/").fields["text"] == [
        ""
    ]
    browser.post(replies(ticket), {"text": ""}, **HTMX)
    assert Draft.objects.get().text == "I think th"
    browser.post(replies(ticket), {"text": "I think that it is late."}, **HTMX)
    assert not Draft.objects.exists()


def test_what_is_typed_while_the_session_runs_out_is_asked_to_sign_in_first(cast: Cast) -> None:
    ticket = cast.ticket()
    answer = Browser().post(replies(ticket), {"text": "Hello"}, **HTMX)
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/account/sign-in/")
    draft = Browser().post("/drafts/", {"place": "x", "text": "y"}, HTTP_ACCEPT="application/json")
    assert draft.status_code == 401
    assert not Draft.objects.exists()


def test_an_emptied_draft_is_gone(cast: Cast) -> None:
    browser = Browser(cast.seller)
    for text, kept in (("Half", 1), ("", 0)):
        browser.post("/drafts/", {"place": "new-ticket", "text": text})
        assert Draft.objects.count() == kept


def test_what_was_typed_into_a_dialog_and_refused_waits_in_the_reply(cast: Cast) -> None:
    ticket = cast.ticket()
    step_in(ticket.pk, "Let us see.", by=cast.agent)
    browser = Browser(cast.seller)
    browser.post("/drafts/", {"place": f"ticket:{ticket.pk}", "text": "Half a reply"})
    answer = browser.post(
        f"/tickets/{ticket.pk}/escalation/", {"text": "They won't pay."}, follow=True
    )
    page = Page(answer)
    assert "the ticket has moved on" in page.words
    assert page.form("replies/").fields["text"] == ["Half a reply\n\nThey won't pay."]


def test_html_in_a_message_is_text(cast: Cast) -> None:
    ticket = cast.ticket(title="<script>alert(1)</script>")
    nasty = '<img src=x onerror=alert(1)> [link](javascript:alert(1)) <svg onload="alert(1)">'
    reply(ticket.pk, Reply(text=nasty), by=cast.supplier)
    page = Browser(cast.seller).see(at_page(ticket))
    assert not any(name.startswith("on") for _tag, a in page.tags for name in a)
    assert not any("javascript:" in a.get("href", "") for _tag, a in page.tags)
    assert "<script>alert(1)</script>" in page.words


def test_a_word_to_one_side_says_who_reads_it(cast: Cast) -> None:
    ticket = cast.ticket()
    said = Reply(text="ZEBRA", audience=Audience.SIDE, side=Side.OPENER)
    reply(ticket.pk, said, by=cast.agent)
    page = Browser(cast.seller).see(at_page(ticket))
    assert "Only Bright Home and the operator see this" in page.words
