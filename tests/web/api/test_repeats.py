"""Requests that are sent twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from cast import Cast
from parley.conversations.models import Message
from parley.tickets.models import Ticket
from web.api.calling import Caller


@pytest.fixture
def new(cast: Cast) -> dict[str, Any]:
    return {
        "topic": cast.late_parcel.pk,
        "to": cast.northwind.pk,
        "title": "Where is it",
        "text": "It is late.",
    }


def test_the_same_key_and_request_make_one_ticket(seller: Caller, new: dict[str, Any]) -> None:
    key = {"Idempotency-Key": '"k-1"'}
    first = seller.post("/tickets", new, **key)
    second = seller.post("/tickets", dict(reversed(new.items())), **key)
    assert (first.status_code, second.status_code) == (201, 201), second.content
    assert second.json() == first.json()
    assert second.headers["Location"] == first.headers["Location"]
    assert Ticket.objects.count() == 1


def test_the_same_key_for_another_request_is_refused(seller: Caller, new: dict[str, Any]) -> None:
    key = {"Idempotency-Key": "k-1"}
    made = seller.post("/tickets", new, **key).json()
    other = seller.post("/tickets", new | {"priority": "urgent"}, **key)
    assert other.status_code == 422
    assert other.json()["type"].endswith("idempotency-key-reused")
    reply = seller.post(f"/tickets/{made['id']}/replies", {"text": "It is late."}, **key)
    assert reply.status_code == 422
    assert Message.objects.count() == 1


def test_a_reply_is_posted_once_even_when_the_ticket_has_ended_since(
    cast: Cast, seller: Caller
) -> None:
    address, key = f"/tickets/{cast.ticket().pk}", {"Idempotency-Key": "r"}
    first = seller.post(f"{address}/replies", {"text": "Never mind."}, **key)
    seller.post(f"{address}/cancel")
    again = seller.post(f"{address}/replies", {"text": "Never mind."}, **key)
    assert again.json() == first.json()
    assert Message.objects.filter(text="Never mind.").count() == 1


def test_keys_are_ones_own(cast: Cast, seller: Caller, supplier: Caller) -> None:
    address, key = f"/tickets/{cast.ticket().pk}/replies", {"Idempotency-Key": "same"}
    assert seller.post(address, {"text": "from the seller"}, **key).status_code == 201
    assert supplier.post(address, {"text": "from the supplier"}, **key).status_code == 201


def test_a_refusal_does_not_use_up_the_key(seller: Caller, new: dict[str, Any]) -> None:
    key = {"Idempotency-Key": "k"}
    assert seller.post("/tickets", new | {"title": " "}, **key).status_code == 422
    assert seller.post("/tickets", new, **key).status_code == 201


def test_a_key_that_is_too_long_is_named(seller: Caller, new: dict[str, Any]) -> None:
    refused = seller.post("/tickets", new, **{"Idempotency-Key": "k" * 256})
    assert refused.json()["errors"][0]["header"] == "Idempotency-Key"


def test_many_at_the_same_moment(transactional_db: None, cast: Cast) -> None:
    seller, address = Caller(cast.seller), f"/tickets/{cast.ticket().pk}/replies"

    def send(n: int) -> int:
        try:
            body = {"text": "once" if n % 2 else "otherwise"}
            answer = seller.post(address, body, **{"Idempotency-Key": "k"})
            return int(answer.status_code)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(send, range(8)))
    assert sorted(statuses) == [201] * 4 + [422] * 4
    assert Message.objects.filter(text__in=["once", "otherwise"]).count() == 1
