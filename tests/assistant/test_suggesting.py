"""What an agent gets on a ticket: a suggested reply, the ticket in short, tickets like it (M7)."""

from __future__ import annotations

from typing import Any

import pytest

from cast import Cast
from parley.assistant import suggesting
from parley.assistant.likening import similar
from parley.assistant.models import Outcome, TicketVector
from parley.assistant.retrieving import FoundPassage, Hit, Retrieval
from parley.assistant.suggesting import suggest_reply
from parley.assistant.summarising import summary
from parley.assistant.vectoring import keep_missing, keep_vectors
from parley.conversations.models import Audience, Message
from parley.journal.models import Entry
from parley.journal.recording import run_later
from parley.parties.models import Membership
from parley.tickets import ending
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.states import Side, Status

STEPS = "1. Open the order.\n2. Press **Track**.\n3. Wait two days, then write to the carrier.\n"


class Library:
    """What is found, whatever is asked; remembers what was asked, and for whom."""

    def __init__(self, outcome: Outcome = Outcome.ANSWER) -> None:
        self.outcome = outcome
        self.asked: list[tuple[str, str, Membership | None]] = []

    def retrieve(self, question: str, *, language: str, reader: Membership | None) -> Retrieval:
        self.asked.append((question, language, reader))
        passage = FoundPassage(heading="", anchor="", body=STEPS, text=STEPS, score=0.9)
        hits = tuple(
            Hit(
                article_id=n,
                path=f"orders/{name}",
                title=name.replace("-", " ").capitalize(),
                language=language,
                score=0.9,
                passages=(passage,),
            )
            for n, name in enumerate(("late-parcels", "lost-parcels"), 1)
        )
        return Retrieval(hits=hits, outcome=self.outcome, confidence=0.9)


@pytest.fixture
def library(monkeypatch: pytest.MonkeyPatch) -> Library:
    library = Library()
    monkeypatch.setattr(suggesting, "retrieve", library.retrieve)
    return library


def payout_ticket(cast: Cast, **fields: Any) -> Ticket:
    return cast.ticket(topic=cast.payouts, to=None, **fields)


def test_the_reply_has_the_articles_steps_and_its_link_in_the_askers_language(
    cast: Cast, library: Library
) -> None:
    ticket = payout_ticket(cast, title="Parcel is late", text="Hello,\n\nwhere is it? Thanks!")
    found = suggest_reply(ticket.pk, by=cast.agent)
    assert found is not None
    assert found.text.startswith("Hello Selma,")
    assert "2. Press **Track**." in found.text
    assert "/help/en/orders/late-parcels/" in found.text
    assert [source["id"] for source in found.sources] == ["orders/late-parcels"]
    assert "Parcel is late. where is it?" in library.asked[0][0]
    in_russian = payout_ticket(
        cast, by=cast.seller_member, title="Посылка опаздывает", text="Подскажите, где она?"
    )
    found = suggest_reply(in_russian.pk, by=cast.agent)
    assert found is not None
    assert found.language == "ru"
    assert "/help/ru/orders/late-parcels/" in found.text


def test_it_goes_by_what_was_said_last_and_only_by_what_the_asker_may_read(
    cast: Cast, library: Library
) -> None:
    ticket = payout_ticket(cast, text="When will I be paid?")
    reply(ticket.pk, Reply(text="Tomorrow."), by=cast.agent)
    reply(ticket.pk, Reply(text="Thank you. How can I change my bank account?"), by=cast.seller)
    reply(ticket.pk, Reply(text="Secretly rich", audience=Audience.OPERATOR), by=cast.lead)
    suggest_reply(ticket.pk, by=cast.agent)
    question, language, reader = library.asked[-1]
    assert "How can I change my bank account?" in question
    assert "Secretly" not in question
    assert language == "en"
    assert reader is not None
    assert (reader.party.kind, reader.is_operator) == ("seller", False)


def test_several_articles_are_offered_and_nothing_is_made_up(cast: Cast, library: Library) -> None:
    ticket = payout_ticket(cast)
    library.outcome = Outcome.OFFER
    found = suggest_reply(ticket.pk, by=cast.agent)
    assert found is not None
    assert "late-parcels" in found.text
    assert "lost-parcels" in found.text
    library.outcome = Outcome.UNKNOWN
    found = suggest_reply(ticket.pk, by=cast.agent)
    assert found is not None
    assert (found.text, list(found.sources)) == ("", [])


