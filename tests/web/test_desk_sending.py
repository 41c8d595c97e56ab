"""Undo send: what an agent sends waits a few seconds, is taken back or goes out, and exactly once (S2)."""

from __future__ import annotations

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cast import Cast
from parley.conversations.attaching import receive
from parley.conversations.drafting import keep_draft
from parley.conversations.models import Attachment, Audience, Message, Scan
from parley.conversations.posting import NothingToSay
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.parties.settling import settle
from parley.tickets.disputing import step_in
from parley.tickets.ending import cancel
from parley.tickets.merging import MergeRefused, merge
from parley.tickets.models import Ticket, UnsentReply
from parley.tickets.replying import Reply, draft_place, reply
from parley.tickets.sending import SECONDS, SentAlready, send_due, send_later, send_now, take_back
from parley.tickets.states import NotAllowed
from web.pages import HTMX, Browser, Page

LATER = timedelta(seconds=5)


@pytest.fixture
def ticket(cast: Cast) -> Ticket:
    return cast.ticket(topic=cast.payouts, to=None)


def sent(cast: Cast, ticket: Ticket, text: str = "It is paid.", **more: object) -> UnsentReply:
    said = Reply(text=text, submit_key=uuid.uuid4(), **more)  # type: ignore[arg-type]
    made = send_later(ticket.pk, said, by=cast.agent)
    assert isinstance(made, UnsentReply)
    return made


def said_on(ticket: Ticket) -> list[str]:
    said = Message.objects.filter(conversation=ticket.conversation_id).order_by("id")
    return list(said.values_list("text", flat=True))[1:]


def test_it_goes_out_when_its_time_has_come_and_once(cast: Cast, ticket: Ticket) -> None:
    moment = now()
    row = sent(cast, ticket)
    assert said_on(ticket) == []
    assert not Entry.objects.filter(kind="ReplyPosted").exists(), "nobody has heard of it"
    assert send_due() == 0
    send_now(row.pk, by=cast.agent)
    assert said_on(ticket) == [], "its page is too early"
    with at(moment + 2 * LATER):
        send_now(row.pk, by=cast.lead)
        assert said_on(ticket) == [], "nor is it another's"
        assert send_due() == 1
        assert send_due() == 0
        send_now(row.pk, by=cast.agent)
    assert said_on(ticket) == ["It is paid."]
    ticket.refresh_from_db()
    assert ticket.status == "answered"
    assert Entry.objects.get(kind="ReplyPosted").person_id == cast.agent.person_id


def test_taken_back_it_is_a_draft_again(cast: Cast, ticket: Ticket) -> None:
    file = receive(cast.agent, "a.txt", SimpleUploadedFile("a.txt", b"bytes"))
    row = sent(cast, ticket, attachments=[file.pk])
    assert take_back(row.pk, by=cast.agent) == ticket.pk
    with at(now() + 2 * LATER):
        assert send_due() == 0
    assert said_on(ticket) == []
    draft = cast.agent.person.draft_set.get()  # type: ignore[attr-defined]
    assert (draft.text, [one["name"] for one in draft.files]) == ("It is paid.", ["a.txt"])
    with pytest.raises(SentAlready):
        take_back(row.pk, by=cast.agent)


def test_nobody_takes_back_anothers(cast: Cast, ticket: Ticket) -> None:
    row = sent(cast, ticket)
    with pytest.raises(SentAlready):
        take_back(row.pk, by=cast.lead)


def test_the_same_submit_twice_is_one_reply(cast: Cast, ticket: Ticket) -> None:
    said = Reply(text="It is paid.", submit_key=uuid.uuid4())
    rows = {getattr(send_later(ticket.pk, said, by=cast.agent), "pk", None) for _n in range(2)}
    assert len(rows) == 1
    with at(now() + 2 * LATER):
        send_due()
        again = send_later(ticket.pk, said, by=cast.agent)
    assert isinstance(again, Message)
    assert said_on(ticket) == ["It is paid."]


def test_what_would_be_refused_is_refused_at_once(cast: Cast, ticket: Ticket) -> None:
    with pytest.raises(NothingToSay):
        sent(cast, ticket, " ")
    cancel(ticket.pk, by=cast.seller)
    with pytest.raises(NotAllowed):
        sent(cast, ticket)
    assert not UnsentReply.objects.exists()


def test_what_is_refused_later_waits_for_its_sender(cast: Cast, ticket: Ticket) -> None:
    row = sent(cast, ticket)
    cancel(ticket.pk, by=cast.seller)
    with at(now() + 2 * LATER):
        send_due()
        assert send_due() == 0
    told = Entry.objects.get(kind="ReplyNotSent")
    assert (told.data["why"], told.data["seen"]) == ("NotAllowed", [cast.operator.pk])
    cast.agent.person.language = "en"
    cast.agent.person.save()
    page = Browser(cast.agent).see(f"/desk/tickets/{ticket.pk}/")
    assert "Not sent: the ticket has moved on." in page.words
    take_back(row.pk, by=cast.agent)
    assert cast.agent.person.draft_set.get().text == "It is paid."  # type: ignore[attr-defined]


