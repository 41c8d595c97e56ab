"""What is typed is kept until it is sent, and sent as it was typed."""

from __future__ import annotations

import uuid

import pytest

from cast import Cast
from parley.conversations.access import draft_of
from parley.conversations.drafting import MAX_DRAFT, drop_draft, keep_draft
from parley.conversations.models import Draft, Message
from parley.conversations.posting import MAX_TEXT, NothingToSay, TooLong
from parley.tickets.disputing import ask_operator
from parley.tickets.ending import cancel, rate
from parley.tickets.models import Ticket
from parley.tickets.opening import DRAFT, NewTicket, OpeningRefused, TooSoon, open_ticket
from parley.tickets.replying import Reply, draft_place, reply
from parley.tickets.states import NotAllowed


def test_a_draft_is_kept_and_replaced(cast: Cast) -> None:
    keep_draft(cast.seller, "ticket:1", "Where is")
    keep_draft(cast.seller, "ticket:1", "Where is it?", {"asks": True})
    draft = Draft.objects.get()
    assert (draft.text, draft.fields) == ("Where is it?", {"asks": True})


def test_a_draft_is_its_persons_alone_and_of_one_place(cast: Cast) -> None:
    keep_draft(cast.seller, "ticket:1", "Mine")
    for other in (cast.seller_member, cast.supplier, cast.admin):
        assert draft_of(other, "ticket:1") is None
    assert draft_of(cast.seller, "ticket:2") is None
    keep_draft(cast.seller_member, "ticket:1", "Theirs")
    assert draft_of(cast.seller, "ticket:1").text == "Mine"  # type: ignore[union-attr]


@pytest.mark.parametrize("nothing", ["", "  \n\t"])
def test_nothing_typed_is_no_draft(cast: Cast, nothing: str) -> None:
    keep_draft(cast.seller, "ticket:1", "Mine")
    keep_draft(cast.seller, "ticket:1", nothing, {"title": ""})
    assert draft_of(cast.seller, "ticket:1") is None
    keep_draft(cast.seller, "new-ticket", nothing, {"title": "Late"})
    assert draft_of(cast.seller, "new-ticket").fields == {"title": "Late"}  # type: ignore[union-attr]
    drop_draft(cast.seller, "new-ticket")
    drop_draft(cast.seller, "new-ticket")
    assert not Draft.objects.exists()


def test_a_draft_takes_anything(cast: Cast) -> None:
    keep_draft(
        cast.seller, "p", "a\x00b\ud800" + "x" * MAX_DRAFT, {"t\x00": ["\x00", {"a": "\udfff"}]}
    )
    draft = Draft.objects.get()
    assert len(draft.text) == MAX_DRAFT
    assert draft.text.startswith("abx")
    assert draft.fields == {"t": ["", {"a": ""}]}


def test_sending_drops_the_draft_and_a_refusal_keeps_it(cast: Cast) -> None:
    ticket = cast.ticket()
    place = draft_place(ticket.pk)
    keep_draft(cast.supplier, place, "On its way")
    for refused, words in (
        (NothingToSay, "  "),
        (TooLong, "x" * (MAX_TEXT + 1)),
    ):
        with pytest.raises(refused):
            reply(ticket.pk, Reply(text=words), by=cast.supplier)
        assert draft_of(cast.supplier, place)
    reply(ticket.pk, Reply(text="On its way"), by=cast.supplier)
    assert draft_of(cast.supplier, place) is None

    keep_draft(cast.seller, place, "But when?")
    cancel(ticket.pk, by=cast.seller)
    with pytest.raises(NotAllowed):
        reply(ticket.pk, Reply(text="But when?"), by=cast.seller)
    assert draft_of(cast.seller, place)


def test_opening_drops_the_draft_and_a_refusal_keeps_it(cast: Cast) -> None:
    keep_draft(cast.seller, DRAFT, "Where is it?", {"title": "Late"})
    fields = {"topic": cast.late_parcel, "to": cast.northwind, "text": "Where is it?"}
    with pytest.raises(OpeningRefused):
        open_ticket(NewTicket(title="", **fields), by=cast.seller)  # type: ignore[arg-type]
    assert draft_of(cast.seller, DRAFT)
    open_ticket(NewTicket(title="Late", **fields), by=cast.seller)  # type: ignore[arg-type]
    assert draft_of(cast.seller, DRAFT) is None
    keep_draft(cast.seller, DRAFT, "And the other one?", {"title": "Late"})
    with pytest.raises(TooSoon):
        open_ticket(NewTicket(title="Late", **fields), by=cast.seller)  # type: ignore[arg-type]
    assert draft_of(cast.seller, DRAFT)


