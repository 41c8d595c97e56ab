"""The number in the bell, and reading."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from cast import Cast
from notifications.conftest import Tell
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.journal.recording import run_later
from parley.notifications.access import notices_of, told_as
from parley.notifications.counting import recount_all
from parley.notifications.models import Notice
from parley.notifications.reading import read_notices
from parley.parties.joining import join
from parley.parties.models import Membership, Person, Role
from parley.tickets.replying import Reply, reply


def number(who: Membership) -> int:
    """What stands in the bell."""
    return Person.objects.get(pk=who.person_id).unread_notices


def test_the_number_follows_what_is_told_and_read(cast: Cast, tell: Tell) -> None:
    one, other = cast.ticket(), cast.ticket()
    reply(one.pk, Reply(text="And one thing more."), by=cast.seller)
    tell()
    assert number(cast.supplier) == 3
    assert read_notices(cast.supplier, ticket_id=one.pk) == 2
    assert read_notices(cast.supplier, ticket_id=one.pk) == 0
    assert number(cast.supplier) == 1
    assert read_notices(cast.supplier) == 1
    assert number(cast.supplier) == 0
    assert number(cast.supplier_member) == 3
    assert other.pk


def test_what_came_after_the_page_was_drawn_stays_unread(cast: Cast, tell: Tell) -> None:
    ticket = cast.ticket()
    drawn_at = now()
    reply(ticket.pk, Reply(text="And one thing more."), by=cast.seller)
    tell()
    assert read_notices(cast.supplier, ticket_id=ticket.pk, until=drawn_at) == 1
    assert read_notices(cast.supplier, ticket_id=ticket.pk, until=drawn_at + timedelta(1)) == 1


def test_upto_reads_no_later_notice(cast: Cast, tell: Tell) -> None:
    cast.ticket()
    cast.ticket()
    tell()
    later, earlier = notices_of(cast.supplier)
    assert read_notices(cast.supplier, upto=earlier.pk) == 1
    later.refresh_from_db()
    assert later.read_at is None


def test_one_bell_for_all_the_parties_one_acts_for(cast: Cast, tell: Tell) -> None:
    at_other = join(cast.seller.person, cast.second_supplier, Role.MEMBER)
    mine = cast.ticket()
    cast.ticket(by=cast.other_seller, to=cast.second_supplier)
    reply(mine.pk, Reply(text="On its way."), by=cast.supplier)
    tell()
    for hat in (cast.seller, at_other):
        told = [(notice.ticket_id, told_as(notice)) for notice in notices_of(hat)]
        assert {membership for _ticket, membership in told} == {cast.seller, at_other}
    assert number(cast.seller) == 2


def test_who_has_left_a_party_sees_and_counts_its_notices_no_more(cast: Cast, tell: Tell) -> None:
    elsewhere = join(cast.supplier.person, cast.second_supplier, Role.MEMBER)
    cast.ticket()
    tell()
    assert number(cast.supplier) == 1
    Membership.objects.filter(pk=cast.supplier.pk).update(active=False)
    assert not notices_of(elsewhere).exists()
    assert recount_all() == 1
    assert number(cast.supplier) == 0
    assert recount_all() == 0


@pytest.mark.django_db(transaction=True)
def test_reading_while_being_told_never_loses_count(cast: Cast) -> None:
    """A reader marks everything read, again and again, while forty things are told."""
    for _n in range(40):
        cast.ticket()
    entries = list(Entry.objects.order_by("pk").values_list("pk", flat=True))
    failures: list[BaseException] = []
    done = threading.Event()

    def in_thread(work: object) -> threading.Thread:
        def run() -> None:
            try:
                work()  # type: ignore[operator]
            except BaseException as failure:  # noqa: BLE001
                failures.append(failure)
            finally:
                connection.close()

        return threading.Thread(target=run)

    def read() -> None:
        while not done.is_set():
            read_notices(cast.supplier)

    tellers = [
        in_thread(lambda part=entries[n::2]: [run_later(pk) for pk in part]) for n in range(2)
    ]
    readers = [in_thread(read) for _n in range(2)]
    for thread in [*readers, *tellers]:
        thread.start()
    for thread in tellers:
        thread.join()
    done.set()
    for thread in readers:
        thread.join()
    assert not failures
    unread = Notice.objects.filter(person=cast.supplier.person, read_at=None).count()
    assert number(cast.supplier) == unread
    assert number(cast.supplier_member) == 40


@pytest.mark.django_db(transaction=True)
def test_a_notice_written_but_not_committed_is_counted_when_it_is(cast: Cast) -> None:
    cast.ticket()
    cast.ticket()
    first, second = Entry.objects.order_by("pk").values_list("pk", flat=True)
    run_later(first)
    started = threading.Event()

    def read() -> None:
        started.set()
        read_notices(cast.supplier)
        connection.close()

    reader = threading.Thread(target=read)
    with transaction.atomic():
        run_later(second)
        reader.start()
        started.wait()
        reader.join(0.5)
        assert reader.is_alive()  # it waits for our lock on the person
    reader.join()
    unread = Notice.objects.filter(person=cast.supplier.person, read_at=None).count()
    assert number(cast.supplier) == unread == 0
