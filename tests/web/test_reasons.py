"""The operator's list of reasons to cancel an order (O8)."""

from __future__ import annotations

from cast import Cast
from parley.orders.keeping_reasons import reasons
from parley.orders.models import CancelReason
from web.pages import Browser, Page

REASONS = "/desk/cancel-reasons/"


def test_a_reason_is_added_renamed_moved_and_switched_off(cast: Cast) -> None:
    browser = Browser(cast.admin)
    assert browser.see("/desk/administration/").links["Reasons to cancel an order"] == REASONS
    answer = browser.send(REASONS, REASONS, en="Out of season", ru="Не сезон")
    assert "The reason is on the list." in Page(answer).words
    made = CancelReason.objects.latest("id")
    assert list(reasons())[-1] == made
    browser.post(f"{REASONS}{made.pk}/place/", {"to": "up"})
    assert list(reasons())[-2] == made
    browser.post(f"{REASONS}{made.pk}/place/", {"to": "down"})
    assert list(reasons())[-1] == made
    browser.send(REASONS, f"{REASONS}{made.pk}/", en="Off season")
    made.refresh_from_db()
    assert made.names == {"en": "Off season", "ru": "Не сезон"}
    browser.post(f"{REASONS}{made.pk}/", {"en": "Off season"})
    assert made not in reasons()


def test_a_refused_reason_keeps_what_was_typed(cast: Cast) -> None:
    browser = Browser(cast.admin)
    first = reasons()[0]
    for address in (REASONS, f"{REASONS}{first.pk}/"):
        page = Page(browser.post(address, {"en": " ", "ru": "Не сезон"}))
        assert page.status == 422
        assert "Write the reason in English" in page.words
        assert page.form(address).fields["ru"] == ["Не сезон"]
    assert first.name_in("en") == CancelReason.objects.get(pk=first.pk).name_in("en")
