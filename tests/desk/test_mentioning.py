"""@mention: whom an internal note names, and that they are told."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from cast import Cast
from parley.desk.mentioning import names_in
from parley.journal.models import Entry
from parley.journal.recording import run_later
from parley.notifications.choosing import mute
from parley.notifications.models import Kind, Notice
from parley.notifications.wording import sentence
from parley.parties.models import Membership, Team
from parley.tickets.assigning import pass_to
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply

NAMES = ["Anna", "Anna Petrova", "Пётр Ильич", "Money"]


def note(ticket: Ticket, text: str, *, by: Membership) -> None:
    reply(ticket.pk, Reply(text=text, audience="operator"), by=by)


def told_of(kind: str) -> set[Notice]:
    run_later(Entry.objects.filter(kind=kind).latest("id").pk)
    return set(Notice.objects.filter(event=kind))


def test_names_are_found_behind_their_mark() -> None:
    assert names_in("@Anna Petrova, look", NAMES) == {"Anna Petrova"}
    assert names_in("@anna, and @ПЕТР ИЛЬИЧ: who?", NAMES) == {"Anna", "Пётр Ильич"}
    assert names_in("(@Money) @Annabel", NAMES) == {"Money"}
    assert names_in("anna@money.example, @ Anna, @@Anna", NAMES) == set()


@given(st.text(max_size=80), st.sampled_from(NAMES), st.sampled_from(["", ".", ",", " !", "\n"]))
def test_a_name_of_its_own_is_found_wherever_it_stands(text: str, name: str, end: str) -> None:
    assert name in names_in(f"{text} @{name}{end}", NAMES)


def test_who_is_named_is_told_once_whether_they_take_part_or_not(cast: Cast) -> None:
    ticket = cast.ticket()
    mute(ticket.pk, by=cast.lead)
    note(ticket, "@Léa Lead and @агата агентова, what do you think?", by=cast.admin)
    notices = told_of("MessagePosted")
    assert {one.person for one in notices} == {cast.lead.person, cast.agent.person}
    assert {one.kind for one in notices} == {Kind.MENTIONED}
    assert {sentence(one) for one in notices} == {"Ada Admin named you in an internal note"}


def test_a_team_is_named_as_a_whole_and_nobody_outside(
    cast: Cast, money_team: Callable[..., Team]
) -> None:
    money_team()
    note(cast.ticket(), "@Money @Selma Seller: please", by=cast.admin)
    told = {one.person for one in told_of("MessagePosted")}
    assert told == {cast.agent.person, cast.lead.person}


def test_a_team_is_told_of_a_ticket_passed_to_it(
    cast: Cast, money_team: Callable[..., Team]
) -> None:
    team = money_team(hands_out=False)
    ticket: Ticket = cast.ticket()
    pass_to(ticket.pk, team.pk, by=cast.agent)
    notices = told_of("TicketPassed")
    assert {one.person for one in notices} == {cast.lead.person}
    assert {sentence(one) for one in notices} == {"Агата Агентова passed a ticket to your team"}
