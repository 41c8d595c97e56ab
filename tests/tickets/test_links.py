"""How tickets hang together (S2)."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from cast import Cast
from parley.journal.models import Entry
from parley.tickets.linking import (
    CHOICES,
    LinkedToItself,
    NoSuchStanding,
    NoSuchTicket,
    link,
    links_of,
    unlink,
)

SEEN_FROM_THE_OTHER = {
    "relates": "relates",
    "duplicates": "duplicated",
    "duplicated": "duplicates",
    "blocks": "blocked",
    "blocked": "blocks",
}


@pytest.mark.parametrize("standing", CHOICES)
@pytest.mark.parametrize("from_the_later", [True, False])
def test_a_link_is_seen_from_both_ends(cast: Cast, standing: str, from_the_later: bool) -> None:
    one, other = cast.ticket(), cast.ticket()
    if from_the_later:
        one, other = other, one
    assert link(one.pk, standing, other.pk, by=cast.agent)
    assert not link(one.pk, standing, other.pk, by=cast.lead), "it is said already"
    assert not link(other.pk, SEEN_FROM_THE_OTHER[standing], one.pk, by=cast.lead)
    (here,), (there,) = links_of(one.pk), links_of(other.pk)
    assert (here.standing, here.ticket) == (standing, other)
    assert (there.standing, there.ticket) == (SEEN_FROM_THE_OTHER[standing], one)
    told = Entry.objects.filter(kind="TicketLinked")
    assert {entry.subject for entry in told} == {f"ticket:{one.pk}", f"ticket:{other.pk}"}
    assert all(entry.data["seen"] == [cast.operator.pk] for entry in told)
    assert unlink(other.pk, there.key, by=cast.lead)
    assert links_of(one.pk) == []
    assert not unlink(one.pk, here.key, by=cast.lead)


def test_what_cant_be_linked(cast: Cast) -> None:
    one, other = cast.ticket(), cast.ticket()
    with pytest.raises(LinkedToItself):
        link(one.pk, "relates", one.pk, by=cast.agent)
    with pytest.raises(NoSuchTicket):
        link(one.pk, "relates", 999_999_999, by=cast.agent)
    for standing in ("split", "likes"):
        with pytest.raises(NoSuchStanding):
            link(one.pk, standing, other.pk, by=cast.agent)
    for who in (cast.seller, cast.supplier):
        with pytest.raises(PermissionDenied):
            link(one.pk, "relates", other.pk, by=who)
        with pytest.raises(PermissionDenied):
            unlink(one.pk, 1, by=who)


def test_a_link_of_others_is_not_taken_away_from_here(cast: Cast) -> None:
    one, other, third = cast.ticket(), cast.ticket(), cast.ticket()
    link(one.pk, "relates", other.pk, by=cast.agent)
    (kept,) = links_of(one.pk)
    assert not unlink(third.pk, kept.key, by=cast.agent)
    assert links_of(one.pk) == [kept]
