"""Tokens, languages and limits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from cast import Cast
from parley.journal.moment import at, now
from parley.parties import limiting
from parley.parties.models import ApiToken
from parley.parties.tokens import revoke_token
from web.api.calling import BASE, Caller


def test_a_token_says_who_it_acts_as(cast: Cast, supplier: Caller) -> None:
    me = supplier.get("/me").json()
    assert me["person"]["email"] == cast.supplier.person.email
    assert me["party"] == {"id": cast.northwind.pk, "name": "Northwind Supply", "kind": "supplier"}
    assert me["role"] == "owner"


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer parley_", "Bearer parley_unknown", "Basic YTpi", "Bearer é",
     "Bearer parley_" + "x" * 5000],
)  # fmt: skip
def test_without_a_valid_token_there_is_nothing(cast: Cast, header: str) -> None:
    refused = Caller(**({"Authorization": header} if header else {})).get("/me")
    assert refused.status_code == 401
    assert refused.headers["WWW-Authenticate"].startswith('Bearer realm="parley"')


def test_a_revoked_token_and_one_of_somebody_gone_are_refused(cast: Cast, seller: Caller) -> None:
    token = ApiToken.objects.get(membership=cast.seller)
    assert revoke_token(cast.seller, token.pk)
    assert seller.get("/me").status_code == 401
    gone = Caller(cast.supplier)
    cast.supplier.person.is_active = False
    cast.supplier.person.save()
    assert gone.get("/me").status_code == 401


def test_a_session_cookie_is_no_way_in(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.seller.person)
    assert client.get(f"{BASE}/me").status_code == 401
    assert client.post(f"{BASE}/tickets", {}, "application/json").status_code == 401


def test_words_come_in_the_language_asked_for_or_else_the_persons(cast: Cast) -> None:
    reader = Caller(cast.seller_member)
    russian = reader.get("/topics")
    assert russian.headers["Content-Language"] == "ru"
    assert "Посылка опаздывает" in {t["name"] for t in russian.json()["data"]}
    english = reader.get("/topics", **{"Accept-Language": "de, en;q=0.5"})
    assert english.headers["Content-Language"] == "en"
    assert "Late parcel" in {t["name"] for t in english.json()["data"]}


def test_what_is_left_is_told_and_then_refused(cast: Cast, seller: Caller) -> None:
    with at(now()):
        answer = seller.get("/me")
        assert answer.headers["RateLimit-Limit"] == "600"
        assert answer.headers["RateLimit-Remaining"] == "599"
        token = ApiToken.objects.get(membership=cast.seller)
        granted = [limiting.spend(token.pk).granted for _ in range(600)]
        assert granted == [True] * 599 + [False]
        refused = seller.get("/me")
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "1"
        assert refused.headers["RateLimit-Remaining"] == "0"
    with at(now() + timedelta(seconds=1)):
        assert seller.get("/me").status_code == 200
    assert Caller(cast.seller).get("/me").headers["RateLimit-Remaining"] == "599", "by token"


def test_a_refused_request_costs_nothing(cast: Cast, seller: Caller) -> None:
    token = ApiToken.objects.get(membership=cast.seller)
    start = now()
    with at(start):
        for _ in range(700):
            limiting.spend(token.pk)
    with at(start + timedelta(seconds=30)):
        assert limiting.spend(token.pk).left == 299
    with at(start + timedelta(hours=3)):
        assert limiting.spend(token.pk).left == 599