def test_nothing_is_sent_by_itself_and_nobody_else_gets_it(cast: Cast, library: Library) -> None:
    ticket = payout_ticket(cast)
    said = Message.objects.count()
    suggest_reply(ticket.pk, by=cast.agent)
    assert Message.objects.count() == said
    for stranger in (cast.seller, cast.supplier, cast.other_seller):
        for what in (suggest_reply, summary, similar):
            with pytest.raises(Ticket.DoesNotExist):
                what(ticket.pk, by=stranger)


def test_the_summary_is_what_was_said_with_where(cast: Cast) -> None:
    ticket = cast.ticket(
        title="Broken lamp",
        text="Good morning,\n\nthe lamp of 14 May came broken. Please refund £24.90 to us.\n\nKind regards",
    )
    reply(ticket.pk, Reply(text="We have sent label JD014600003GB to you."), by=cast.supplier)
    note = reply(
        ticket.pk, Reply(text="They always say that.", audience=Audience.OPERATOR), by=cast.lead
    )
    short = summary(ticket.pk, by=cast.agent)
    assert short.wants is not None
    assert short.wants.text == "Please refund £24.90 to us."
    assert short.wants.who == "Selma Seller"
    assert [point.text for point in short.last] == [
        "We have sent label JD014600003GB to you.",
        "They always say that.",
    ]
    assert short.last[-1].is_note
    assert short.last[-1].message == note.pk
    assert {(fact.kind, fact.text) for fact in short.facts} == {
        ("sum", "£24.90"),
        ("date", "14 May"),
        ("code", "JD014600003GB"),
    }
    texts = " ".join(Message.objects.values_list("text", flat=True))
    for point in (short.wants, *short.last):
        assert point.text in texts, "nothing is put in other words"


def test_russian_messages_are_summed_up_too(cast: Cast) -> None:
    ticket = cast.ticket(
        by=cast.seller_member,
        text="Здравствуйте! Посылка пришла 3 марта. Прошу вернуть 1 500 руб. за доставку.",
    )
    short = summary(ticket.pk, by=cast.agent)
    assert short.wants is not None
    assert short.wants.text.startswith("Прошу вернуть 1 500 руб.")
    assert ("date", "3 марта") in {(fact.kind, fact.text) for fact in short.facts}


def test_similar_tickets_by_meaning_resolved_ones_first_with_their_answer(cast: Cast) -> None:
    solved = cast.ticket(title="Parcel lost", text="The parcel has been lost on its way to us.")
    reply(solved.pk, Reply(text="Hello. We have sent another one today."), by=cast.supplier)
    ending.rate(solved.pk, 5, "", by=cast.seller)
    still_open = cast.ticket(title="My parcel was lost", text="It was lost on its way to us.")
    cast.ticket(topic=cast.payouts, to=None, title="VAT number", text="Where do I enter it?")
    this = cast.ticket(title="Посылка потерялась", text="Посылку потеряли по дороге к нам.")
    assert keep_missing() == 4
    found = similar(this.pk, by=cast.agent)
    assert [one.ticket.pk for one in found] == [solved.pk, still_open.pk]
    assert found[0].ticket.status == Status.COMPLETED
    assert found[0].answer == "We have sent another one today."
    assert found[0].answered_by == "Northwind Supply"


def test_a_ticket_that_is_opened_gets_its_vector_by_a_job(cast: Cast) -> None:
    ticket = cast.ticket()
    run_later(Entry.objects.values_list("pk", flat=True).get(kind="TicketOpened"))
    from procrastinate.contrib.django.models import ProcrastinateJob

    jobs = ProcrastinateJob.objects.filter(task_name="assistant.keep_ticket_vector")
    assert [job.args["ticket_id"] for job in jobs] == [ticket.pk]
    assert keep_vectors([ticket.pk]) == 1
    assert keep_vectors([ticket.pk]) == 1, "again, and there is still one"
    assert TicketVector.objects.count() == 1
    assert keep_missing() == 0


def test_words_to_one_side_are_in_no_vector(cast: Cast) -> None:
    ticket = cast.ticket(title="Hello", text="Parcel")
    keep_vectors([ticket.pk])
    before = list(TicketVector.objects.get().vector)
    say = Reply(text="Only for us: bankruptcy", audience=Audience.SIDE, side=Side.OPENER)
    reply(ticket.pk, say, by=cast.seller)
    keep_vectors([ticket.pk])
    assert list(TicketVector.objects.get().vector) == before
