"""Turning mails off from a mail."""

from __future__ import annotations

import pytest
from django.test import Client

from cast import Cast
from parley.notifications.access import ways_of
from parley.notifications.choosing import ChoiceUnknown, choose_ways, kinds_for
from parley.notifications.models import Kind, Way
from parley.notifications.unsubscribing import (
    DIGEST,
    subscription,
    unsubscribe,
    unsubscribe_token,
)
from parley.parties.models import Person


def test_the_link_turns_one_kind_off_for_one_person(cast: Cast) -> None:
    subscribed = subscription(unsubscribe_token(cast.seller.person_id, Kind.REPLY))
    assert subscribed is not None
    assert subscribed.words == "A reply"
    unsubscribe(subscribed)
    unsubscribe(subscribed)
    assert [kind for kind, way in ways_of(cast.seller).items() if way == Way.OFF] == [Kind.REPLY]
    assert Way.OFF not in ways_of(cast.seller_member).values()


def test_the_digests_link_turns_off_what_came_in_it(cast: Cast) -> None:
    choose_ways(cast.seller, {Kind.REPLY: Way.DIGEST, Kind.RATED: Way.DIGEST})
    subscribed = subscription(unsubscribe_token(cast.seller.person_id, DIGEST))
    assert subscribed is not None
    unsubscribe(subscribed)
    ways = ways_of(cast.seller)
    assert (ways[Kind.REPLY], ways[Kind.RATED]) == (Way.OFF, Way.OFF)
    assert ways[Kind.NEW_TICKET] == Way.AT_ONCE


def test_a_link_that_is_not_ours_is_nobodys(cast: Cast) -> None:
    token = unsubscribe_token(cast.seller.person_id, Kind.REPLY)
    other = unsubscribe_token(cast.supplier.person_id, Kind.REPLY)
    mixed = other.split(":")[0] + ":" + token.split(":")[1]
    for wrong in ("", "x", token[:-1], mixed, f"{token}x", "a:b:c", "é:ю"):
        assert subscription(wrong) is None
    assert subscription(unsubscribe_token(cast.seller.person_id, "nonsense")) is None
    Person.objects.filter(pk=cast.seller.person_id).update(is_active=False)
    assert subscription(token) is None


def test_a_choice_is_taken_whole_or_not_at_all(cast: Cast) -> None:
    for wrong in ({Kind.REPLY: "loudly"}, {"gossip": Way.OFF}):
        with pytest.raises(ChoiceUnknown):
            choose_ways(cast.seller, {Kind.RATED: Way.OFF, **wrong})
    assert set(ways_of(cast.seller).values()) == {Way.AT_ONCE}


def test_people_outside_the_operator_are_not_offered_its_kinds(cast: Cast) -> None:
    assert Kind.NOTE in kinds_for(cast.agent)
    assert not {Kind.NOTE, Kind.ASSIGNED} & set(kinds_for(cast.seller))


# --- the page ---


@pytest.fixture
def link(cast: Cast) -> str:
    return f"/notices/unsubscribe/{unsubscribe_token(cast.seller.person_id, Kind.REPLY)}/"


@pytest.fixture
def anybody() -> Client:
    """Signed out, and as strict about forgery as a browser is told to be."""
    return Client(enforce_csrf_checks=True)


def test_following_the_link_asks_and_changes_nothing(
    cast: Cast, link: str, anybody: Client
) -> None:
    page = anybody.get(link)
    assert page.status_code == 200
    assert "No more of these mails?" in page.content.decode()
    assert "A reply" in page.content.decode()
    assert cast.seller.person.email not in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert Way.OFF not in ways_of(cast.seller).values()


def test_one_click_in_a_mail_client_is_enough(cast: Cast, link: str, anybody: Client) -> None:
    page = anybody.post(link, {"List-Unsubscribe": "One-Click"})
    assert page.status_code == 200
    assert ways_of(cast.seller)[Kind.REPLY] == Way.OFF
    assert "You will get no more of these mails" in page.content.decode()


def test_the_page_speaks_the_language_of_whose_mail_it_was(cast: Cast, anybody: Client) -> None:
    token = unsubscribe_token(cast.seller_member.person_id, Kind.REPLY)
    page = anybody.get(f"/notices/unsubscribe/{token}/", headers={"Accept-Language": "en"})
    assert '<html lang="ru"' in page.content.decode()


def test_a_wrong_link_leads_nowhere(link: str, anybody: Client) -> None:
    for method in (anybody.get, anybody.post):
        assert method(f"{link[:-2]}/").status_code == 404
    assert anybody.put(link).status_code == 405
