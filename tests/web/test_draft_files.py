"""Files that were uploaded and not sent are still there when one comes back (T8)."""

from __future__ import annotations

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cast import Cast
from parley.conversations.models import Draft
from parley.parties.models import Membership


def browser(who: Membership) -> Client:
    client = Client()
    client.force_login(who.person)
    return client


def upload(client: Client, name: str) -> str:
    answer = client.post("/files/", {"file": SimpleUploadedFile(name, b"a photo")})
    return str(answer.json()["id"])


@pytest.fixture(autouse=True)
def own_folder(settings: object, tmp_path: object) -> None:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]


@pytest.mark.parametrize("place", ["reply", "new ticket"])
def test_uploads_come_back_with_the_draft(cast: Cast, place: str) -> None:
    ticket = cast.ticket()
    kept, page = {
        "reply": (f"ticket:{ticket.pk}", f"/tickets/{ticket.pk}/"),
        "new ticket": ("new-ticket", "/tickets/new/"),
    }[place]
    client = browser(cast.seller)
    file = upload(client, "накладная.txt")
    client.post("/drafts/", {"place": kept, "text": "", "attachment": file})
    shown = browser(cast.seller).get(page).content.decode()
    assert f'name="attachment" value="{file}"' in shown
    assert "накладная.txt" in shown
    assert file not in browser(cast.seller_member).get(page).content.decode()


def test_a_draft_takes_ones_own_uploads_only(cast: Cast) -> None:
    theirs = upload(browser(cast.supplier), "theirs.txt")
    client = browser(cast.seller)
    words = {"place": "new-ticket", "text": "words", "attachment": [theirs, str(uuid.uuid4()), "x"]}
    client.post("/drafts/", words)
    assert Draft.objects.get(person=cast.seller.person).files == []


def test_what_was_sent_is_not_offered_again(cast: Cast) -> None:
    ticket = cast.ticket()
    client = browser(cast.seller)
    file = upload(client, "photo.txt")
    client.post("/drafts/", {"place": f"ticket:{ticket.pk}", "text": "", "attachment": file})
    client.post(f"/tickets/{ticket.pk}/replies/", {"text": "Here.", "attachment": file})
    assert 'name="attachment"' not in client.get(f"/tickets/{ticket.pk}/").content.decode()
