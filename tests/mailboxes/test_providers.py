"""What a mail provider brings by webhook: as real ones send it, checked by password and signature."""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import b64encode
from typing import Any

import pytest
from django.test import Client

from mailboxes.servers import mail
from parley.journal.models import Entry
from parley.mailboxes.models import Mailbox, RawMail, Way
from parley.mailboxes.storing import bytes_of

pytestmark = pytest.mark.django_db
SECRET = "desk:correct-horse-battery"
DESK = "support@market.example"
PASSWORD = {"HTTP_AUTHORIZATION": f"Basic {b64encode(SECRET.encode()).decode()}"}


@pytest.fixture(autouse=True)
def desk(db: None, settings: Any) -> Mailbox:
    settings.MAIL_WEBHOOK_SECRET = SECRET
    settings.ANYMAIL = {"WEBHOOK_SECRET": [SECRET], "MAILGUN_WEBHOOK_SIGNING_KEY": "signing-key"}
    return Mailbox.objects.create(address=DESK)


def signed(**fields: str) -> dict[str, str]:
    """As Mailgun signs a form."""
    made = hmac.new(b"signing-key", b"1763287200token", hashlib.sha256).hexdigest()
    return {"timestamp": "1763287200", "token": "token", "signature": made, **fields}


def of_mailgun(settings: Any, client: Client, raw: bytes, **about: Any) -> Any:
    settings.MAIL_PROVIDER = "mailgun"
    form = signed(
        **{"recipient": DESK, "sender": "ann@shop.example", "body-mime": raw.decode()}, **about
    )
    return client.post("/mail/incoming/mime/", form, **PASSWORD)


def test_a_mail_comes_as_it_was(settings: Any, client: Client, desk: Mailbox) -> None:
    raw = mail(1, "Где моя посылка? " * 30)
    assert of_mailgun(settings, client, raw).status_code == 200
    kept = RawMail.objects.get()
    assert bytes_of(kept) == raw
    assert (kept.way, kept.mailbox, kept.envelope_to) == (Way.WEBHOOK, desk, [DESK])
    assert kept.envelope_from == "ann@shop.example"


def test_a_mail_far_larger_than_a_form_of_a_page(settings: Any, client: Client) -> None:
    raw = mail(1, size=6_000_000)
    assert of_mailgun(settings, client, raw).status_code == 200
    assert RawMail.objects.get().size == len(raw)


