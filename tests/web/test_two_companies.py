"""Somebody who works for two companies: nothing of one turns up at the other."""

from __future__ import annotations

import pytest
from django.test import Client

from cast import Cast
from parley.parties.joining import join
from parley.parties.models import Membership, Role
from parley.web.reader import ACTING_AS


@pytest.fixture
def second(cast: Cast) -> Membership:
    return join(cast.seller.person, cast.second_seller, Role.MEMBER)


def browser(who: Membership) -> Client:
    client = Client()
    client.force_login(who.person)
    session = client.session
    session[ACTING_AS] = who.pk
    session.save()
    return client


def test_what_was_typed_for_one_company_is_not_offered_for_the_other(
    cast: Cast, second: Membership
) -> None:
    browser(cast.seller).post("/drafts/", {"place": "new-ticket", "text": "Bright Home's secret"})
    assert "secret" in browser(cast.seller).get("/tickets/new/").content.decode()
    assert "secret" not in browser(second).get("/tickets/new/").content.decode()


def test_leaving_one_company_leaves_one_signed_in_for_the_other(
    cast: Cast, second: Membership
) -> None:
    client = browser(second)
    Membership.objects.filter(pk=second.pk).update(active=False)
    assert "Bright Home" in client.get("/").content.decode()
