"""The messenger on somebody else's site: `examples/other-site`, a shop with manners of its own (M1)."""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from cast import Cast
from flows.browsing import PHONE, Desk, House
from flows.messenger import Messenger, let_in
from parley.messenger.keeping_sites import change_site, make_site
from parley.messenger.models import Chat, Visitor
from parley.parties.models import PartyKind

SERVE = Path(__file__).parents[2] / "examples/other-site/serve.py"
NO_STORAGE = """
for (const kind of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, kind, { get() { throw new DOMException("no", "SecurityError"); } });
}
"""
SCREEN = """
(node) => {
  const { width, height, right, bottom } = node.getBoundingClientRect();
  return [width, height, innerWidth - right, innerHeight - bottom].map(Math.round);
}
"""
STICKING_OUT = """
(node) => [...node.querySelectorAll("*")].filter((one) => one.scrollWidth > one.clientWidth + 1
  && getComputedStyle(one).overflowX === "visible" && one.clientWidth && !one.closest(".hush")).length
"""
ABOVE = """
(node) => {
  const { x, y } = node.getBoundingClientRect();
  return document.elementFromPoint(x + 20, y + 20).tagName;
}
"""


def _shop_module() -> Any:
    spec = importlib.util.spec_from_file_location("other_site", SERVE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Shop:
    """The other site, open on a port of its own."""

    port: int

    def visit(self, desk: Desk, query: str = "") -> Messenger:
        """Open its page in somebody's browser."""
        let_in(desk.context)
        desk.forgive(f"asked elsewhere: http://127.0.0.1:{self.port}/")
        desk.page.goto(f"http://127.0.0.1:{self.port}/{query}")
        messenger = Messenger(desk.page)
        expect(messenger.button).to_be_visible()
        return messenger


@pytest.fixture
def shop(cast: Cast, house: House) -> Iterator[Shop]:
    site, secret = make_site("Tidemark", ["https://tidemark.example"], by=cast.admin)
    desk = f"http://127.0.0.1:{house.site.port}"
    server = _shop_module().server(0, desk=desk, site=site.key, secret=secret)
    origin = f"http://127.0.0.1:{server.server_port}"
    change_site(
        site.pk, by=cast.admin, name="Tidemark", origins=[origin], trusted=False, active=True
    )
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Shop(server.server_port)
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_visitor_asks_and_goes_on_after_coming_back(house: House, shop: Shop) -> None:
    visitor = house.desk()
    messenger = shop.visit(visitor).open()
    messenger.say("Do you ship to Iceland?")
    expect(messenger.last_answer).to_be_visible()
    messenger.press("Talk to a person")
    messenger.panel.locator("input[type=email]").fill("vera@visitors.example")
    messenger.panel.locator(".kind", has_text="general question").click()
    messenger.press("Send to a person")
    expect(messenger.panel.locator(".confirmed")).to_be_visible()
    assert Visitor.objects.get().membership.person.mailbox == "vera@visitors.example"
    again = shop.visit(visitor)
    if not again.panel.is_visible():
        again.open()
    again.panel.get_by_role("button", name="Back").click()
    again.go("Messages")
    expect(again.panel.locator(".row", has_text="Do you ship to Iceland?")).to_be_visible()


def test_a_customer_of_the_site_is_recognised(house: House, shop: Shop) -> None:
    messenger = shop.visit(house.desk(), "?as=customer").open()
    expect(messenger.panel.locator(".welcome")).to_contain_text("Ana")
    messenger.say("Where is my teapot?")
    expect(messenger.last_answer).to_be_visible()
    asker = Chat.objects.get().asker
    assert asker.party.kind == PartyKind.VISITOR
    assert (asker.person.name, asker.person.mailbox) == ("Ana Marsh", "ana@tidemark.example")
    elsewhere = shop.visit(house.desk(size=PHONE), "?as=customer").open()
    elsewhere.go("Messages")
    expect(elsewhere.panel.locator(".row", has_text="Where is my teapot?")).to_be_visible()


def test_a_rude_page_changes_nothing_about_it(house: House, shop: Shop) -> None:
    """Its sheet hides popovers, turns our element and makes every button wide and red."""
    desk = house.desk()
    messenger = shop.visit(desk)
    width, height, from_right, from_bottom = messenger.button.evaluate(SCREEN)
    assert (width, height) == (56, 56)
    assert (from_right, from_bottom) == (20, 20)
    host = desk.page.locator("parley-messenger")
    assert host.evaluate("(node) => getComputedStyle(node).opacity") == "1"
    assert host.evaluate("(node) => getComputedStyle(node).transform") == "none"
    messenger.open()
    assert messenger.panel.evaluate(SCREEN)[0] == 416
    style = "(node) => { const s = getComputedStyle(node); return [s.fontSize, s.letterSpacing]; }"
    assert messenger.panel.locator(".asking-foot .link").evaluate(style) == ["14px", "normal"]
    assert messenger.panel.evaluate(ABOVE) == "PARLEY-MESSENGER"


def test_right_to_left_it_stands_at_the_other_side(house: House, shop: Shop) -> None:
    """The page's direction is the page's; the messenger's is that of its language."""
    messenger = shop.visit(house.desk(), "?dir=rtl").open()
    assert messenger.panel.evaluate("(node) => getComputedStyle(node).direction") == "ltr"
    assert messenger.panel.evaluate(SCREEN)[2] == 20
    messenger.panel.evaluate("(node) => { node.parentElement.dir = 'rtl'; }")
    left = messenger.panel.evaluate("(node) => Math.round(node.getBoundingClientRect().left)")
    assert left == 20
    assert messenger.panel.evaluate(STICKING_OUT) == 0


def test_without_storage_it_works_for_as_long_as_the_page(house: House, shop: Shop) -> None:
    desk = house.desk()
    desk.context.add_init_script(NO_STORAGE)
    messenger = shop.visit(desk).open()
    messenger.say("Is anybody there?")
    expect(messenger.last_answer).to_be_visible()
    desk.page.keyboard.press("Escape")
    messenger.open()
    expect(messenger.panel).to_contain_text("Is anybody there?")


def test_where_a_policy_forbids_to_connect_a_tab_of_its_own_is_offered(
    house: House, shop: Shop
) -> None:
    desk = house.desk()
    desk.forgive("Content Security Policy", "Refused to connect", "violates the following")
    messenger = shop.visit(desk, "?csp=closed")
    messenger.button.click()
    expect(messenger.panel).to_contain_text("does not let the messenger connect")
    with desk.page.expect_popup() as opened:
        messenger.panel.get_by_role("link", name="Open it in a tab of its own").click()
    own = Messenger(opened.value)
    expect(own.panel).to_be_visible()
    own.say("May I ask here?")
    expect(own.last_answer).to_be_visible()


def test_a_page_can_open_close_and_sign_out_by_script(house: House, shop: Shop) -> None:
    desk = house.desk()
    messenger = shop.visit(desk, "?as=customer")
    desk.page.evaluate("parley.open()")
    expect(messenger.panel.locator(".welcome")).to_contain_text("Ana")
    desk.page.evaluate("parley.close()")
    expect(messenger.panel).to_be_hidden()
    desk.page.evaluate("parley.signOut()")
    messenger.open()
    expect(messenger.panel.locator(".welcome")).not_to_contain_text("Ana")
