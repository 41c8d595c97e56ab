"""The demo's folder of mails."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMultiAlternatives

from parley.journal.moment import at
from parley.notifications import folder
from parley.notifications.folder_reading import mails_in_folder

NOON = datetime(2026, 11, 11, 12, tzinfo=UTC)


@pytest.fixture
def place(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "parley.notifications.folder.FolderBackend"
    settings.MAIL_FOLDER = tmp_path / "mail"
    return tmp_path / "mail"


def send(number: int = 1, *, html: str = "<p>Hello</p>", minutes: int = 0) -> None:
    mail = EmailMultiAlternatives(
        f"Письмо {number}",
        "Привет, Нора",
        "Desk <desk@x.example>",
        ["Nora <nora@x.example>"],
        headers={"Message-ID": f"<{number}@x.example>", "Reply-To": "desk+r1.abc@x.example"},
    )
    mail.attach_alternative(html, "text/html")
    with at(NOON + timedelta(minutes=minutes)):
        mail.send()


def test_a_mail_can_be_read_as_it_would_have_arrived(place: Path) -> None:
    send()
    (mail,) = mails_in_folder()
    assert mail.subject == "Письмо 1"
    assert mail.sender == "Desk <desk@x.example>"
    assert mail.to == "Nora <nora@x.example>"
    assert mail.answers_to == "desk+r1.abc@x.example"
    assert mail.at == NOON
    assert mail.text.strip() == "Привет, Нора"
    assert mail.html.strip() == "<p>Hello</p>"


def test_html_is_safe_on_a_page(place: Path) -> None:
    send(html='<p style="x" onclick="x">Hi<script>alert(1)</script><style>p{}</style></p>')
    assert mails_in_folder()[0].html.strip() == "<p>Hi</p>"


def test_newest_first_and_not_more_than_asked_for(place: Path) -> None:
    for n in range(5):
        send(n, minutes=n)
    assert [mail.subject for mail in mails_in_folder(2)] == ["Письмо 4", "Письмо 3"]


def test_the_same_mail_sent_again_is_kept_once(place: Path) -> None:
    send(1)
    send(2)
    send(1, minutes=5)
    assert [mail.subject for mail in mails_in_folder()] == ["Письмо 1", "Письмо 2"]


def test_a_mail_is_there_whole_or_not_at_all(place: Path, monkeypatch: Any) -> None:
    send(1)

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        send(2)
    assert len(list(place.iterdir())) == 1
    assert len(mails_in_folder()) == 1


def test_only_the_latest_are_kept(place: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(folder, "KEPT", 3)
    monkeypatch.setattr(folder, "SWEPT_EVERY", 1)
    place.mkdir()
    unfinished = place / ".1-x.eml"
    unfinished.write_bytes(b"half")
    os.utime(unfinished, (0, 0))
    for n in range(6):
        send(n, minutes=n)
    assert mails_in_folder()[0].subject == "Письмо 5"
    assert len(list(place.glob("*.eml"))) <= 4
    assert not unfinished.exists()


def test_what_is_no_mail_is_passed_over(place: Path) -> None:
    assert mails_in_folder() == []
    send(1)
    (place / "notes.eml").write_bytes(b"\xff\xfe")
    (place / "readme.txt").write_text("x")
    assert len(mails_in_folder()) == 1
