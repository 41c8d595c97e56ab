"""What sellers and suppliers write to each other: warned of, flagged, held, released, declined."""

from __future__ import annotations

import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile

from cast import Cast
from parley.conversations.access import draft_of, unsent_attachments_of
from parley.conversations.attaching import AttachmentGone, discard_unsent, receive
from parley.conversations.attaching import take_back as drop
from parley.conversations.drafting import keep_draft
from parley.conversations.models import Attachment, Message
from parley.guard.access import flags_of, held_waiting, own_held
from parley.guard.models import Flag, HeldReply, HeldState
from parley.guard.modes import MODE, Mode
from parley.guard.reviewing import (
    DecidedAlready,
    ReasonRefused,
    SenderGone,
    decline,
    release,
    take_back,
)
from parley.guard.watching import OffPlatform, watch_opening, watch_reply
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.journal.recording import run_later
from parley.orders.models import Consignment, Shipment
from parley.parties.models import Membership
from parley.parties.pinning import pin_to_show
from parley.parties.settling import settle
from parley.tickets.ending import cancel
from parley.tickets.merging import merge
from parley.tickets.models import Ticket
from parley.tickets.opening import NewTicket
from parley.tickets.replying import Reply, draft_place, reply
from parley.tickets.states import NotAllowed
from shop import Shop

AWAY = "Call me on +44 7700 900123, it is quicker."


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def holds(cast: Cast) -> None:
    settle(MODE, Mode.HOLD.value, by=cast.admin)


def warned(ticket: Ticket, said: Reply, by: Membership) -> OffPlatform:
    with pytest.raises(OffPlatform) as warning:
        watch_reply(ticket.pk, said, by=by)
    return warning.value


def held_of(ticket: Ticket, by: Membership, **said: Any) -> HeldReply:
    reply_ = Reply(**{"text": AWAY} | said)
    held = watch_reply(ticket.pk, reply_, by=by, aware=warned(ticket, reply_, by).aware)
    assert held is not None
    return held


def told(kind: str) -> None:
    """Let the later reactions run of the last that was recorded of this kind."""
    run_later(Entry.objects.filter(kind=kind).latest("id").pk)


def test_a_sender_is_warned_before_it_is_sent(cast: Cast) -> None:
    ticket = cast.ticket()
    warning = warned(ticket, Reply(text=AWAY), cast.supplier)
    assert warning.kinds == ["phone"]
    assert not warning.holds
    assert warning.findings[0].shown == "+44 7700 900123"
    assert watch_reply(ticket.pk, Reply(text=AWAY), by=cast.supplier, aware=warning.aware) is None
    # What they have agreed to is that, and nothing more.
    more = Reply(text=f"{AWAY} Or john@example.com.")
    with pytest.raises(OffPlatform):
        watch_reply(ticket.pk, more, by=cast.supplier, aware=warning.aware)


@pytest.mark.parametrize(
    "text", ["It left this morning.", "", "Order 104277, SKU KET-100, T-10042."]
)
def test_what_carries_nothing_goes(cast: Cast, text: str) -> None:
    assert watch_reply(cast.ticket().pk, Reply(text=text), by=cast.supplier) is None


def test_it_is_between_sellers_and_suppliers_alone(cast: Cast) -> None:
    to_operator, ticket = cast.ticket(topic=cast.payouts), cast.ticket()
    assert watch_reply(to_operator.pk, Reply(text=AWAY), by=cast.seller) is None
    assert watch_reply(ticket.pk, Reply(text=AWAY), by=cast.agent) is None
    only_operator = Reply(text=AWAY, audience="side", side="opener")  # type: ignore[arg-type]
    assert watch_reply(ticket.pk, only_operator, by=cast.seller) is None
    settle(MODE, Mode.OFF.value, by=cast.admin)
    assert watch_reply(ticket.pk, Reply(text=AWAY), by=cast.seller) is None


def test_somebody_elses_ticket_is_none(cast: Cast) -> None:
    with pytest.raises(Ticket.DoesNotExist):
        watch_reply(cast.ticket().pk, Reply(text=AWAY), by=cast.other_seller)


def test_what_the_order_is_known_by_is_let_through(cast: Cast, shop: Shop) -> None:
    order = shop.passed(to_phone="+44 7700 900123", to_email="hale@example.com")
    part = Consignment.objects.get(order=order)
    Shipment.objects.create(consignment=part, carrier="DPD", tracking="4155551234567")
    ticket = cast.ticket(order=order.pk)
    for text in (
        "The buyer, on 07700 900123 or hale@example.com, was not in.",
        f"Order {order.number}, {order.channel_number}, parcel 4155551234567, from brighthome.example",
    ):
        assert watch_reply(ticket.pk, Reply(text=text), by=cast.supplier) is None
    assert warned(ticket, Reply(text="Ring 07700 900124"), cast.supplier).kinds == ["phone"]


