"""Merging and splitting tickets: nothing is lost, and nobody reads what they could not (S2)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from cast import Cast
from parley.conversations.access import messages_visible_to
from parley.conversations.attaching import receive
from parley.conversations.drafting import keep_draft
from parley.conversations.models import Attachment, Audience, Message
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.journal.recording import run_later
from parley.notifications.models import Notice
from parley.orders.models import Order
from parley.parties.models import Membership
from parley.tickets.access import attachments_visible_to, tickets_visible_to
from parley.tickets.assigning import claim
from parley.tickets.disputing import step_in
from parley.tickets.ending import cancel
from parley.tickets.finding import Filters, find
from parley.tickets.keeping_tags import TagTyped, add_tag
from parley.tickets.linking import link, links_of
from parley.tickets.merging import MergeRefused, merge
from parley.tickets.models import Ticket, TicketSide
from parley.tickets.reading import mark_read
from parley.tickets.replying import Reply, draft_place, reply
from parley.tickets.seeing import happenings, merged_into
from parley.tickets.splitting import Part, SplitRefused, split
from parley.tickets.states import Side, Status
from parley.tickets.tagging import put_tag, tags_of
from shop import Shop

NOTE, SIDE = Audience.OPERATOR, Audience.SIDE


def seen_by(who: Membership) -> set[int]:
    """The messages somebody can read, on whatever ticket they are."""
    found: set[int] = set()
    for ticket in tickets_visible_to(who):
        found |= set(messages_visible_to(who, ticket.conversation_id).values_list("pk", flat=True))
    return found


def everything_seen(cast: Cast) -> dict[str, set[int]]:
    return {name: seen_by(who) for name, who in cast.everybody.items()}


def two_sided(cast: Cast, by: Membership | None = None) -> Ticket:
    """A ticket of the seller (or another) with the operator alone."""
    return cast.ticket(topic=cast.payouts, to=None, by=by or cast.seller)


def fresh(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


# What is said on tickets: who, to whom, on which of them.
said = st.tuples(
    st.sampled_from(["seller", "supplier", "agent", "seller_member"]),
    st.sampled_from(["everyone", "side", "note"]),
    st.integers(0, 3),
)
merges = st.tuples(st.just("merge"), st.integers(0, 5), st.integers(0, 5))
splits = st.tuples(st.just("split"), st.integers(0, 5), st.integers(1, 2**8))


def say(cast: Cast, ticket: Ticket, who: str, audience: str) -> None:
    by = cast.everybody[who]
    side = ticket.side_of(by.party_id)
    words = {
        "everyone": Reply(text="For all."),
        "side": Reply(
            text="To us.", audience=SIDE, side=side if side != "operator" else Side.OPENER
        ),
        "note": Reply(text="A note.", audience=NOTE),
    }
    try:
        reply(ticket.pk, words[audience], by=by)
    except Exception:  # noqa: BLE001 - whatever is not theirs to say is not said
        return


def do(cast: Cast, tickets: list[Ticket], step: tuple[str, int, int]) -> None:
    what, first, second = step
    one = tickets[first % len(tickets)]
    try:
        if what == "merge":
            merge(one.pk, tickets[second % len(tickets)].pk, by=cast.agent)
            return
        on_it = Message.objects.filter(conversation__ticket=one.pk).order_by("id")
        chosen = [m.pk for n, m in enumerate(on_it) if second >> n & 1]
        tickets.append(split(one.pk, Part(messages=chosen, title="A part"), by=cast.lead))
    except (MergeRefused, SplitRefused):
        return


@settings(max_examples=25)
@given(
    talk=st.lists(said, max_size=8),
    steps=st.lists(st.one_of(merges, splits), min_size=1, max_size=5),
)
def test_whatever_is_merged_and_split_everybody_reads_what_they_could_and_nothing_else(
    cast: Cast, talk: list[tuple[str, str, int]], steps: list[tuple[str, int, int]]
) -> None:
    with transaction.atomic():
        tickets = [
            cast.ticket(),
            cast.ticket(by=cast.supplier, topic=cast.wrong_address, to=cast.bright_home),
            two_sided(cast),
            two_sided(cast, cast.supplier),
        ]
        for who, audience, on in talk:
            say(cast, tickets[on], who, audience)
        before, all_there = everything_seen(cast), Message.objects.count()
        for step in steps:
            do(cast, tickets, step)
            assert everything_seen(cast) == before, step
            assert Message.objects.count() == all_there
        for ticket in map(fresh, tickets):
            if ticket.merged_into_id:
                assert ticket.status in (Status.COMPLETED, Status.CANCELLED)
                assert fresh(ticket.merged_into).merged_into_id is None  # type: ignore[arg-type]
                assert not Message.objects.filter(conversation=ticket.conversation_id).exists()
        transaction.set_rollback(True)


def test_what_was_said_between_two_stays_between_them_where_a_third_reads_along(cast: Cast) -> None:
    source, target = cast.ticket(topic=cast.payouts, to=None, text="Zebra"), cast.ticket()
    (first,) = Message.objects.filter(conversation=source.conversation_id)
    step_in(target.pk, "Let us see.", by=cast.agent)
    merged = merge(source.pk, target.pk, by=cast.agent)
    assert merged == target
    first.refresh_from_db()
    assert (first.audience, first.audience_party) == (SIDE, cast.bright_home)
    assert first.conversation_id == target.conversation_id
    assert first.pk in seen_by(cast.seller) & seen_by(cast.lead)
    assert first.pk not in seen_by(cast.supplier)
    kinds = [entry.kind for entry in happenings(cast.supplier, target, merged_into(target.pk))]
    assert "TicketTookIn" not in kinds, "nor does it hear that there was anything"
    assert "TicketTookIn" in [e.kind for e in happenings(cast.seller, target)]
    found = {who: find(who, Filters(text="zebra")).rows for who in (cast.supplier, cast.seller)}
    assert not found[cast.supplier]
    assert [row.ticket_id for row in found[cast.seller]] == [target.pk]


def test_what_is_said_on_the_old_number_reaches_whom_it_was_meant_for(cast: Cast) -> None:
    source, target = two_sided(cast), cast.ticket()
    step_in(target.pk, "Let us see.", by=cast.agent)
    merge(source.pk, target.pk, by=cast.agent)
    for who in (cast.seller, cast.agent):
        made = reply(source.pk, Reply(text="About the payout."), by=who)
        assert made.conversation_id == target.conversation_id
        assert (made.audience, made.audience_party_id) == (SIDE, cast.bright_home.pk)
    assert made.pk not in seen_by(cast.supplier)
    same, other = (
        cast.ticket(),
        cast.ticket(by=cast.supplier, topic=cast.wrong_address, to=cast.bright_home),
    )
    merge(same.pk, other.pk, by=cast.agent)
    made = reply(same.pk, Reply(text="Any news?"), by=cast.seller)
    assert (made.conversation_id, made.audience) == (other.conversation_id, Audience.EVERYONE)
    to_us = Reply(text="To us.", audience=SIDE, side=Side.OPENER)
    made = reply(same.pk, to_us, by=cast.seller)
    assert made.audience_party_id == cast.bright_home.pk, "its side there is another one"


def test_the_promise_goes_on_by_the_earlier_date(cast: Cast) -> None:
    moment = now()
    with at(moment - timedelta(days=2)):
        early = cast.ticket()
    late = cast.ticket()
    due = fresh(early).due_at
    assert due is not None
    merge(early.pk, late.pk, by=cast.agent)
    assert fresh(late).due_at == due
    assert fresh(early).due_at is None
    assert fresh(late).state == ("created", "counterparty", "none")


def test_an_answered_ticket_owes_again_what_is_merged_into_it(cast: Cast) -> None:
    answered, asked = cast.ticket(), cast.ticket()
    reply(answered.pk, Reply(text="Done."), by=cast.supplier)
    merge(asked.pk, answered.pk, by=cast.agent)
    assert fresh(answered).state == ("in_progress", "counterparty", "none")
    assert fresh(answered).due_at is not None
    assert fresh(answered).completes_at is None
    by_supplier = cast.ticket(by=cast.supplier, topic=cast.wrong_address, to=cast.bright_home)
    other = cast.ticket()
    reply(other.pk, Reply(text="Done."), by=cast.supplier)
    merge(by_supplier.pk, other.pk, by=cast.agent)
    assert fresh(other).state == ("waiting", "opener", "none")


def test_what_cant_be_merged(cast: Cast) -> None:
    ticket, payout = cast.ticket(), two_sided(cast)
    disputed, ended, foreign = cast.ticket(), cast.ticket(), two_sided(cast, cast.other_seller)
    step_in(disputed.pk, "Let us see.", by=cast.agent)
    cancel(ended.pk, by=cast.seller)
    for one, other, says in (
        (ticket, ticket, "this ticket itself"),
        (ticket, payout, "Not everybody on"),
        (foreign, ticket, "Not everybody on"),
        (disputed, ticket, "in dispute"),
        (ticket, ended, "has ended"),
        (payout, ticket, "waits for our answer"),
    ):
        with pytest.raises(MergeRefused, match=says):
            merge(one.pk, other.pk, by=cast.agent)
    merge(ended.pk, ticket.pk, by=cast.agent)
    for one, other in ((ended, disputed), (disputed, ended)):
        with pytest.raises(MergeRefused, match="merged already"):
            merge(one.pk, other.pk, by=cast.agent)
    for who in (cast.seller, cast.supplier):
        with pytest.raises(PermissionDenied):
            merge(disputed.pk, ticket.pk, by=who)
    with pytest.raises(Ticket.DoesNotExist):
        merge(ticket.pk, 999_999_999, by=cast.agent)


def test_all_that_hangs_on_it_comes_along(cast: Cast) -> None:
    file = receive(cast.seller, "a.txt", SimpleUploadedFile("a.txt", b"bytes"))
    source = cast.ticket(
        attachments=[file.pk], order_number="HM-7", priority="urgent", text="Zebra"
    )
    target, third = cast.ticket(), cast.ticket()
    run_later(Entry.objects.filter(kind="TicketOpened").earliest("id").pk)
    claim(source.pk, by=cast.agent)
    put_tag(source.pk, add_tag(TagTyped(name="Fire"), by=cast.agent).pk, by=cast.agent)
    link(source.pk, "blocks", third.pk, by=cast.agent)
    link(source.pk, "relates", target.pk, by=cast.agent)
    for ticket, text in ((source, "half"), (target, "way")):
        keep_draft(cast.supplier, draft_place(ticket.pk), text)
    merge(source.pk, target.pk, by=cast.lead)
    target = fresh(target)
    assert (target.assignee, target.priority, target.urgency) == (cast.agent.person, "urgent", 0)
    assert [tag.name for tag in tags_of(target.pk)] == ["Fire"]
    assert [(one.standing, one.ticket) for one in links_of(target.pk)] == [("blocks", third)]
    assert links_of(source.pk) == []
    assert set(TicketSide.objects.filter(ticket=target).values_list("attachments", flat=True)) == {
        1
    }
    assert set(TicketSide.objects.filter(ticket=source).values_list("attachments", flat=True)) == {
        0
    }
    assert file in attachments_visible_to(cast.supplier)
    assert Attachment.objects.get(pk=file.pk).message.conversation == target.conversation  # type: ignore[union-attr]
    assert [row.ticket_id for row in find(cast.supplier, Filters(text="zebra")).rows] == [target.pk]
    (notice,) = Notice.objects.filter(person=cast.supplier.person, message_id=file_message(file))
    assert notice.ticket == target
    drafts = cast.supplier.person.draft_set.values_list("text", flat=True)  # type: ignore[attr-defined]
    assert list(drafts) == ["way\n\nhalf"]


def test_a_third_party_learns_nothing_of_an_order_between_others(cast: Cast, shop: Shop) -> None:
    order = shop.paid()
    source, target = two_sided(cast), cast.ticket()
    Ticket.objects.filter(pk=source.pk).update(order=order, order_number=str(order.number))
    Order.objects.filter(pk=order.pk).update(open_tickets=1)
    reply(source.pk, Reply(text="It is on its way."), by=cast.agent)
    merge(source.pk, target.pk, by=cast.lead)
    assert (fresh(target).order, fresh(target).order_number) == (None, "")


def test_the_order_counts_the_ticket_that_is_about_it_from_then_on(cast: Cast, shop: Shop) -> None:
    order = shop.passed()
    source, target = cast.ticket(order=order.pk), cast.ticket()
    merge(source.pk, target.pk, by=cast.lead)
    assert fresh(target).order == order
    order.refresh_from_db()
    assert order.open_tickets == 1
    cancel(target.pk, by=cast.seller)
    order.refresh_from_db()
    assert order.open_tickets == 0


def file_message(file: Attachment) -> int | None:
    file.refresh_from_db()
    return file.message_id


def test_what_nobody_has_read_stays_unread(cast: Cast) -> None:
    source, target = cast.ticket(), cast.ticket()
    mark_read(target.pk, now(), by=cast.supplier)
    mark_read(target.pk, now(), by=cast.supplier_member)
    mark_read(source.pk, now(), by=cast.supplier_member)
    merge(source.pk, target.pk, by=cast.agent)
    unread = {}
    for who in (cast.supplier, cast.supplier_member):
        (row,) = [r for r in find(who, Filters()).rows if r.ticket_id == target.pk]
        unread[who.pk] = row.read_at < row.activity_at  # type: ignore[attr-defined]
    assert unread == {cast.supplier.pk: True, cast.supplier_member.pk: False}


def test_merged_ones_follow_where_theirs_goes(cast: Cast) -> None:
    first, second, third = cast.ticket(), cast.ticket(), cast.ticket()
    merge(first.pk, second.pk, by=cast.agent)
    merge(second.pk, third.pk, by=cast.agent)
    assert {fresh(one).merged_into_id for one in (first, second)} == {third.pk}
    assert merged_into(third.pk) == [first.pk, second.pk]
    assert Message.objects.filter(conversation=third.conversation_id).count() == 3


def test_a_part_is_a_ticket_of_its_own(cast: Cast) -> None:
    source = cast.ticket(order_number="HM-7", text="A kettle. Zebra.")
    second = reply(source.pk, Reply(text="And a lamp is broken. Giraffe."), by=cast.seller)
    note = reply(source.pk, Reply(text="Two matters.", audience=NOTE), by=cast.agent)
    part = Part(messages=[second.pk, note.pk], title="Broken lamp", topic=cast.late_parcel.pk)
    made = split(source.pk, part, by=cast.agent)
    assert made.state == ("created", "counterparty", "none")
    assert (made.title, made.order_number, made.opener) == ("Broken lamp", "HM-7", cast.bright_home)
    assert fresh(made).due_at is not None
    assert [(one.standing, one.ticket) for one in links_of(made.pk)] == [("split", source)]
    assert [(one.standing, one.ticket) for one in links_of(source.pk)] == [("whole", made)]
    found = [row.ticket_id for row in find(cast.supplier, Filters(text="giraffe")).rows]
    assert made.pk in found
    kinds = [entry.kind for entry in happenings(cast.seller, source)]
    assert kinds == ["TicketSplit"]


def test_a_part_that_was_answered_is_answered(cast: Cast) -> None:
    source = cast.ticket()
    answer = reply(source.pk, Reply(text="The lamp is sent."), by=cast.supplier)
    made = split(source.pk, Part(messages=[answer.pk], title="The lamp"), by=cast.agent)
    assert made.state == ("answered", "opener", "none")
    assert made.answered_at is not None
    assert made.completes_at is not None


def test_what_cant_be_split_off(cast: Cast) -> None:
    source, other = cast.ticket(), cast.ticket()
    (first,) = Message.objects.filter(conversation=source.conversation_id)
    (foreign,) = Message.objects.filter(conversation=other.conversation_id)
    note = reply(source.pk, Reply(text="Note.", audience=NOTE), by=cast.agent)
    for messages, title, topic, says in (
        ([], "Lamp", None, "Choose the messages"),
        ([foreign.pk], "Lamp", None, "Choose the messages"),
        ([first.pk, note.pk], "Lamp", None, "Leave at least one"),
        ([note.pk], "Lamp", None, "everyone on the ticket can read"),
        ([first.pk], " ", None, "Say in a few words"),
        ([first.pk], "Lamp", cast.payouts.pk, "Pick a topic"),
    ):
        with pytest.raises(SplitRefused, match=says):
            split(source.pk, Part(messages=messages, title=title, topic=topic), by=cast.agent)
    for who in (cast.seller, cast.supplier):
        with pytest.raises(PermissionDenied):
            split(source.pk, Part(messages=[first.pk], title="Lamp"), by=who)
