"""Macros: keeping them, filling them in, and using them on a ticket."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from cast import Cast
from parley.desk.filling import VARIABLES, fill, unknown_in
from parley.desk.keeping_macros import MacroRefused, MacroTyped, add_macro, change_macro, macros_for
from parley.desk.keeping_teams import NotLeads
from parley.desk.models import Macro
from parley.desk.using_macros import use_macro
from parley.journal.models import Entry
from parley.parties.models import Team
from parley.tickets.keeping_tags import TagTyped, add_tag
from parley.tickets.models import Ticket
from parley.tickets.tagging import tags_of


@given(st.text(max_size=200), st.dictionaries(st.sampled_from(VARIABLES), st.text(max_size=40)))
def test_a_value_is_put_in_as_it_is_and_never_looked_into(
    text: str, values: dict[str, str]
) -> None:
    assert fill(text.replace("{", ""), values) == text.replace("{", "")
    for name, value in values.items():
        assert fill(f"a {{{{ {name} }}}} b", values) == f"a {value} b"


def test_nothing_is_evaluated_and_what_is_unknown_stays_to_be_seen() -> None:
    text = "{{ticket.__class__}} {{ ticket.number }} {{7*7}} {% now %} {{TICKET.TITLE}}"
    values = {"ticket.number": "T-1", "ticket.title": "{{ticket.number}}"}
    assert fill(text, values) == "{{ticket.__class__}} T-1 {{7*7}} {% now %} {{ticket.number}}"
    assert unknown_in(text) == ["{{ticket.__class__}}"]


def test_a_macro_does_all_it_says_and_begins_the_answer(
    cast: Cast, money_team: Callable[..., Team]
) -> None:
    team = money_team(hands_out=False)
    tag = add_tag(TagTyped(name="refund"), by=cast.lead)
    macro = add_macro(
        MacroTyped(
            names={"en": "Where is the parcel", "ru": "Где посылка"},
            texts={
                "en": "Dear {{opener.name}}, about {{ticket.number}}.",
                "ru": "{{opener.name}}, по обращению {{ticket.number}}.",
            },
            way="reply",
            priority="urgent",
            hands="me",
            passes_to=team.pk,
            tags=frozenset({tag.pk, 999999}),
        ),
        by=cast.lead,
    )
    ticket = cast.ticket()
    begun = use_macro(macro.pk, ticket.pk, by=cast.agent)
    assert begun.text == f"Dear Selma Seller, about {ticket.number}."
    assert begun.way == "reply"
    ticket.refresh_from_db()
    assert (ticket.priority, ticket.assignee, ticket.team) == ("urgent", cast.agent.person, team)
    assert tags_of(ticket.pk) == [tag]
    assert Entry.objects.get(kind="MacroUsed").subject == f"ticket:{ticket.pk}"
    theirs = cast.ticket(by=cast.seller_member)
    assert use_macro(macro.pk, theirs.pk, by=cast.agent).text.startswith("Семён Продавцов, по")


def test_what_is_put_in_is_named_in_the_language_of_the_text(cast: Cast) -> None:
    """The agent reads English; whoever opened the ticket reads Russian, and is written to so."""
    texts = {"en": "About {{ticket.topic}}.", "ru": "Тема: {{ticket.topic}}."}
    macro = add_macro(MacroTyped(names={"en": "Topic"}, texts=texts), by=cast.lead)
    for opener, language in ((cast.seller, "en"), (cast.seller_member, "ru")):
        begun = use_macro(macro.pk, cast.ticket(by=opener).pk, by=cast.agent)
        name = cast.late_parcel.names[language]
        assert begun.text == texts[language].replace("{{ticket.topic}}", name)


def test_a_macro_of_a_team_is_that_teams(cast: Cast, money_team: Callable[..., Team]) -> None:
    team = money_team(members=frozenset({cast.agent.pk}))
    ours = add_macro(MacroTyped(names={"en": "Ours"}, team=team.pk), by=cast.lead)
    off = add_macro(MacroTyped(names={"en": "Off"}, active=False), by=cast.lead)
    assert list(macros_for(cast.agent)) == [ours]
    assert list(macros_for(cast.admin)) == []
    ticket: Ticket = cast.ticket()
    for macro, by in ((ours, cast.admin), (off, cast.agent)):
        with pytest.raises(Macro.DoesNotExist):
            use_macro(macro.pk, ticket.pk, by=by)
    with pytest.raises(PermissionDenied):
        use_macro(ours.pk, ticket.pk, by=cast.seller)


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("names", {"names": {"ru": "Только по-русски"}}),
        ("names", {"names": {"en": "n" * 61}}),
        ("text-ru", {"texts": {"ru": "{{ticket.secret}}"}}),
        ("text-en", {"texts": {"en": "t" * 10_001}}),
        ("way", {"way": "shout"}),
        ("priority", {"priority": "very"}),
        ("hands", {"hands": "you"}),
        ("passes_to", {"passes_to": 999999}),
        ("team", {"team": 999999}),
    ],
)
def test_what_cant_be_says_why(cast: Cast, field: str, given: dict[str, Any]) -> None:
    with pytest.raises(MacroRefused) as refusal:
        add_macro(MacroTyped(**{"names": {"en": "Good"}} | given), by=cast.lead)
    assert list(refusal.value.problems) == [field]


def test_each_change_is_kept_with_before_and_after(cast: Cast) -> None:
    macro = add_macro(MacroTyped(names={"en": "One"}), by=cast.lead)
    changed = MacroTyped(names={"en": "Two"}, priority="urgent", active=False)
    change_macro(macro.pk, changed, by=cast.admin)
    change_macro(macro.pk, changed, by=cast.admin)
    entry = Entry.objects.filter(kind="MacrosChanged").latest("id")
    assert entry.data["what"] == "changed"
    assert entry.data["fields"] == {
        "names": [{"en": "One"}, {"en": "Two"}],
        "priority": ["", "urgent"],
        "active": [True, False],
    }
    assert Entry.objects.filter(kind="MacrosChanged").count() == 2
    with pytest.raises(NotLeads):
        add_macro(MacroTyped(names={"en": "Mine"}), by=cast.agent)
