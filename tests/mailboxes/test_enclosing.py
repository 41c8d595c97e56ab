"""Which files of a mail come along."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from cast import Cast
from mailboxes.letters import desk, letter, taken
from parley.conversations.attaching import receive
from parley.conversations.models import Message, Scan
from parley.mail_parsing.understood import File
from parley.mailboxes import enclosing
from parley.mailboxes.enclosing import is_tracking
from parley.mailboxes.models import Outcome
from parley.mailboxes.reply_addresses import address_of
from parley.mailboxes.writing import title_of


def picture(width: int, height: int, *, inline: bool = True) -> File:
    made = io.BytesIO()
    Image.new("RGB", (width, height)).save(made, "PNG")
    return File(name="p.png", media_type="image/png", content=made.getvalue(), inline=inline)


def test_pictures_that_nobody_is_meant_to_see_stay_behind() -> None:
    assert is_tracking(picture(1, 1))
    assert is_tracking(picture(600, 1))
    assert not is_tracking(picture(64, 64))
    assert not is_tracking(picture(1, 1, inline=False))
    assert not is_tracking(File(name="x", media_type="image/png", content=b"\x89PNG", inline=True))


def test_a_file_with_a_virus_is_left_out_and_the_words_are_not(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def received(by: Any, name: str, file: Any) -> Any:
        attachment = receive(by, name, file)
        if name == "bad.bin":
            attachment.scan, attachment.found = Scan.INFECTED, "Eicar"
            attachment.save()
        return attachment

    monkeypatch.setattr(enclosing, "receive", received)
    desk()
    ticket = cast.ticket()
    files = {"bad.bin": b"\0x", "good.bin": b"\0y"}
    mail = taken(letter(cast.supplier, to=address_of(cast.supplier, ticket=ticket), files=files))
    assert mail.outcome == Outcome.POSTED
    assert mail.reason == {"code": "left_out", "files": [["bad.bin", "infected"]]}
    message = Message.objects.filter(conversation=ticket.conversation_id).latest("id")
    assert [file.name for file in message.attachments.all()] == ["good.bin"]


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        ("Re: Fwd: AW: The parcel", "The parcel"),
        ("Re: [T-10042] The parcel", "The parcel"),
        ("Отв: Re[2]: Посылка", "Посылка"),
        ("[Market T-10042] Re: The parcel", "The parcel"),
        ("Regarding: the parcel", "Regarding: the parcel"),
        ("RE:", ""),
    ],
)
def test_a_title_is_the_subject_without_the_marks_of_answers(subject: str, title: str) -> None:
    assert title_of(subject) == title