def test_an_opening_is_looked_at_as_well(cast: Cast) -> None:
    def open_(topic: Any, title: str, text: str, aware: str = "") -> None:
        new = NewTicket(topic=topic, to=cast.northwind, title=title, text=text)
        watch_opening(new, by=cast.seller, aware=aware)

    with pytest.raises(OffPlatform) as warning:
        open_(cast.late_parcel, "Write to me@example.com", AWAY)
    assert warning.value.kinds == ["email", "phone"]
    open_(cast.late_parcel, "Write to me@example.com", AWAY, warning.value.aware)
    open_(cast.payouts, "Write to me@example.com", AWAY)
    settle(MODE, Mode.HOLD.value, by=cast.admin)
    with pytest.raises(OffPlatform) as refused:
        open_(cast.late_parcel, "Write to me@example.com", AWAY, warning.value.aware)
    assert refused.value.holds


def test_what_was_sent_is_flagged_to_the_operator_alone(cast: Cast) -> None:
    ticket = cast.ticket(title="Mail john@example.com", text="Please.")
    told("TicketOpened")
    said = reply(ticket.pk, Reply(text=AWAY), by=cast.supplier)
    told("ReplyPosted")
    told("ReplyPosted")
    reply(ticket.pk, Reply(text="Thanks."), by=cast.seller)
    told("ReplyPosted")
    second, first = flags_of(ticket.conversation_id)
    assert [one[0] for one in first.title_findings] == ["email"]
    assert second.message_id == said.pk
    ((kind, start, end),) = second.findings
    assert (kind, said.text[start:end]) == ("phone", "+44 7700 900123")
    flagged = Entry.objects.filter(kind="MessageFlagged").order_by("id")
    assert [entry.data["found"] for entry in flagged] == [["email"], ["phone"]]
    assert {tuple(entry.data["seen"]) for entry in flagged} == {(cast.operator.pk,)}


def test_what_the_operator_says_or_hears_is_not_flagged(cast: Cast) -> None:
    ticket, to_operator = cast.ticket(), cast.ticket(topic=cast.payouts, text=AWAY)
    told("TicketOpened")
    reply(to_operator.pk, Reply(text=AWAY), by=cast.agent)
    told("ReplyPosted")
    settle(MODE, Mode.OFF.value, by=cast.admin)
    reply(ticket.pk, Reply(text=AWAY), by=cast.supplier)
    told("ReplyPosted")
    assert not Flag.objects.exists()


def test_a_held_reply_is_kept_whole_and_not_sent(cast: Cast, holds: None) -> None:
    ticket, key = cast.ticket(), uuid.uuid4()
    file = receive(cast.supplier, "photo.txt", SimpleUploadedFile("photo.txt", b"bytes"))
    assert warned(ticket, Reply(text=AWAY), cast.supplier).holds
    said = {"attachments": [file.pk], "submit_key": key, "asks": True}
    held = held_of(ticket, cast.supplier, **said)
    assert held_of(ticket, cast.supplier, **said) == held
    assert (held.text, held.asks, held.state) == (AWAY, True, HeldState.WAITING)
    assert Message.objects.filter(conversation=ticket.conversation_id).count() == 1
    assert not unsent_attachments_of(cast.supplier).exists()
    assert not drop(cast.supplier, file.pk)
    with at(now() + timedelta(days=30)):
        assert discard_unsent() == 0
    entry = Entry.objects.get(kind="ReplyHeld")
    assert set(entry.data["seen"]) == {cast.northwind.pk, cast.operator.pk}
    assert list(held_waiting()) == list(own_held(cast.supplier, ticket.pk)) == [held]
    assert not own_held(cast.seller, ticket.pk)


def test_released_it_is_its_senders_and_moves_the_ticket(cast: Cast, holds: None) -> None:
    ticket = cast.ticket()
    file = receive(cast.supplier, "photo.txt", SimpleUploadedFile("photo.txt", b"bytes"))
    held = held_of(ticket, cast.supplier, attachments=[file.pk])
    keep_draft(cast.supplier, draft_place(ticket.pk), "And another thing")
    message = release(held.pk, by=cast.agent)
    told("ReplyPosted")
    assert (message.person, message.text) == (cast.supplier.person, AWAY)
    assert Attachment.objects.get(pk=file.pk).message == message
    assert Ticket.objects.get(pk=ticket.pk).status == "answered"
    assert not Flag.objects.exists(), "it was looked at"
    draft = draft_of(cast.supplier, draft_place(ticket.pk))
    assert draft is not None
    assert draft.text == "And another thing"
    for again in (
        lambda: release(held.pk, by=cast.lead),
        lambda: decline(held.pk, "x", by=cast.lead),
    ):
        with pytest.raises(DecidedAlready):
            again()
    assert Message.objects.filter(conversation=ticket.conversation_id).count() == 2


