"""What many people, tabs and workers do at the same moment happens once."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from cast import Cast
from crowd import all_at_once, crowd
from parley.conversations.attaching import AttachmentGone, receive
from parley.conversations.models import Attachment, Message
from parley.journal import recording
from parley.journal.events import Event
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.parties.models import Membership
from parley.tickets import completing
from parley.tickets.assigning import claim
from parley.tickets.claiming import claim_due_soon, claim_ran_out
from parley.tickets.completing import claim_completions, claim_reminders
from parley.tickets.ending import cancel, rate
from parley.tickets.models import Ticket, Topic
from parley.tickets.opening import NewTicket, TooSoon, open_ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.states import NotAllowed, Status

pytestmark = pytest.mark.usefixtures("transactional_db")
EIGHT = 8


def new(cast: Cast, **fields: Any) -> NewTicket:
    filled: dict[str, Any] = {
        "topic": cast.late_parcel,
        "to": cast.northwind,
        "title": "Late",
        "text": "Where is it?",
    }
    return NewTicket(**filled | fields)


def kinds() -> list[str]:
    return list(Entry.objects.order_by("id").values_list("kind", flat=True))


def test_the_cool_down_holds_for_eight_who_submit_at_once(cast: Cast) -> None:
    by = [cast.seller, cast.seller_member] * 4
    got = all_at_once([lambda by=by: open_ticket(new(cast), by=by) for by in by])
    opened = [ticket for ticket in got if isinstance(ticket, Ticket)]
    refused = [refusal for refusal in got if isinstance(refusal, TooSoon)]
    assert (len(opened), len(refused)) == (1, 7), got
    assert Ticket.objects.count() == Message.objects.count() == 1
    for refusal in refused:
        assert refusal.ticket == opened[0]
        assert timedelta(minutes=14) < refusal.wait <= timedelta(minutes=15)
    assert kinds() == ["TicketOpened"]


def test_the_cool_down_is_for_one_party_and_one_topic(cast: Cast) -> None:
    def opens(by: Membership, topic: Topic) -> Ticket:
        return open_ticket(new(cast, topic=topic, order_number="1042"), by=by)

    got = all_at_once(
        [
            lambda: opens(cast.seller, cast.late_parcel),
            lambda: opens(cast.seller, cast.return_of_goods),
            lambda: opens(cast.seller, cast.payouts),
            lambda: opens(cast.other_seller, cast.late_parcel),
            lambda: opens(cast.supplier, cast.payouts),
        ]
    )
    assert [type(ticket) for ticket in got] == [Ticket] * 5, got


def test_a_submit_that_comes_eight_times_opens_one_ticket(cast: Cast) -> None:
    key = uuid.uuid4()
    got = crowd(EIGHT, lambda: open_ticket(new(cast, submit_key=key), by=cast.seller))
    assert {type(ticket) for ticket in got} == {Ticket}, got
    assert len({ticket.pk for ticket in got if isinstance(ticket, Ticket)}) == 1
    assert Ticket.objects.count() == Message.objects.count() == 1
    assert kinds() == ["TicketOpened"]


def test_a_reply_that_comes_eight_times_is_one_message(cast: Cast) -> None:
    ticket = cast.ticket()
    said = Reply(text="On its way", submit_key=uuid.uuid4())
    got = crowd(EIGHT, lambda: reply(ticket.pk, said, by=cast.supplier))
    assert len({m.pk for m in got if isinstance(m, Message)}) == 1, got
    assert Message.objects.count() == 2
    assert kinds() == ["TicketOpened", "ReplyPosted"]


def test_the_same_key_of_two_people_is_two_messages(cast: Cast) -> None:
    ticket, key = cast.ticket(), uuid.uuid4()
    for by in (cast.supplier, cast.supplier_member):
        reply(ticket.pk, Reply(text="On its way", submit_key=key), by=by)
    assert Message.objects.count() == 3


def test_eight_replies_at_once_are_eight_messages_in_order(cast: Cast) -> None:
    ticket = cast.ticket()
    by = [cast.seller, cast.supplier, cast.seller_member, cast.supplier_member] * 2
    got = all_at_once(
        [lambda by=by, i=i: reply(ticket.pk, Reply(text=f"{i}"), by=by) for i, by in enumerate(by)]
    )
    assert {type(m) for m in got} == {Message}, got
    at = list(Message.objects.order_by("id").values_list("at", flat=True))
    assert at == sorted(at)
    assert len(kinds()) == 9


def test_a_ticket_is_rated_once(cast: Cast) -> None:
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="It left."), by=cast.supplier)
    stars = [1, 2, 3, 4, 5, 1, 2, 3]
    got = all_at_once([lambda s=s: rate(ticket.pk, s, by=cast.seller) for s in stars])
    rated = [t for t in got if isinstance(t, Ticket)]
    assert len(rated) == 1, got
    assert sum(isinstance(refusal, NotAllowed) for refusal in got) == 7
    assert Ticket.objects.get(pk=ticket.pk).stars == rated[0].stars
    assert kinds().count("TicketRated") == 1


def test_cancelling_and_replying_at_once_end_in_one_order(cast: Cast) -> None:
    ticket = cast.ticket()
    cancelled, replied = all_at_once(
        [
            lambda: cancel(ticket.pk, by=cast.seller),
            lambda: reply(ticket.pk, Reply(text="It left."), by=cast.supplier),
        ]
    )
    assert isinstance(cancelled, Ticket)
    assert isinstance(replied, (Message, NotAllowed))
    assert Ticket.objects.get(pk=ticket.pk).status == Status.CANCELLED


def test_an_upload_is_sent_once(cast: Cast) -> None:
    tickets = [cast.ticket() for _i in range(4)]
    kept = receive(cast.seller, "photo.txt", SimpleUploadedFile("photo.txt", b"A photo, in words"))
    got = all_at_once(
        [
            lambda t=t: reply(t.pk, Reply(text="See", attachments=[kept.pk]), by=cast.seller)
            for t in tickets
        ]
    )
    assert sum(isinstance(m, Message) for m in got) == 1, got
    assert sum(isinstance(refusal, AttachmentGone) for refusal in got) == 3
    sent = next(m for m in got if isinstance(m, Message))
    assert Attachment.objects.get().message_id == sent.pk
    assert Message.objects.count() == 5, "a refused reply leaves no message"


def test_two_messages_that_want_the_same_two_uploads_do_not_wait_for_each_other(cast: Cast) -> None:
    tickets = [cast.ticket() for _i in range(2)]
    one, two = (
        receive(cast.seller, "a.txt", SimpleUploadedFile("a.txt", text)).pk
        for text in (b"one", b"two")
    )
    got = all_at_once(
        [
            lambda: reply(tickets[0].pk, Reply(text="", attachments=[one, two]), by=cast.seller),
            lambda: reply(tickets[1].pk, Reply(text="", attachments=[two, one]), by=cast.seller),
        ]
    )
    assert {type(m) for m in got} == {Message, AttachmentGone}, got


def test_claiming_a_ticket_from_eight_desks_is_told_truly(cast: Cast) -> None:
    ticket = cast.ticket()
    by = [cast.agent, cast.lead, cast.admin, cast.agent]
    all_at_once([lambda by=by: claim(ticket.pk, by=by) for by in by])
    told = Entry.objects.filter(kind="TicketAssigned").order_by("id")
    assert told.last().data["assignee"] == Ticket.objects.get(pk=ticket.pk).assignee_id  # type: ignore[union-attr]


# --- what comes due ---


@pytest.fixture
def answered(cast: Cast) -> list[Ticket]:
    """Seven answered tickets that nobody carries on with."""
    tickets = [cast.ticket() for _i in range(7)]
    for ticket in tickets:
        reply(ticket.pk, Reply(text="It left."), by=cast.supplier)
    return tickets


def later(days: float, action: Any) -> Any:
    def acts() -> Any:
        with at(now() + timedelta(days=days)):
            return action()

    return acts


def test_many_workers_complete_each_ticket_once(answered: list[Ticket]) -> None:
    got = crowd(6, later(6, lambda: claim_completions(limit=2)))
    assert all(isinstance(n, int) for n in got), got
    while later(6, claim_completions)():
        pass
    assert kinds().count("TicketExpired") == len(answered)
    assert set(Ticket.objects.values_list("status", flat=True)) == {Status.COMPLETED}


def test_many_workers_remind_of_each_ticket_once(answered: list[Ticket]) -> None:
    got = crowd(6, later(4.5, lambda: claim_reminders(limit=2)))
    assert all(isinstance(n, int) for n in got), got
    while later(4.5, claim_reminders)():
        pass
    assert kinds().count("CompletionReminded") == len(answered)
    assert later(4.6, claim_reminders)() == 0


def test_a_continued_ticket_is_neither_reminded_of_nor_completed(
    cast: Cast, answered: list[Ticket]
) -> None:
    reply(answered[0].pk, Reply(text="It is not here."), by=cast.seller)
    assert later(4.5, claim_reminders)() == 6
    assert later(6, claim_completions)() == 6
    assert Ticket.objects.get(pk=answered[0].pk).status == Status.IN_PROGRESS


def test_a_reply_and_the_completion_at_once_end_in_one_order(cast: Cast) -> None:
    tickets = [cast.ticket() for _i in range(4)]
    for ticket in tickets:
        reply(ticket.pk, Reply(text="It left."), by=cast.supplier)
    got = all_at_once(
        [later(6, claim_completions)]
        + [lambda t=t: reply(t.pk, Reply(text="No."), by=cast.seller) for t in tickets]  # type: ignore[list-item]
    )
    assert not [e for e in got if isinstance(e, Exception) and not isinstance(e, NotAllowed)], got
    for ticket, said in zip(tickets, got[1:], strict=True):
        status = Ticket.objects.get(pk=ticket.pk).status
        expired = Entry.objects.filter(subject=f"ticket:{ticket.pk}", kind="TicketExpired").count()
        if isinstance(said, Message):
            assert (status, expired) == (Status.IN_PROGRESS, 0)
        else:
            assert (status, expired) == (Status.COMPLETED, 1)


class Crash(Exception):
    pass


@pytest.fixture(params=["an exception", "a killed connection"])
def crashing_worker(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[str]]:
    """The third thing recorded is the last: the worker dies between claim and record."""
    died: list[str] = []
    recorded = 0

    def dies(event: Event, *, by: Any) -> Entry:
        nonlocal recorded
        recorded += 1
        if recorded == 3:
            died.append(type(event).__name__)
            if request.param == "an exception":
                raise Crash
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return recording.record(event, by=by)

    monkeypatch.setattr(completing, "record", dies)
    return died  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("claims", "days", "kind"),
    [(claim_completions, 6, "TicketExpired"), (claim_reminders, 4.5, "CompletionReminded")],
)
def test_a_crash_between_claim_and_record_loses_and_doubles_nothing(
    answered: list[Ticket], crashing_worker: list[str], claims: Any, days: float, kind: str
) -> None:
    (got,) = all_at_once([later(days, claims)])
    assert crashing_worker == [kind]
    assert isinstance(got, Exception)
    assert kind not in kinds(), "what was not committed never was"
    assert later(days, claims)() == len(answered)
    assert later(days, claims)() == 0
    assert kinds().count(kind) == len(answered)


def test_clocks_are_claimed_once_by_many_workers(cast: Cast) -> None:
    for _i in range(7):
        cast.ticket()
    moment = Ticket.objects.earliest("due_at").due_at
    assert moment is not None
    with at(moment - timedelta(seconds=1)):
        soon = now()
    claimed = all_at_once([later_at(soon, claim_due_soon)] * 4)
    assert sorted(c.ticket for batch in claimed for c in batch) == sorted(  # type: ignore[union-attr]
        Ticket.objects.values_list("pk", flat=True)
    )
    claimed = all_at_once([later_at(moment + timedelta(hours=1), claim_ran_out)] * 4)
    assert len([c for batch in claimed for c in batch]) == 7  # type: ignore[union-attr]


def later_at(moment: Any, claims: Any) -> Any:
    def acts() -> Any:
        with at(moment):
            return claims(100)

    return acts


def test_a_later_reaction_runs_once_for_many_workers(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[int] = []
    lock = threading.Lock()

    def react(event: Event, entry: Entry) -> None:
        with lock:
            ran.append(entry.pk)

    cast.ticket()
    entry = Entry.objects.get()
    table = recording.Reactions(later={type_of(entry): (react,)})
    monkeypatch.setattr(recording, "_table", table)
    got = crowd(EIGHT, lambda: recording.run_later(entry.pk))
    assert got == [None] * EIGHT
    assert ran == [entry.pk]


def type_of(entry: Entry) -> type[Event]:
    return Event.kinds[entry.kind]
