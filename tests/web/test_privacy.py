"""What is kept of people, on pages: taken along, erased, and for how long it is kept."""

from __future__ import annotations

import io
import zipfile

from django.urls import reverse

from cast import Cast
from parley.conversations.drafting import keep_draft
from parley.journal.models import Entry
from parley.parties.models import Person
from parley.parties.settling import settled
from parley.privacy.retaining import RULES
from web.pages import Browser, words_of


def test_everybody_takes_their_own_data(cast: Cast) -> None:
    browser = Browser(cast.supplier_member)
    answer = browser.post(reverse("security:own_data"))
    with zipfile.ZipFile(io.BytesIO(b"".join(answer))) as zipped:  # type: ignore[arg-type]
        assert cast.supplier_member.person.email in zipped.read("person.jsonl").decode()


def test_an_administrator_takes_and_erases(cast: Cast) -> None:
    browser, who = Browser(cast.admin), cast.seller_member.person
    keep_draft(cast.seller_member, "new-ticket", "Half a thought")
    page = browser.see(reverse("administration:person_data", args=[who.pk])).words
    assert who.email in page
    assert "Drafts" in page
    erasure = reverse("administration:erasure", args=[who.pk])
    assert "not their address" in words_of(browser.post(erasure, {"email": "x"}))
    assert Person.objects.get(pk=who.pk).is_active
    browser.post(erasure, {"email": who.email})
    page = browser.see(reverse("administration:person_data", args=[who.pk])).words
    assert "They are erased" in page
    assert "Former member of Bright Home" in page
    alone = reverse("administration:erasure", args=[cast.seller.person_id])
    refused = browser.post(alone, {"email": cast.seller.person.email})
    assert "alone keep their company" in words_of(refused)
    assert browser.get(reverse("administration:person_data", args=[10**9])).status_code == 404


def test_rules_are_settled_and_tried(cast: Cast) -> None:
    browser, address = Browser(cast.admin), reverse("administration:privacy")
    assert browser.post(address, {"drafts": "soon"}).status_code == 422
    assert not Entry.objects.filter(kind="SettingChanged").exists()
    browser.post(address, {"drafts": "30", "notices": ""})
    rules = {rule.key: settled(rule.days) for rule in RULES}
    assert rules == dict.fromkeys(rules, 0) | {"drafts": 30}
    assert "0 would go now" in browser.see(f"{address}?try").words
    assert "would go now" not in browser.see(address).words.replace("Count what would go now", "")
