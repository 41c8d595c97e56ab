"""Scopes of tokens: what a program may do with the key it was given, and nothing else."""

from __future__ import annotations

import pytest
from django.test import Client

from cast import Cast
from parley.parties.models import ApiToken, Scope
from parley.parties.tokens import NoScopes, make_token
from web.matrix import WHO_MAY, addresses
from web.pages import Browser
from web.scene import Scene

OPEN = {"api:root", "api:openapi"}


def program(cast: Cast, *scopes: str) -> Client:
    _row, secret = make_token(cast.seller, "a program", scopes)
    return Client(headers={"authorization": f"Bearer {secret}"})


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        (Scope.TICKETS_READ, "GET", "tickets", 200),
        (Scope.TICKETS_READ, "GET", "topics", 200),
        (Scope.TICKETS_READ, "POST", "tickets", 403),
        (Scope.TICKETS_READ, "GET", "orders", 403),
        (Scope.TICKETS_WRITE, "GET", "tickets", 403),
        (Scope.TICKETS_WRITE, "POST", "tickets", 422),
        (Scope.ORDERS_READ, "GET", "orders", 200),
        (Scope.ORDERS_READ, "POST", "orders", 403),
        (Scope.ORDERS_READ, "GET", "balances", 403),
        (Scope.MONEY_READ, "GET", "balances", 200),
        (Scope.MONEY_READ, "GET", "invoices", 200),
        (Scope.MONEY_READ, "GET", "me", 200),
        (Scope.MONEY_READ, "GET", "tickets", 403),
    ],
)
def test_a_token_is_good_for_its_scopes_alone(
    cast: Cast, scope: Scope, method: str, path: str, status: int
) -> None:
    answer = program(cast, scope).generic(method, f"/api/v1/{path}", b"{}", "application/json")
    assert answer.status_code == status, answer.content
    if status == 403:
        told = answer.json()
        assert told["type"] == "urn:parley:problem:out-of-scope"
        assert told["detail"] in Scope.values
        assert told["detail"] != scope
        assert f'scope="{told["detail"]}"' in answer.headers["WWW-Authenticate"]


def test_every_address_is_within_a_scope_or_for_any_token() -> None:
    from parley.web.api.scopes import scope_for

    for name, path in addresses().items():
        if name.startswith("api:") and name not in OPEN:
            for method in WHO_MAY[name].methods.split():
                assert (scope_for(path, method) is None) == (name == "api:me"), name


def test_without_a_scope_nothing_can_be_done_anywhere(cast: Cast, settings: object) -> None:
    """Whatever the address: a token that is good for balances opens no ticket and no order."""
    scene, client = Scene(cast), program(cast, Scope.MONEY_READ)
    for name, rule in WHO_MAY.items():
        path = addresses().get(name, "")
        area = path.split("/")[3] if name.startswith("api:") else ""
        if area in ("", "openapi.json", "me", "balances", "invoices"):
            continue
        for method in rule.methods.split():
            asked = client.generic(method, scene.path(name), b"{}", "application/json")
            assert asked.status_code == 403, (name, method)


def test_a_token_from_before_is_good_for_everything(cast: Cast) -> None:
    row, _secret = make_token(cast.seller, "old")
    assert set(row.scopes) == set(ApiToken._meta.get_field("scopes").get_default()) == set(Scope)
    assert not row.is_narrowed


@pytest.mark.parametrize("scopes", [[], ["everything"], ["tickets:read", "root"]])
def test_a_token_is_made_for_something_that_there_is(cast: Cast, scopes: list[str]) -> None:
    with pytest.raises(NoScopes):
        make_token(cast.seller, "x", scopes)
    assert not ApiToken.objects.exists()


def test_it_is_narrowed_on_the_page_of_settings(cast: Cast) -> None:
    browser = Browser(cast.seller)
    browser.send("/settings/", "tokens/", name="reports", scope=["money:read"])
    assert ApiToken.objects.get().scopes == ["money:read"]
    assert "Look at balances and invoices" in browser.see("/settings/").words
    answer = browser.send("/settings/", "tokens/", name="none", scope=[])
    assert answer.status_code == 422
    assert ApiToken.objects.count() == 1