def test_a_mail_of_any_letters_comes_byte_for_byte(settings: Any, client: Client) -> None:
    """As a form that Mailgun sends, with a mail in an old charset, and folded as no program of today does."""
    settings.MAIL_PROVIDER = "mailgun"
    raw = (
        "From: =?koi8-r?B?4c7OwQ==?= <ann@shop.example>\r\nSubject:Заказ\r\n\t  17\r\n"
        "Content-Type: text/plain; charset=koi8-r\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"
        "Где моя посылка?\r\n"
    ).encode("koi8-r")
    fields = signed(recipient=DESK).items()
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode()
        for name, value in fields
    ]
    parts.append(b'Content-Disposition: form-data; name="body-mime"\r\n\r\n' + raw)
    body = b"".join(b"--edge\r\n" + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    kind = "multipart/form-data; boundary=edge"
    answer = client.post("/mail/incoming/mime/", body, content_type=kind, **PASSWORD)
    assert answer.status_code == 200
    assert bytes_of(RawMail.objects.get()) == raw


def test_of_one_over_the_limit_the_headers_are_kept(settings: Any, client: Client) -> None:
    settings.MAIL_LIMIT = 100_000
    assert of_mailgun(settings, client, mail(1, size=150_000)).status_code == 200
    kept = RawMail.objects.get()
    assert (kept.outcome, kept.reason["code"]) == ("set_aside", "too_large")
    assert kept.subject == "Order 1"
    assert bytes_of(kept).endswith(b"+0000\r\n\r\n")
    assert of_mailgun(settings, client, mail(1, size=3_000_000)).status_code == 413


def test_a_fault_of_our_own_is_no_reason_not_to_come_again(settings: Any, client: Client) -> None:
    settings.ANYMAIL = {"WEBHOOK_SECRET": [SECRET]}  # Mailgun signs, and here is no key to check it
    assert of_mailgun(settings, client, mail(1)).status_code == 503


def test_without_the_password_nothing_is_taken(settings: Any, client: Client) -> None:
    settings.MAIL_PROVIDER = "mailgun"
    form = signed(**{"body-mime": mail(1).decode()})
    assert client.post("/mail/incoming/", form).status_code == 401
    wrong = b64encode(b"desk:wrong").decode()
    answer = client.post("/mail/incoming/", form, HTTP_AUTHORIZATION=f"Basic {wrong}")
    assert answer.status_code == 401
    assert not RawMail.objects.exists()


def test_with_a_wrong_signature_nothing_is_taken(settings: Any, client: Client) -> None:
    assert of_mailgun(settings, client, mail(1), signature="0" * 64).status_code == 400
    assert not RawMail.objects.exists()


def test_without_a_provider_there_is_no_such_address(settings: Any, client: Client) -> None:
    assert client.post("/mail/incoming/", {}, **PASSWORD).status_code == 404
    settings.MAIL_PROVIDER, settings.MAIL_WEBHOOK_SECRET = "mailgun", ""
    assert client.post("/mail/incoming/", {}, **PASSWORD).status_code == 404


def test_a_mail_that_comes_in_pieces_is_put_together(settings: Any, client: Client) -> None:
    settings.MAIL_PROVIDER = "postmark"
    told = {
        "FromFull": {"Email": "ann@shop.example", "Name": "Анна"},
        "ToFull": [{"Email": DESK, "Name": ""}],
        "OriginalRecipient": DESK,
        "Subject": "Заказ 17",
        "MessageID": "22c74902-a0c1-4511-804f-341342852c90",
        "Date": "Mon, 16 Nov 2026 10:00:00 +0000",
        "TextBody": "Где моя посылка?",
        "Headers": [{"Name": "Message-ID", "Value": "<a1@shop.example>"}],
        "Attachments": [
            {"Name": "чек.txt", "Content": "0JQ=", "ContentType": "text/plain", "ContentID": ""}
        ],
    }
    answer = client.post(
        "/mail/incoming/", json.dumps(told), content_type="application/json", **PASSWORD
    )
    assert answer.status_code == 200
    raw = bytes_of(RawMail.objects.get())
    from parley.mail_parsing.understanding import understand

    understood = understand(raw)
    assert understood.text.strip() == "Где моя посылка?"
    assert (understood.subject, understood.message_id) == ("Заказ 17", "<a1@shop.example>")
    assert [file.name for file in understood.files] == ["чек.txt"]


def test_word_of_a_mail_that_did_not_arrive(settings: Any, client: Client) -> None:
    settings.MAIL_PROVIDER = "postmark"
    told = {
        "RecordType": "Bounce",
        "Type": "HardBounce",
        "TypeCode": 1,
        "Email": "gone@shop.example",
        "MessageID": "883953f4-6105-42a2-a16a-77a8eac79483",
        "Details": "smtp;550 5.1.1 The email account that you tried to reach does not exist",
        "BouncedAt": "2026-11-16T10:00:00Z",
    }
    answer = client.post(
        "/mail/tracking/", json.dumps(told), content_type="application/json", **PASSWORD
    )
    assert answer.status_code == 200
    entry = Entry.objects.get(kind="MailCameBack")
    assert (entry.data["people"], entry.data["named"]) == ([], True)
    assert "gone@" not in str(entry.data)
    assert entry.data["permanent"] is True
    assert entry.data["status"] == "5.1.1"


def test_word_of_one_that_did_arrive_is_no_news(settings: Any, client: Client) -> None:
    settings.MAIL_PROVIDER = "postmark"
    told = {"RecordType": "Delivery", "Recipient": "ann@shop.example", "MessageID": "1",
            "DeliveredAt": "2026-11-16T10:00:00Z", "Details": ""}  # fmt: skip
    answer = client.post(
        "/mail/tracking/", json.dumps(told), content_type="application/json", **PASSWORD
    )
    assert answer.status_code == 200
    assert not Entry.objects.filter(kind="MailCameBack").exists()