def test_where_the_ticket_stands_now_decides(cast: Cast, holds: None) -> None:
    ticket = cast.ticket()
    held = held_of(ticket, cast.supplier)
    cancel(ticket.pk, by=cast.seller)
    with pytest.raises(NotAllowed):
        release(held.pk, by=cast.agent)
    held.refresh_from_db()
    assert held.state == HeldState.WAITING
    with pytest.raises(NotAllowed):
        held_of(ticket, cast.supplier, submit_key=uuid.uuid4())


def test_nothing_is_sent_for_who_has_left(cast: Cast, holds: None) -> None:
    held = held_of(cast.ticket(), cast.supplier)
    Membership.objects.filter(pk=cast.supplier.pk).update(active=False)
    with pytest.raises(SenderGone):
        release(held.pk, by=cast.agent)


def test_declined_it_comes_back_with_the_reason(cast: Cast, holds: None) -> None:
    ticket = cast.ticket()
    file = receive(cast.supplier, "photo.txt", SimpleUploadedFile("photo.txt", b"bytes"))
    held = held_of(ticket, cast.supplier, attachments=[file.pk])
    for nothing in ("", "  ", "x" * 3000):
        with pytest.raises(ReasonRefused):
            decline(held.pk, nothing, by=cast.agent)
    decline(held.pk, "Keep the number out, please.", by=cast.agent)
    (mine,) = own_held(cast.supplier, ticket.pk)
    assert (mine.state, mine.reason) == (HeldState.DECLINED, "Keep the number out, please.")
    keep_draft(cast.supplier, draft_place(ticket.pk), "Hello")
    with pytest.raises(HeldReply.DoesNotExist):
        take_back(held.pk, by=cast.supplier_member)
    take_back(held.pk, by=cast.supplier)
    draft = draft_of(cast.supplier, draft_place(ticket.pk))
    assert draft is not None
    assert draft.text == f"{AWAY}\n\nHello"
    assert [one["name"] for one in draft.files] == ["photo.txt"]
    assert not own_held(cast.supplier, ticket.pk)
    with pytest.raises(DecidedAlready):
        take_back(held.pk, by=cast.supplier)


def test_its_sender_may_take_it_back_while_it_waits(cast: Cast, holds: None) -> None:
    held = held_of(cast.ticket(), cast.supplier)
    take_back(held.pk, by=cast.supplier)
    with pytest.raises(DecidedAlready):
        release(held.pk, by=cast.agent)


def test_only_the_operator_decides(cast: Cast, holds: None) -> None:
    held = held_of(cast.ticket(), cast.supplier)
    for act in (
        lambda: release(held.pk, by=cast.seller),
        lambda: decline(held.pk, "x", by=cast.seller),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_others_files_are_not_held(cast: Cast, holds: None) -> None:
    file = receive(cast.seller, "photo.txt", SimpleUploadedFile("photo.txt", b"bytes"))
    with pytest.raises(AttachmentGone):
        held_of(cast.ticket(), cast.supplier, attachments=[file.pk])
    assert not HeldReply.objects.exists()


def test_what_is_held_has_no_pin_in_the_clear(cast: Cast, holds: None) -> None:
    pin = pin_to_show(by=cast.supplier).digits
    held = held_of(cast.ticket(), cast.supplier, text=f"{AWAY} PIN {pin}")
    assert pin not in held.text


def test_a_quoted_pin_doesnt_move_what_was_found(cast: Cast, holds: None) -> None:
    pin = " ".join(pin_to_show(by=cast.supplier).digits)
    held = held_of(cast.ticket(), cast.supplier, text=f"PIN {pin}. {AWAY}")
    ((_kind, start, end),) = held.findings
    assert held.text[start:end] == "+44 7700 900123"


def test_what_is_held_follows_its_ticket_into_another(cast: Cast, holds: None) -> None:
    source, target = cast.ticket(), cast.ticket()
    held = held_of(source, cast.supplier)
    merge(source.pk, target.pk, by=cast.lead)
    assert list(own_held(cast.supplier, target.pk)) == [held]
    message = release(held.pk, by=cast.agent)
    assert (message.conversation_id, message.audience) == (target.conversation_id, "everyone")
