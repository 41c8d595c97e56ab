"""Finding, opening, reading and settling tickets through the API."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cast import Cast
from parley.journal.moment import now
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.states import Side
from web.api.calling import Caller, pointers


@pytest.fixture(autouse=True)
def no_cool_down(settings: Any) -> None:
    settings.COOL_DOWN_MINUTES = 0


def opening(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "topic": cast.late_parcel.pk,
        "to": cast.northwind.pk,
        "title": "Parcel AB-1042-7 is late",
        "text": "It was due on *Tuesday*. Где посылка?",
    } | more


def test_from_opening_to_rating(cast: Cast, seller: Caller, supplier: Caller) -> None:
    made = seller.post("/tickets", opening(cast, priority="urgent", order_number="1042"))
    assert made.status_code == 201, made.content
    ticket = made.json()
    address = f"/tickets/{ticket['id']}"
    assert made.headers["Location"].endswith(f"/api/v1{address}")
    assert ticket["number"] == f"T-{ticket['id']}"
    assert ticket["state"]["status"] == "created"
    assert ticket["state"]["turn_party"]["name"] == "Northwind Supply"
    assert not ticket["state"]["your_turn"]
    assert ticket["order_number"] == "1042"
    assert ticket["clock"]["due_at"].endswith("Z")
    assert "cancel" in ticket["actions"]

    seen = supplier.get(f"/tickets/T-{ticket['id']}").json()
    assert seen["state"]["your_turn"]
    assert seen["unread"]
    assert [m["html"] for m in seen["messages"]] == [
        "<p>It was due on <em>Tuesday</em>. Где посылка?</p>\n"
    ]

    asked = supplier.post(f"{address}/replies", {"text": "Which door?", "asks": True})
    assert asked.status_code == 201
    assert asked.json()["author"]["name"] == cast.supplier.person.name
    assert seller.get(address).json()["state"]["status"] == "waiting"
    seller.post(f"{address}/replies", {"text": "The blue one."})
    supplier.post(f"{address}/replies", {"text": "It stands there now."})

    rated = seller.post(f"{address}/rating", {"stars": 4, "comment": "Thanks"}).json()
    assert rated["state"]["status"] == "completed"
    assert rated["rating"]["stars"] == 4
    again = seller.post(f"{address}/rating", {"stars": 5})
    assert again.status_code == 409
    assert again.json()["state"] == {"status": "completed", "turn": "", "dispute": "none"}


def test_another_companys_ticket_is_not_there(cast: Cast, other: Caller) -> None:
    ticket = cast.ticket()
    address = f"/tickets/{ticket.pk}"
    text = {"text": "Let me in"}
    assert other.get(address).status_code == 404
    assert other.get(f"{address}/messages").status_code == 404
    for action, body in {
        "replies": text,
        "close": {},
        "cancel": {},
        "rating": {"stars": 1},
        "escalation": text,
        "assignment": {"person": None},
        "priority": {"priority": "urgent"},
        "step-in": text,
        "decision": {"outcome": "both", **text},
    }.items():
        refused = other.post(f"{address}/{action}", body)
        nowhere = other.post(f"/tickets/999999/{action}", body)
        assert refused.status_code == 404, action
        assert refused.json() == nowhere.json()
    assert other.get("/tickets").json()["data"] == []
    assert other.get("/tickets", {"text": ticket.number}).json()["data"] == []


def test_an_internal_note_is_the_operators(
    cast: Cast, seller: Caller, supplier: Caller, agent: Caller
) -> None:
    ticket = cast.ticket()
    note = agent.post(
        f"/tickets/{ticket.pk}/replies", {"text": "zebra crossing", "audience": "operator"}
    )
    assert note.status_code == 201
    for who in (seller, supplier):
        assert "zebra" not in who.get(f"/tickets/{ticket.pk}").content.decode()
        assert "zebra" not in who.get(f"/tickets/{ticket.pk}/messages").content.decode()
        assert who.get("/tickets", {"text": "zebra"}).json()["data"] == []
    assert len(agent.get("/tickets", {"text": "zebra"}).json()["data"]) == 1
    refused = seller.post(f"/tickets/{ticket.pk}/replies", {"text": "mine", "audience": "operator"})
    assert (refused.status_code, pointers(refused)) == (422, {"#/audience"})


def test_a_word_to_the_operator_alone(cast: Cast, seller: Caller, supplier: Caller) -> None:
    ticket = cast.ticket()
    said = seller.post(f"/tickets/{ticket.pk}/replies", {"text": "in trust", "audience": "side"})
    assert said.json()["only"]["name"] == "Bright Home"
    assert "in trust" not in supplier.get(f"/tickets/{ticket.pk}").content.decode()
    other_side = {"text": "for them", "audience": "side", "side": "counterparty"}
    assert seller.post(f"/tickets/{ticket.pk}/replies", other_side).status_code == 409


def test_the_operator_says_which_side(cast: Cast, agent: Caller, supplier: Caller) -> None:
    ticket = cast.ticket()
    missing = agent.post(f"/tickets/{ticket.pk}/replies", {"text": "x", "audience": "side"})
    assert pointers(missing) == {"#/side"}
    body = {"text": "just you", "audience": "side", "side": "counterparty"}
    assert agent.post(f"/tickets/{ticket.pk}/replies", body).status_code == 201
    assert "just you" in supplier.get(f"/tickets/{ticket.pk}").content.decode()


def test_a_dispute_from_asking_to_the_decision(cast: Cast, seller: Caller, agent: Caller) -> None:
    address = f"/tickets/{cast.ticket().pk}"
    asked = seller.post(f"{address}/escalation", {"text": "They don't answer."}).json()
    assert asked["state"]["dispute"] == "open"
    assert asked["state"]["turn"] == "operator"
    mine = agent.post(f"{address}/assignment", {"person": cast.agent.person_id}).json()
    assert mine["assignee"]["name"] == cast.agent.person.name
    assert seller.get(address).json()["assignee"] is None
    decided = agent.post(f"{address}/decision", {"outcome": "both", "text": "Half each."}).json()
    assert decided["state"]["outcome"] == "both"
    assert decided["state"]["dispute"] == "decided"


def test_the_operators_actions(cast: Cast, seller: Caller, agent: Caller) -> None:
    address = f"/tickets/{cast.ticket().pk}"
    assert seller.post(f"{address}/priority", {"priority": "urgent"}).status_code == 403
    assert agent.post(f"{address}/priority", {"priority": "urgent"}).json()["priority"] == "urgent"
    assert agent.post(f"{address}/step-in", {"text": "We look at it."}).status_code == 200
    assert agent.post(f"{address}/step-in", {"text": "Again."}).status_code == 409
    stranger = agent.post(f"{address}/assignment", {"person": cast.seller.person_id})
    assert (stranger.status_code, pointers(stranger)) == (422, {"#/person"})


def test_closing_and_cancelling(cast: Cast, seller: Caller, supplier: Caller) -> None:
    address = f"/tickets/{cast.ticket().pk}"
    assert supplier.post(f"{address}/close").status_code == 409
    assert supplier.post(f"{address}/cancel").status_code == 409
    assert seller.post(f"{address}/cancel").json()["state"]["status"] == "cancelled"
    assert seller.post(f"{address}/replies", {"text": "wait"}).status_code == 409
    assert seller.post(f"/tickets/{cast.ticket().pk}/close").json()["actions"] == []
    answered = cast.ticket()
    supplier.post(f"/tickets/{answered.pk}/replies", {"text": "It is on its way."})
    assert seller.post(f"/tickets/{answered.pk}/close").json()["actions"] == ["rate"]


def test_what_is_offered_is_taken(cast: Cast, seller: Caller, supplier: Caller) -> None:
    address = f"/tickets/{cast.ticket().pk}"
    assert set(seller.get(address).json()["actions"]) == {
        "reply", "cancel", "close", "escalate", "only"
    }  # fmt: skip
    assert set(supplier.get(address).json()["actions"]) == {"reply", "ask", "escalate", "only"}


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"title": ""}, {"#/title"}),
        ({"title": "   "}, {"#/title"}),
        ({"title": "x" * 201}, {"#/title"}),
        ({"title": "a\x00b"}, {"#/title"}),
        ({"title": "\ud800"}, {"#/title"}),
        ({"text": None}, {"#/text"}),
        ({"topic": 10**30}, {"#/topic"}),
        ({"topic": 999}, {"#/topic"}),
        ({"topic": "1"}, {"#/topic"}),
        ({"topic": True}, {"#/topic"}),
        ({"to": 2**63}, {"#/to"}),
        ({"to": 424242}, {"#/to"}),
        ({"to": None}, {"#/to"}),
        ({"priority": "very"}, {"#/priority"}),
        ({"colour": "red"}, {"#/colour"}),
        ({"attachments": ["x"]}, {"#/attachments/0"}),
        ({"attachments": ["\ud800"]}, {"#/attachments/0"}),
        ({"attachments": "3f6ab1a0-0000-4000-8000-000000000000"}, {"#/attachments"}),
        ({"to": float("1e300")}, {"#/to"}),
        ({"priority": "\ud800"}, {"#/priority"}),
        ({"attachments": ["3f6ab1a0-0000-4000-8000-000000000000"]}, {"#/attachments"}),
        ({"text": "", "title": ""}, {"#/text", "#/title"}),
    ],
)
def test_what_is_wrong_is_said_where_it_is(
    cast: Cast, seller: Caller, change: dict[str, Any], where: set[str]
) -> None:
    refused = seller.post("/tickets", opening(cast, **change))
    assert refused.status_code == 422, refused.content
    assert pointers(refused) == where
    assert not Ticket.objects.exists()


def test_a_required_order_and_a_topic_of_others(cast: Cast, seller: Caller) -> None:
    refused = seller.post("/tickets", opening(cast, topic=cast.return_of_goods.pk))
    assert pointers(refused) == {"#/order_number"}
    assert pointers(seller.post("/tickets", opening(cast, topic=cast.documents.pk))) == {"#/topic"}
    wrong_side = seller.post("/tickets", opening(cast, to=cast.second_seller.pk))
    assert pointers(wrong_side) == {"#/to"}


def test_too_soon_names_the_ticket_that_is_there(cast: Cast, seller: Caller, settings: Any) -> None:
    settings.COOL_DOWN_MINUTES = 15
    there = seller.post("/tickets", opening(cast)).json()
    refused = seller.post("/tickets", opening(cast, title="The same again"))
    assert refused.status_code == 409
    assert refused.json()["ticket"]["number"] == there["number"]
    assert 0 < int(refused.headers["Retry-After"]) <= 900


def test_a_ticket_that_follows_another_says_so_to_its_opener(
    cast: Cast, seller: Caller, supplier: Caller
) -> None:
    before = cast.ticket()
    made = seller.post("/tickets", opening(cast, continues=before.pk)).json()
    assert made["continues"]["number"] == before.number
    assert supplier.get(f"/tickets/{made['id']}").json()["continues"] is None
    foreign = cast.ticket(by=cast.other_seller)
    assert seller.post("/tickets", opening(cast, continues=foreign.pk)).json()["continues"] is None


def test_filters(cast: Cast, seller: Caller, agent: Caller) -> None:
    urgent = cast.ticket(priority="urgent", order_number="A-1")
    payouts = cast.ticket(topic=cast.payouts, to=None)
    foreign = cast.ticket(by=cast.other_seller)
    reply(urgent.pk, Reply(text="on its way"), by=cast.supplier)

    def found(who: Caller, **query: Any) -> set[int]:
        answer = who.get("/tickets", query)
        assert answer.status_code == 200, answer.content
        return {row["id"] for row in answer.json()["data"]}

    assert found(seller) == {urgent.pk, payouts.pk}
    assert found(agent) == {urgent.pk, payouts.pk, foreign.pk}
    assert found(seller, status=["answered", "waiting"]) == {urgent.pk}
    assert found(seller, topic=cast.payouts.pk) == {payouts.pk}
    assert found(agent, party=cast.second_seller.pk) == {foreign.pk}
    assert found(seller, order_number="A-1") == {urgent.pk}
    assert found(seller, text="on its way") == {urgent.pk}
    assert found(seller, text=payouts.number) == {payouts.pk}
    assert found(agent, queue="urgent") == {urgent.pk}
    assert found(agent, queue="mine") == set()
    assert found(agent, assignee=cast.agent.person_id) == set()
    assert found(seller, due="over") == set()
    today = now()
    assert len(found(seller, created_from=(today - timedelta(days=1)).date().isoformat())) == 2
    assert found(seller, created_to=(today - timedelta(days=1)).isoformat()) == set()
    for name, value in (("assignee", cast.agent.person_id), ("queue", "all")):
        assert pointers(seller.get("/tickets", {name: value})) == {name}


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0}, {"limit": 101}, {"limit": "x"}, {"cursor": "junk"}, {"cursor": "1" * 5000},
        {"cursor": "99999999999999999999999.1"}, {"text": "a\x00"}, {"status": "lost"},
        {"topic": -1}, {"topic": 10**25}, {"stauts": "created"}, {"created_from": "yesterday"},
        {"created_from": "0001-01-01T00:00:00+14:00"}, {"created_to": "99999-01-01"}, {"due": "x"},
    ],
)  # fmt: skip
def test_junk_in_the_query_is_refused_by_name(seller: Caller, query: dict[str, Any]) -> None:
    refused = seller.get("/tickets", query)
    assert refused.status_code == 422
    assert pointers(refused) == set(query)


def test_paging_there_and_back(cast: Cast, agent: Caller) -> None:
    numbers = [cast.ticket().pk for _ in range(7)][::-1]
    seen, cursor, pages = [], None, []
    while True:
        answer = agent.get("/tickets", {"limit": 3, **({"cursor": cursor} if cursor else {})})
        page = answer.json()
        pages.append([row["id"] for row in page["data"]])
        seen += pages[-1]
        if page["next"]:
            assert 'rel="next"' in answer.headers["Link"]
            assert "limit=3" in answer.headers["Link"]
        if not page["next"]:
            break
        cursor = page["next"]
    assert seen == numbers
    back = agent.get("/tickets", {"limit": 3, "cursor": page["previous"]}).json()
    assert [row["id"] for row in back["data"]] == pages[1]


def test_leafing_through_messages(cast: Cast, seller: Caller, agent: Caller) -> None:
    ticket = cast.ticket()
    for n in range(104):
        by, audience = (cast.agent, "operator") if n % 10 == 0 else (cast.supplier, "everyone")
        reply(ticket.pk, Reply(text=f"word {n}", audience=audience, side=Side.NOBODY), by=by)
    whole = agent.get(f"/tickets/{ticket.pk}").json()
    assert len(whole["messages"]) == 100
    assert whole["messages"][-1]["text"] == "word 103"
    cursor = whole["earlier_messages"].partition("?cursor=")[2]
    earlier = agent.get(f"/tickets/{ticket.pk}/messages", {"cursor": cursor}).json()
    assert len(earlier["data"]) == 5
    assert earlier["previous"] is None
    assert earlier["next"]
    mine = seller.get(f"/tickets/{ticket.pk}").json()
    assert len(mine["messages"]) == 94
    assert mine["earlier_messages"] is None
    texts, cursor = [], ""
    while cursor is not None:
        query = {"limit": 40, **({"cursor": cursor} if cursor else {})}
        page = seller.get(f"/tickets/{ticket.pk}/messages", query).json()
        texts += [m["text"] for m in page["data"]]
        cursor = page["next"]
    assert texts == [m["text"] for m in mine["messages"]]
    for junk in ("x", "-", "--1", "0", "9" * 90):
        assert seller.get(f"/tickets/{ticket.pk}/messages", {"cursor": junk}).status_code == 422


def test_topics_and_to_whom(cast: Cast, seller: Caller) -> None:
    topics = seller.get("/topics").json()["data"]
    assert [t["name"] for t in topics] == ["Payouts", "Late parcel", "Return of goods"]
    address = f"/topics/{cast.late_parcel.pk}/parties"
    first = seller.get(address, {"limit": 1})
    assert [p["name"] for p in first.json()["data"]] == ["Northwind Supply"]
    assert 'rel="next"' in first.headers["Link"]
    rest = seller.get(address, {"limit": 1, "cursor": first.json()["next"]}).json()
    assert [p["name"] for p in rest["data"]] == ["Second Supplier"]
    assert rest["next"] is None
    like = seller.get(address, {"name": "Nortwind"}).json()["data"]
    assert [p["name"] for p in like] == ["Northwind Supply"]
    assert seller.get(f"/topics/{cast.documents.pk}/parties").status_code == 404
