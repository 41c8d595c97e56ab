"""The operator's address for support and its safety notice."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import translation

from cast import Cast
from parley.journal.models import Entry
from parley.parties.contact import (
    MAX_NOTICE,
    SAFETY_NOTICE,
    SUPPORT_ADDRESS,
    safety_notice,
    support_address,
)
from parley.parties.settling import CannotBeSo, NotAdministrators, settle


def test_until_it_is_settled_mails_sender_is_whom_to_write_to(cast: Cast, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "Harbour Market <desk@harbour.example>"
    assert support_address() == "desk@harbour.example"
    settle(SUPPORT_ADDRESS, "help@harbour.example", by=cast.admin)
    assert support_address() == "help@harbour.example"
    changed = Entry.objects.get(kind="SettingChanged")
    assert (changed.data["was"], changed.data["now"]) == ("", "help@harbour.example")


def test_the_notice_is_read_in_ones_language_or_in_the_one_it_has(cast: Cast) -> None:
    assert safety_notice() == ""
    settle(SAFETY_NOTICE, {"en": "Somebody rings in our name.", "ru": " "}, by=cast.admin)
    with translation.override("ru"):
        assert safety_notice() == "Somebody rings in our name."
    settle(SAFETY_NOTICE, {"en": "Hang up.", "ru": "Положите трубку."}, by=cast.admin)
    with translation.override("ru"):
        assert safety_notice() == "Положите трубку."
    with translation.override("en"):
        assert safety_notice() == "Hang up."


@pytest.mark.parametrize(
    "value", ["nobody", "a b@c.example", 7, None, "a@b.example\nBcc: c@d.example"]
)
def test_what_is_no_address_is_not_settled(cast: Cast, value: Any) -> None:
    with pytest.raises(CannotBeSo):
        settle(SUPPORT_ADDRESS, value, by=cast.admin)


@pytest.mark.parametrize(
    "value", [[], "words", {"de": "x"}, {"en": 1}, {"en": "x" * (MAX_NOTICE + 1)}]
)
def test_what_is_no_notice_is_not_settled(cast: Cast, value: Any) -> None:
    with pytest.raises(CannotBeSo):
        settle(SAFETY_NOTICE, value, by=cast.admin)


def test_only_administrators_settle_it(cast: Cast) -> None:
    for who in (cast.lead, cast.agent, cast.seller):
        with pytest.raises(NotAdministrators):
            settle(SAFETY_NOTICE, {"en": "x"}, by=who)
