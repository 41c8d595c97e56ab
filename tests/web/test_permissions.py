"""The permission matrix: every role at every address, and a stranger at each.

What is not for somebody is not there for them: the answer is that of a thing that does not exist.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.core import signing
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, override_settings

from cast import Cast
from parley.conversations.attaching import receive
from parley.conversations.models import Attachment
from parley.journal.models import Entry
from parley.journal.recording import run_later
from parley.notifications.models import Kind, Notice
from parley.notifications.unsubscribing import unsubscribe_token
from parley.parties.tokens import make_token
from parley.tickets.disputing import step_in
from parley.tickets.models import Ticket
from web.matrix import SIGNED_IN, WHO_MAY, addresses

GONE = 404
BODIES: dict[str, dict[str, Any]] = {
    "api:replies": {"text": "words"},
    "api:rating": {"stars": 5},
    "api:escalation": {"text": "words"},
    "api:assignment": {"person": None},
    "api:priority": {"priority": "urgent"},
    "api:step_in": {"text": "words"},
    "api:decision": {"outcome": "both", "text": "words"},
}
"""What programs send where something has to be said for the door to be tried."""


class Scene:
    """A ticket between Bright Home and Northwind Supply, with everything an address can name."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        sent = self.upload("photo.txt")
        self.ticket: Ticket = cast.ticket(attachments=[sent.pk])
        step_in(self.ticket.pk, "Let us look at this together.", by=cast.agent)
        thumbnail = default_storage.save("small.webp", ContentFile(b"RIFF"))
        Attachment.objects.filter(pk=sent.pk).update(thumbnail=thumbnail)
        run_later(Entry.objects.values_list("pk", flat=True).get(kind="TicketOpened"))
        notice = Notice.objects.get(person=cast.supplier.person, kind=Kind.NEW_TICKET)
        number = str(self.ticket.pk)
        self.words: dict[str, Callable[[str], str]] = {
            "<int:number>": lambda name: number,
            "<ticket>": lambda name: number,
            "<attachment>": lambda name: self.unsent if "taking" in name else str(sent.pk),
            "<uuid:key>": lambda name: self.unsent if name == "upload" else str(sent.pk),
            "<int:key>": lambda name: str(notice.pk),
            "<topic>": lambda name: str(cast.late_parcel.pk),
            "<slug:name>": lambda name: "all",
            "<str:signed>": lambda name: unsubscribe_token(cast.seller.person_id, Kind.REPLY),
            "<base36:uidb36>-<str:key>": lambda name: "1-set-password",
        }

    @property
    def unsent(self) -> str:
        """An upload of the seller's that no message has sent yet."""
        return str(self.upload("unsent.txt").pk)

    def upload(self, name: str) -> Attachment:
        return receive(self.cast.seller, name, SimpleUploadedFile(name, b"bytes"))

    def path(self, name: str, *, missing: bool = False) -> str:
        """The address `name` of this scene's things, or of things that are not there."""
        path = addresses()[name]
        for word, value in self.words.items():
            if word in path:
                path = path.replace(word, _missing(value(name)) if missing else value(name))
        return path

    def client(self, role: str, name: str) -> Client:
        """A browser signed in as `role`, or a program with a token of theirs."""
        client = Client(raise_request_exception=True)
        if role == "stranger":
            return client
        who = self.cast.everybody[role]
        if name.startswith("api:"):
            _token, secret = make_token(who, "matrix")
            client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        else:
            client.force_login(who.person)
        return client

    def ask(self, role: str, name: str, method: str, *, missing: bool = False) -> Any:
        client = self.client(role, name)
        path = self.path(name, missing=missing)
        if name.startswith("api:") and method == "POST" and name != "api:upload":
            return client.post(path, BODIES.get(name, {}), "application/json")
        if method == "POST":
            return client.post(path, {"text": "words", "stars": "5"})
        return client.generic(method, path)


def _missing(value: str) -> str:
    return str(uuid.uuid4()) if "-" in value and len(value) == 36 else "999999999"


@pytest.fixture
def scene(cast: Cast, settings: Any, tmp_path: Any) -> Scene:
    settings.MEDIA_ROOT = tmp_path
    return Scene(cast)


def test_every_address_is_in_the_table_and_no_other() -> None:
    assert set(addresses()) == set(WHO_MAY)


@pytest.mark.parametrize("name", sorted(WHO_MAY))
def test_each_role_gets_in_or_finds_nothing(scene: Scene, name: str) -> None:
    for method in WHO_MAY[name].methods.split():
        _strangers(scene, name, method)
        for role in sorted(SIGNED_IN):
            answer = scene.ask(role, name, method)
            told = f"{role} {method} {scene.path(name)}: {answer.status_code}"
            assert answer.status_code < 500 or name == "live", told
            if role in WHO_MAY[name].refused:
                assert answer.status_code == 403, told
                continue
            assert (answer.status_code != GONE) == (role in WHO_MAY[name].roles), told
            if role == "other_seller" and answer.status_code == GONE:
                missing = scene.ask(role, name, method, missing=True)
                assert missing.status_code == GONE
                assert _plain(answer) == _plain(missing), (
                    "what is hidden looks like what is not there"
                )


def _strangers(scene: Scene, name: str, method: str) -> None:
    """A stranger is sent to sign in, and does not learn what there is."""
    rule = WHO_MAY[name]
    answer = scene.ask("stranger", name, method)
    if rule.public:
        assert answer.status_code < 500
        return
    assert answer.status_code == scene.ask("stranger", name, method, missing=True).status_code
    if name.startswith("api:"):
        assert answer.status_code == 401
    elif answer.status_code == 302:
        assert answer.headers["Location"].startswith("/account/sign-in/?next=/")
    else:
        assert answer.status_code in (401, GONE) or name == "live"


def _plain(answer: Any) -> str:
    """A page without what differs from one request to the next."""
    text = answer.content.decode()
    text = re.sub(r'(csrfmiddlewaretoken" value|X-CSRFToken": )"?[^"}]+', "", text)
    text = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}|9{9}|\b\d{5}\b", "#", text)
    return re.sub(r'value="/[^"]*"', "", text)


def test_no_address_takes_a_method_it_is_not_made_for(scene: Scene) -> None:
    for name, rule in WHO_MAY.items():
        if name in ("live", "account_logout") or name.startswith("account_"):
            continue
        wrong = "POST" if "POST" not in rule.methods else "GET"
        if wrong == "GET" and "GET" in rule.methods:
            continue
        role = min(rule.roles, default="seller")
        assert scene.ask(role, name, wrong).status_code in (404, 405), name


def test_the_demo_alone_signs_one_in_without_a_password(scene: Scene) -> None:
    email = scene.cast.seller.person.email
    with override_settings(DEMO=True):
        answer = Client().post("/account/sign-in/as/", {"email": email})
    assert answer.status_code == GONE, "nobody but the demo's own people"


def test_an_unsubscribing_link_of_ones_own_making_does_nothing(cast: Cast) -> None:
    forged = signing.Signer(key="x" * 50).sign(f"{cast.seller.person_id}:{Kind.REPLY}")
    answer = Client().post(f"/notices/unsubscribe/{forged}/")
    assert answer.status_code in (400, GONE)
