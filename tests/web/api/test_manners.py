"""Methods, media types, junk, and how much an answer costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cast import Cast
from parley.parties.models import Membership
from parley.tickets.replying import Reply, reply
from parley.web.api import messages
from web.api.calling import BASE, Caller


@pytest.mark.parametrize("path", ["/", "/nothing", "/me/", "/tickets/", "/tickets/1/nothing", ""])
def test_an_address_that_is_none(seller: Caller, path: str) -> None:
    assert seller.get(path or "/%00").status_code == 404


@pytest.mark.parametrize(
    "number", ["x", "0", "T-", "t-", "-1", "1.0", "9" * 19, "9" * 500, "١٢٣", "%00", "T-10042%0a"]
)
def test_a_number_that_is_none(seller: Caller, number: str) -> None:
    assert seller.get(f"/tickets/{number}").status_code == 404
    assert seller.post(f"/tickets/{number}/close").status_code == 404


def test_a_method_that_is_not_taken(seller: Caller) -> None:
    refused = seller.delete("/tickets")
    assert refused.status_code == 405
    assert refused.headers["Allow"] == "GET, HEAD, POST"
    assert seller.post("/me").headers["Allow"] == "GET, HEAD"
    assert seller.post("/openapi.json").headers["Allow"] == "GET, HEAD"


def test_head_is_get_without_a_body(cast: Cast, seller: Caller) -> None:
    head = seller.client.head(f"{BASE}/me", headers=seller.headers)
    whole = seller.get("/me")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.content))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"{", 400),
        (b"[]", 422),
        (b"null", 422),
        (b"\xff\xfe", 400),
        (b"NaN", 400),
        (b'{"topic": ' + b"9" * 5000 + b"}", 400),
        (b"[" * 100_000, 400),
        (b'{"text": "' + b"x" * 3_000_000 + b'"}', 413),
        (b'{"a/~\xd0\xb6": 1}', 422),
        (b'{"\\ud800": 1}', 422),
    ],
)
def test_a_body_that_is_none(seller: Caller, body: bytes, status: int) -> None:
    assert seller.send("/tickets", body).status_code == status


def test_a_body_of_another_type(seller: Caller) -> None:
    refused = seller.send("/tickets", b"a=b", "application/x-www-form-urlencoded")
    assert refused.status_code == 415
    assert refused.headers["Accept"] == "application/json"


def test_no_answer_is_kept_by_anybody(seller: Caller) -> None:
    answer = seller.get("/tickets")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert {"Authorization", "Accept-Language"} <= set(answer.headers["Vary"].split(", "))


def test_a_fault_of_ours_is_a_problem_too(
    cast: Cast, seller: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: Any) -> None:
        raise RuntimeError("a secret of ours")

    monkeypatch.setattr(messages, "row_of", broken)
    seller.client.raise_request_exception = False
    answer = seller.get("/tickets/1/messages")
    assert answer.status_code == 500
    assert "secret" not in answer.content.decode()


QUERIES = {"/me": 2, "/topics": 3, "/tickets": 3, "one": 6, "messages": 6}
"""Of which two are the token's: who it is, and what is left to it."""


@pytest.mark.parametrize("who", ["seller", "agent"])
def test_an_answer_costs_a_fixed_number_of_queries(cast: Cast, who: str) -> None:
    caller = Caller(cast.everybody[who])
    ticket = cast.ticket()
    addresses = {
        "/me": "/me",
        "/topics": "/topics",
        "/tickets": "/tickets",
        "one": f"/tickets/{ticket.pk}",
        "messages": f"/tickets/{ticket.pk}/messages",
    }
    caller.get("/me")
    few = {name: _queries(caller, path) for name, path in addresses.items()}
    for _ in range(5):
        cast.ticket()
        key = Caller(cast.supplier).upload("a.txt", b"a").json()["id"]
        reply(ticket.pk, Reply(text="and", attachments=[key]), by=cast.supplier)
    many = {name: _queries(caller, path) for name, path in addresses.items()}
    assert few == many == QUERIES


def _queries(caller: Caller, path: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        assert caller.get(path).status_code == 200
    return len(queries)


def test_saying_something_costs_no_more_on_a_long_ticket(cast: Cast) -> None:
    ticket = cast.ticket()
    caller = Caller(cast.supplier)
    counts = []
    for _ in range(3):
        with CaptureQueriesContext(connection) as queries:
            assert caller.post(f"/tickets/{ticket.pk}/replies", {"text": "more"}).status_code == 201
        counts.append(len(queries))
    assert counts[1] == counts[2]
    assert max(counts) <= 25


def test_everybody_has_a_way_in(cast: Cast) -> None:
    for who in cast.everybody.values():
        assert isinstance(who, Membership)
        assert Caller(who).get("/tickets").status_code == 200
