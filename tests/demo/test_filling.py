"""Filling the demo: everything in it has happened by the rules of the house."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import F

from parley.conversations.models import Attachment, Audience, Message
from parley.demo.filling import fill
from parley.demo.marketplace import accounts, parties
from parley.desk.models import Macro, SavedView
from parley.guard.modes import MODE, Mode
from parley.journal.models import Entry
from parley.journal.moment import at
from parley.mailboxes.models import Mailbox, MailedMessage, Outcome, RawMail
from parley.notifications.models import Mail, Undeliverable
from parley.parties.models import Membership, Party, PartyKind, Person, Team
from parley.parties.settling import settled
from parley.tickets.models import IS_OPEN, FieldValue, OrderField, Tagging, Ticket
from parley.tickets.states import REACHABLE, Side, Status

NOW = datetime(2026, 5, 20, 13, 30, tzinfo=UTC)
"""A Wednesday afternoon: somebody's answer is always due soon."""

pytestmark = [pytest.mark.slow, pytest.mark.django_db]


@pytest.fixture(scope="module", autouse=True)
def filled(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[int]:
    """The demo at a tenth of its size, filled once for all tests here."""
    with django_db_blocker.unblock(), transaction.atomic(), at(NOW):  # type: ignore[attr-defined]
        yield fill(scale=0.1, orders=0.1)
        transaction.set_rollback(True)


def test_a_tenth_of_the_tickets_is_there_and_everybody_takes_part(filled: int) -> None:
    assert Ticket.objects.count() == filled
    assert filled == pytest.approx(47, abs=10)
    assert Party.objects.exclude(kind=PartyKind.VISITOR).count() == len(parties())
    assert Person.objects.count() == Membership.objects.count()
    assert Ticket.objects.values("opener").distinct().count() > 10


def test_every_status_and_turn_can_be_seen() -> None:
    states = {ticket.state for ticket in Ticket.objects.all()}
    assert states <= REACHABLE
    assert {state.status for state in states} == set(Status)
    assert {state.turn for state in states} == set(Side)
    assert {"none", "open", "decided"} <= {state.dispute for state in states}


def test_some_are_due_soon_some_overdue_and_some_nobodys() -> None:
    open_now = Ticket.objects.filter(IS_OPEN)
    soon = open_now.filter(due_soon_told_at__isnull=False, ran_out_at=None)
    assert soon.exists()
    assert not soon.filter(due_at__lt=NOW).exists()
    over = open_now.filter(ran_out_at__isnull=False)
    assert over.exists()
    assert not over.filter(due_at__gt=NOW).exists()
    assert open_now.filter(operator_speaks=True, assignee=None).exists()
    assert open_now.filter(assignee__isnull=False).exists()


def test_nothing_has_happened_in_the_future_or_before_the_ticket() -> None:
    assert not Entry.objects.filter(at__gt=NOW).exists()
    assert not Message.objects.filter(at__gt=NOW).exists()
    assert not Message.objects.filter(at__lt=F("conversation__ticket__created_at")).exists()
    oldest = min(Ticket.objects.values_list("created_at", flat=True))
    assert NOW - timedelta(days=61) < oldest < NOW - timedelta(days=40)


def test_messages_stand_in_the_order_in_which_they_were_said() -> None:
    for ticket in Ticket.objects.all():
        moments = [message.at for message in ticket.conversation.messages.order_by("id")]
        assert moments == sorted(moments)


def test_each_ticket_was_opened_in_the_journal_and_has_the_order_its_topic_asks_for() -> None:
    kinds = Counter(Entry.objects.values_list("kind", flat=True))
    assert kinds["TicketOpened"] == Ticket.objects.count()
    for ticket in Ticket.objects.select_related("topic"):
        if ticket.topic.order_field == OrderField.REQUIRED:
            assert ticket.order_number
        if ticket.topic.order_field == OrderField.NONE:
            assert not ticket.order_number


def test_there_are_notes_asides_ratings_and_files_of_both_kinds() -> None:
    audiences = set(Message.objects.values_list("audience", flat=True))
    assert audiences == set(Audience.values)
    assert Ticket.objects.filter(stars__isnull=False).exists()
    types = set(Attachment.objects.values_list("media_type", flat=True))
    assert {"image/jpeg", "application/pdf"} <= types
    assert not Attachment.objects.filter(message=None).exists()


def test_the_desk_has_been_at_work() -> None:
    assert Team.objects.count() == 3
    assert Ticket.objects.filter(team__isnull=False).exists()
    assert Tagging.objects.exists()
    assert Macro.objects.filter(names__has_key="ru", texts__has_key="ru").exists()
    assert SavedView.objects.filter(shared="everyone").exists()
    assert FieldValue.objects.exists()
    assert Ticket.objects.filter(merged_into__isnull=False).count() <= 1
    assert settled(MODE) == Mode.HOLD


def test_old_answers_have_completed_by_themselves() -> None:
    assert Entry.objects.filter(kind="TicketExpired").exists()
    assert not Ticket.objects.filter(completes_at__lt=NOW).exists()


def test_the_people_to_sign_in_as_have_something_in_the_bell_and_few_mails_go_out() -> None:
    shown = [email for _role, email, _password in accounts()]
    unread = dict(Person.objects.filter(email__in=shown).values_list("email", "unread_notices"))
    assert len(unread) == len(shown)
    assert sum(count > 0 for count in unread.values()) >= len(shown) / 2
    assert Mail.objects.count() < 200


def test_one_can_sign_in_as_them() -> None:
    for _role, email, password in accounts()[:1]:
        assert Person.objects.get(email=email).check_password(password)


def test_mail_came_in_and_everything_that_can_become_of_it_is_to_be_seen() -> None:
    assert Mailbox.objects.get().address == "support@harbour.example"
    became = set(RawMail.objects.values_list("outcome", flat=True))
    never = {Outcome.WAITING, Outcome.HELD, Outcome.OWN, Outcome.DECLINED, Outcome.OPENED}
    assert became == set(Outcome) - never
    assert not RawMail.objects.filter(received_at__gt=NOW).exists()
    reasons = RawMail.objects.filter(outcome=Outcome.REVIEW).values_list("reason__code", flat=True)
    assert set(reasons) == {"stranger", "unproven", "other_sender", "empty"}


def test_answers_by_mail_stand_on_tickets_without_what_they_quote() -> None:
    posted = RawMail.objects.filter(outcome=Outcome.POSTED)
    assert {mail.verified for mail in posted} == {"token"}
    for mailed in MailedMessage.objects.filter(mail__in=posted).select_related("message"):
        assert mailed.folded
        assert "wrote:" not in mailed.message.text
        assert "Original Message" not in mailed.message.text
        assert ">" not in mailed.message.text
    assert Attachment.objects.filter(message__mailed__isnull=False).exists()


def test_a_mail_that_came_back_marks_the_person() -> None:
    assert Undeliverable.objects.get().address.startswith("gethin@")