def test_notes_others_and_a_marketplace_without_it_send_at_once(cast: Cast, ticket: Ticket) -> None:
    note = Reply(text="Note.", audience=Audience.OPERATOR, submit_key=uuid.uuid4())
    assert isinstance(send_later(ticket.pk, note, by=cast.agent), Message)
    theirs = Reply(text="And now?", submit_key=uuid.uuid4())
    assert isinstance(send_later(ticket.pk, theirs, by=cast.seller), Message)
    settle(SECONDS, 0, by=cast.admin)
    ours = Reply(text="It is paid.", submit_key=uuid.uuid4())
    assert isinstance(send_later(ticket.pk, ours, by=cast.agent), Message)


def test_on_the_page_it_waits_and_is_taken_back(cast: Cast, ticket: Ticket) -> None:
    browser = Browser(cast.lead)
    at_page = f"/desk/tickets/{ticket.pk}/"
    typed = {"text": "It is **paid**.", "way": "reply", "hold": "1", "submit_key": uuid.uuid4()}
    piece = Page(browser.post(f"/tickets/{ticket.pk}/replies/", typed, **HTMX))
    assert "Sent in a moment" in piece.words
    assert 'class="avatar"' in piece.html, "the bubble has the places of any other"
    assert piece.having("data-unsent")
    row = UnsentReply.objects.get()
    assert "Sent in a moment" in browser.see(at_page).words
    assert "Sent in a moment" not in Browser(cast.agent).see(at_page).words
    assert "paid" not in Browser(cast.seller).see(f"/tickets/{ticket.pk}/").words
    page = Page(browser.send(at_page, "taking-back/"))
    assert page.form("replies/").fields["text"] == ["It is **paid**."]
    gone = Page(browser.post(f"{at_page}taking-back/", {"unsent": str(row.pk)}, follow=True))
    assert "It has been sent already." in gone.words


def test_the_page_says_when_its_time_is_over(cast: Cast, ticket: Ticket) -> None:
    row = sent(cast, ticket)
    browser = Browser(cast.agent)
    with at(now() + 2 * LATER):
        answer = browser.post(f"/desk/tickets/{ticket.pk}/sending/", {"unsent": str(row.pk)})
    assert answer.status_code == 204
    assert said_on(ticket) == ["It is paid."]


def test_an_asking_asks_whom_it_was_meant_for(cast: Cast) -> None:
    disputed = cast.ticket()
    step_in(disputed.pk, "Let us see.", by=cast.agent)
    typed = {"text": "Which?", "way": "ask-opener", "hold": "1", "submit_key": uuid.uuid4()}
    Browser(cast.agent).post(f"/tickets/{disputed.pk}/replies/", typed, **HTMX)
    with at(now() + 2 * LATER):
        send_due()
    disputed.refresh_from_db()
    assert disputed.state == ("waiting", "opener", "open")
    assert reply(disputed.pk, Reply(text="This."), by=cast.seller)


def test_a_file_that_a_scanner_has_found_out_meanwhile_holds_up_nobody_else(
    cast: Cast, ticket: Ticket
) -> None:
    file = receive(cast.agent, "a.txt", SimpleUploadedFile("a.txt", b"bytes"))
    row = sent(cast, ticket, attachments=[file.pk])
    sent(cast, ticket, "And this?")
    Attachment.objects.filter(pk=file.pk).update(scan=Scan.INFECTED)
    with at(now() + 2 * LATER):
        assert send_due() == 2
    assert said_on(ticket) == ["And this?"]
    row.refresh_from_db()
    assert row.trouble == "FileInfected"


def test_what_was_typed_since_is_kept(cast: Cast, ticket: Ticket) -> None:
    place = draft_place(ticket.pk)
    row = sent(cast, ticket)
    sent(cast, ticket, "Is it there?")
    keep_draft(cast.agent, place, "One more thing")
    with at(now() + LATER / 2):
        take_back(row.pk, by=cast.agent)
    drafts = cast.agent.person.draft_set  # type: ignore[attr-defined]
    assert drafts.get().text == "It is paid.\n\nOne more thing"
    with at(now() + 2 * LATER):
        send_due()
    assert said_on(ticket) == ["Is it there?"]
    assert drafts.get().text == "It is paid.\n\nOne more thing"


def test_what_could_not_be_sent_doesnt_keep_a_ticket_from_being_merged(
    cast: Cast, ticket: Ticket
) -> None:
    other = cast.ticket(topic=cast.payouts, to=None)
    row = sent(cast, ticket)
    with pytest.raises(MergeRefused, match="just being sent"):
        merge(ticket.pk, other.pk, by=cast.lead)
    cancel(ticket.pk, by=cast.seller)
    with at(now() + 2 * LATER):
        send_due()
    merge(ticket.pk, other.pk, by=cast.lead)
    assert take_back(row.pk, by=cast.agent) == other.pk