def test_speaking_up_drops_the_draft(cast: Cast) -> None:
    ticket = cast.ticket()
    keep_draft(cast.seller, draft_place(ticket.pk), "Please decide")
    with pytest.raises(NothingToSay):
        ask_operator(ticket.pk, " ", by=cast.seller)
    assert draft_of(cast.seller, draft_place(ticket.pk))
    ask_operator(ticket.pk, "Please decide", by=cast.seller)
    assert draft_of(cast.seller, draft_place(ticket.pk)) is None


def test_fifty_thousand_characters_are_one_message(cast: Cast) -> None:
    ticket = cast.ticket()
    for text in ("я" * MAX_TEXT, "word " * (MAX_TEXT // 5 - 1) + "end", "𠀀" * MAX_TEXT):
        message = reply(ticket.pk, Reply(text=text), by=cast.seller)
        assert Message.objects.get(pk=message.pk).text == text
    with pytest.raises(TooLong):
        reply(ticket.pk, Reply(text="x" * (MAX_TEXT + 1)), by=cast.seller)


@pytest.mark.parametrize("strange", ["a\x00b", "\ud83d", "a\ud800", "\x00"])
def test_what_no_database_keeps_is_left_out_everywhere(cast: Cast, strange: str) -> None:
    ticket = cast.ticket(
        title=f"Late {strange}", text=f"Help {strange}", order_number=f"1{strange}"
    )
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert ticket.title.startswith("Late")
    assert "\x00" not in ticket.title + ticket.order_number
    reply(ticket.pk, Reply(text=f"Well {strange}"), by=cast.supplier)
    rate(ticket.pk, 3, f"Hm {strange}", by=cast.seller)
    assert Ticket.objects.get(pk=ticket.pk).rating_comment.startswith("Hm")


def test_a_title_is_one_line(cast: Cast) -> None:
    ticket = cast.ticket(title="  Late\r\nBcc: everyone@x.example\t\u2028again\u202e ")
    assert ticket.title == "Late Bcc: everyone@x.example again"


def test_the_same_submit_twice_is_one_message(cast: Cast) -> None:
    ticket = cast.ticket()
    said = Reply(text="On its way", submit_key=uuid.uuid4())
    once = reply(ticket.pk, said, by=cast.supplier)
    cancel(ticket.pk, by=cast.seller)
    assert reply(ticket.pk, said, by=cast.supplier) == once, "even when it could not be sent now"
    assert Message.objects.count() == 2


def test_the_same_submit_twice_opens_one_ticket(cast: Cast) -> None:
    new = NewTicket(
        topic=cast.late_parcel,
        to=cast.northwind,
        title="Late",
        text="Where?",
        submit_key=uuid.uuid4(),
    )
    ticket = open_ticket(new, by=cast.seller)
    assert open_ticket(new, by=cast.seller) == ticket, "no cool-down for the same one"


@pytest.mark.parametrize(
    ("problem", "fields"),
    [
        ("title", {"title": " \x00\u202e "}),
        ("title", {"title": "x" * 201}),
        ("text", {"text": "\x00 "}),
        ("text", {"text": "x" * (MAX_TEXT + 1)}),
        ("to", {"to": None}),
        ("to", {"to": "bright_home"}),
        ("to", {"to": "operator"}),
        ("priority", {"priority": "very"}),
        ("order_number", {"topic": "return_of_goods"}),
        ("order_number", {"topic": "return_of_goods", "order_number": "\x00 "}),
        ("order_number", {"order_number": "1" * 61}),
        ("topic", {"topic": "wrong_address"}),
        ("topic", {"topic": "documents"}),
    ],
)
def test_what_is_missing_is_said_by_name(
    cast: Cast, problem: str, fields: dict[str, object]
) -> None:
    named = {
        k: getattr(cast, str(v)) if k in ("to", "topic") and v else v for k, v in fields.items()
    }
    with pytest.raises(OpeningRefused) as refusal:
        cast.ticket(**named)
    assert problem in refusal.value.problems
    assert all(refusal.value.problems.values())
    assert not Ticket.objects.exists()


def test_a_topic_that_is_no_longer_offered(cast: Cast) -> None:
    cast.delivery.active = False
    cast.delivery.save()
    with pytest.raises(OpeningRefused) as refusal:
        cast.ticket()
    assert list(refusal.value.problems) == ["topic"]


def test_a_ticket_continues_one_that_its_opener_may_see(cast: Cast) -> None:
    old, others = cast.ticket(), cast.ticket(by=cast.other_seller)
    assert cast.ticket(continues=old.pk).continues == old
    assert cast.ticket(continues=others.pk).continues is None
    assert cast.ticket(continues=10**12).continues is None
