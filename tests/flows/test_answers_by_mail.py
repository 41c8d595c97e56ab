"""What a person sees of mails to them: that they come back, and what can be answered in their name."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from cast import Cast
from flows.browsing import PHONE, WIDE, House
from parley.mailboxes.reply_addresses import address_of
from parley.notifications.models import Undeliverable
from parley.parties.models import Person

PICTURES = os.environ.get("TEST_PICTURES", "")


@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (PHONE, "dark")])
def test_mails_come_back_until_they_are_tried_again(
    cast: Cast, house: House, size: tuple[int, int], scheme: Any
) -> None:
    seller = cast.seller
    address_of(seller, ticket=cast.ticket())
    Undeliverable.objects.create(person=seller.person, address=seller.person.email, status="5.1.1")
    Person.objects.filter(pk=seller.person_id).update(mail_fails=seller.person.email)
    desk = house.desk(seller, size=size, scheme=scheme)
    for path in ("/tickets/", "/settings/security/"):
        page = desk.go(path)
        expect(page.get_by_role("alert").filter(has_text="come back")).to_be_visible()
        found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        assert not found, found
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if PICTURES:
            name = f"mail-fails{path.replace('/', '-')}{scheme}.png"
            page.screenshot(path=Path(PICTURES) / name, full_page=True)
    page.get_by_role("button", name="Take no answers to them").click()
    expect(page.get_by_text("take no answers any more")).to_be_visible()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("The next mail goes to your address again.")).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="come back")).to_have_count(0)
