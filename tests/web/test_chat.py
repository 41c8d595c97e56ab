"""The messenger by its JSON: from our own pages by cookie, and from another site by key."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client

from cast import Cast
from parley.messenger.answering import say_as_assistant
from parley.messenger.keeping_sites import make_site
from parley.messenger.models import Key, Site, Visitor
from parley.parties.models import Membership
from parley.tickets.models import Ticket
from parley.tickets.replying import Reply, reply

SHOP = "https://shop.example"


class Browser:
    """A page with the messenger in it: of ours, signed in as somebody; or of another site."""

    def __init__(
        self, who: Membership | None = None, site: Site | None = None, origin: str = ""
    ) -> None:
        self.client = Client()
        self.site, self.origin, self.key = site, origin, ""
        if who is not None:
            self.client.force_login(who.person)

    def begin(self, **more: Any) -> Any:
        told = {"site": self.site.key} if self.site else {}
        answer = self.post("session", **{**told, "key": self.key, **more})
        self.key = answer.get("key", "")
        return answer

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        if self.origin:
            headers["Origin"] = self.origin
        data = json.dumps(body) if body is not None else ""
        return self.client.generic(
            method, f"/messenger/{path}", data, "application/json", headers=headers
        )

    def get(self, path: str) -> Any:
        answer = self.ask("GET", path)
        assert answer.status_code == 200, (answer.status_code, answer.content)
        return answer.json()

    def post(self, path: str, **body: Any) -> Any:
        answer = self.ask("POST", path, body)
        assert answer.status_code in (200, 201, 204), (answer.status_code, answer.content)
        return answer.json() if answer.content else None

    def says(self, text: str, **more: Any) -> Any:
        return self.post("conversations", text=text, submit_key=str(uuid.uuid4()), **more)


@pytest.fixture
def shop_site(cast: Cast) -> Site:
    return make_site("A shop", [SHOP], by=cast.admin)[0]


@pytest.fixture
def visitor(shop_site: Site) -> Browser:
    browser = Browser(site=shop_site, origin=SHOP)
    browser.begin()
    return browser


def test_a_seller_asks_and_is_handed_over(cast: Cast) -> None:
    browser = Browser(cast.seller)
    session = browser.begin()
    assert session["csrf"]
    assert "key" not in session
    assert session["person"] == {"name": "Selma Seller", "kind": "seller", "email_known": True}
    page = browser.says("Where do I see my balance?")
    chat = page["conversation"]["id"]
    assert page["conversation"]["kind"] == "chat"
    assert page["messages"][0]["who"]["side"] == "me"
    assert page["may"]["hand_over"]
    assert page["pending"]["late"] is False
    say_as_assistant(chat, "Under *Balance*.")
    page = browser.get(f"conversations/{chat}")
    assert page["messages"][1]["who"] == {
        "name": "Assistant",
        "side": "assistant",
        "label": "AI assistant",
    }
    assert page["conversation"]["unread"]
    browser.post(f"conversations/{chat}/reading")
    assert not browser.get("conversations")["conversations"][0]["unread"]

    form = browser.get(f"conversations/{chat}/handover")
    assert [kind["value"] for kind in form["kinds"]] == ["question", "slowing", "urgent"]
    assert form["needs"] == {"description": False, "email": False}
    assert "Bright Home" in form["colleagues_see"]
    page = browser.post(f"conversations/{chat}/handover", priority="urgent")
    assert page["conversation"]["number"].startswith("T-")
    assert page["conversation"]["urgent"]
    assert "Expect an answer by" in page["expected"]

    ticket = Ticket.objects.get()
    reply(ticket.pk, Reply(text="It is on the left."), by=cast.agent)
    reply(ticket.pk, Reply(text="Odd question.", audience="operator"), by=cast.agent)
    page = browser.get(f"conversations/{chat}")
    assert [m["html"] for m in page["messages"]][-1] == "<p>It is on the left.</p>\n"
    assert page["messages"][-1]["who"]["side"] == "operator"
    assert page["conversation"]["unread"]
    assert "note" not in json.dumps(page)
    browser.post(f"conversations/{chat}/messages", text="Thank you", submit_key=str(uuid.uuid4()))
    listed = browser.get("conversations")["conversations"]
    assert [one["last_words"] for one in listed] == ["You: Thank you"]
    reply(ticket.pk, Reply(text="You are welcome."), by=cast.agent)
    page = browser.post(f"conversations/{chat}/rating", stars=5, comment="")
    assert page["conversation"]["state"] == "completed"


def test_a_visitor_is_made_by_their_first_words_only(cast: Cast, visitor: Browser) -> None:
    assert visitor.get("conversations") == {"conversations": [], "older": None}
    visitor.get("home")
    assert not Visitor.objects.exists()
    assert not Key.objects.exists()
    page = visitor.says("Do you ship to Ireland?")
    assert Visitor.objects.count() == 1
    chat = page["conversation"]["id"]
    again = Browser(site=visitor.site, origin=SHOP)
    again.key = visitor.key
    assert again.begin()["unread"] == 0
    assert again.key == visitor.key
    assert again.get("conversations")["conversations"][0]["id"] == chat

    form = again.get(f"conversations/{chat}/handover")
    assert form["needs"] == {"description": False, "email": True}
    refused = again.ask("POST", f"conversations/{chat}/handover", {"priority": "question"})
    assert (refused.status_code, refused.json()["field"]) == (422, "email")
    page = again.post(
        f"conversations/{chat}/handover", priority="question", email="jane@example.org"
    )
    assert page["conversation"]["number"]
    assert Visitor.objects.get().membership.person.mailbox == "jane@example.org"
    assert Ticket.objects.get().opener.kind == "visitor"


def test_too_soon_names_the_ticket_and_the_way_to_it(cast: Cast) -> None:
    browser = Browser(cast.seller)
    first = browser.post("handover", priority="question", text="First of all")
    refused = browser.ask("POST", "handover", {"priority": "question", "text": "And another"})
    assert refused.status_code == 409
    problem = refused.json()
    assert problem["conversation"] == first["conversation"]["id"]
    assert problem["number"] == first["conversation"]["number"]
    assert problem["link"].startswith("/tickets/")
    assert refused.headers["Content-Type"] == "application/problem+json"


def test_files_go_along(cast: Cast, visitor: Browser, settings: Any, tmp_path: Any) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    settings.MEDIA_ROOT = tmp_path
    answer = visitor.client.post(
        "/messenger/files",
        {"file": SimpleUploadedFile("shot.txt", b"what I see")},
        headers={"Authorization": f"Bearer {visitor.key}", "Origin": SHOP},
    )
    assert answer.status_code == 201
    file = answer.json()
    page = visitor.says("See this", files=[file["id"]])
    (shown,) = page["messages"][0]["files"]
    fetched = visitor.ask("GET", shown["url"].removeprefix("/messenger/"))
    assert b"".join(fetched.streaming_content) == b"what I see"
    assert Browser(cast.seller).ask("GET", f"files/{file['id']}").status_code == 404
