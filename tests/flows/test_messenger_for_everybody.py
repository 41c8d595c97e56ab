"""The messenger by keyboard, by ear, on a phone, in the dark, without a connection; and its size."""

from __future__ import annotations

import gzip
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from cast import Cast
from flows.browsing import PHONE, WIDE, House
from flows.messenger import Messenger, messenger_of
from help_centre.articles import article
from parley.messenger.models import Chat

KB = 1_000
AXE = Axe()
ONLY_IT = {"include": [["parley-messenger"]]}
RULES = {"resultTypes": ["violations"]}


@pytest.fixture(autouse=True)
def something_to_read(cast: Cast) -> None:
    article(cast, title="Ship an order", body="Click **Ship**.\n\n> [!TIP]\n> Print the label.")


def test_the_script_is_small(house: House) -> None:
    address = f"http://127.0.0.1:{house.site.port}/messenger.js"
    sizes = {way: _length(address, way) for way in ("br", "gzip", "identity")}
    assert sizes["br"] < 25 * KB, sizes
    assert sizes["gzip"] < 25 * KB, sizes
    assert sizes["identity"] > sizes["gzip"]


def _length(address: str, way: str) -> int:
    asked = urllib.request.Request(address, headers={"Accept-Encoding": way})
    with urllib.request.urlopen(asked) as answer:
        body = answer.read()
        assert answer.headers.get("Content-Encoding", "identity") == way
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert way != "gzip" or b"customElements" in gzip.decompress(body)
    return len(body)


def test_nothing_is_asked_before_it_is_opened_but_what_is_unread(house: House, cast: Cast) -> None:
    seller = house.desk(cast.seller)
    asked: list[str] = []
    seller.context.on("request", lambda request: asked.append(request.url))
    messenger = messenger_of(seller)
    expect(messenger.button).to_have_accessible_name("Open the messenger")
    ours = [url.split("/messenger", 1)[1] for url in asked if "/messenger" in url]
    assert [one for one in ours if not one.startswith((".js", "/unread"))] == []


def test_by_keyboard_alone(house: House, cast: Cast) -> None:
    seller = house.desk(cast.seller)
    messenger = messenger_of(seller, "/settings/")
    keys = seller.page.keyboard
    messenger.button.focus()
    keys.press("Enter")
    expect(messenger.panel.locator("h2")).to_be_focused()
    for _step in range(4):
        keys.press("Tab")
        if messenger.field.evaluate("(node) => node.getRootNode().activeElement === node"):
            break
    expect(messenger.field).to_be_focused()
    keys.type("How do I ship? g h / c")
    expect(messenger.field).to_have_value("How do I ship? g h / c")
    keys.press("Enter")
    expect(messenger.panel.locator(".thread .own")).to_contain_text("How do I ship?")
    expect(messenger.field).to_be_focused()
    expect(messenger.last_answer).to_be_visible()
    keys.press("Escape")
    expect(messenger.panel).to_be_hidden()
    expect(messenger.button).to_be_focused()
    assert seller.page.url.endswith("/settings/"), "its keys are nobody else's"


def test_on_a_phone_it_fills_the_screen_and_keeps_the_focus(house: House, cast: Cast) -> None:
    seller = house.desk(cast.seller, size=PHONE)
    messenger = messenger_of(seller)
    rail = seller.page.locator(".rail").bounding_box()
    button = messenger.button.bounding_box()
    assert rail
    assert button
    assert button["y"] + button["height"] <= rail["y"], "the button stands above the bar"
    messenger.open()
    box = messenger.panel.bounding_box()
    assert box
    assert (box["x"], box["y"], box["width"], box["height"]) == (0, 0, *map(float, PHONE))
    expect(messenger.panel).to_have_attribute("aria-modal", "true")
    for _step in range(40):
        seller.page.keyboard.press("Tab")
        assert seller.page.evaluate("document.activeElement.tagName") == "PARLEY-MESSENGER"
    small = messenger.panel.evaluate(TOO_SMALL)
    assert small == []


TOO_SMALL = """
(panel) => [...panel.querySelectorAll("button, a[href], input:not([type=file]), textarea")]
  .filter((one) => one.checkVisibility() && !one.closest(".prose"))
  .map((one) => [one, one.getBoundingClientRect()])
  .filter(([, box]) => box.height && (box.height < 37 || box.width < 37))
  .map(([one, box]) => `${one.outerHTML.slice(0, 80)} ${box.width}x${box.height}`)
"""


def test_a_lost_connection_is_said_and_nothing_typed_is_lost(house: House, cast: Cast) -> None:
    seller = house.desk(cast.seller)
    messenger = messenger_of(seller).open()
    messenger.say("Is the line good?")
    expect(messenger.last_answer).to_be_visible()
    seller.forgive("ERR_INTERNET_DISCONNECTED", "ERR_NETWORK_CHANGED", "network error")
    seller.context.set_offline(True)
    expect(messenger.panel.locator(".lost")).to_contain_text("Connection lost")
    messenger.field.fill("And now?")
    messenger.panel.locator(".send").click()
    failed = messenger.panel.locator(".failed")
    expect(failed).to_contain_text("And now?")
    expect(failed).to_contain_text("Not sent.")
    messenger.field.fill("a draft")
    seller.context.set_offline(False)
    expect(messenger.panel.locator(".lost")).to_be_hidden()
    failed.get_by_role("button", name="Try again").click()
    expect(messenger.panel.locator(".thread .own", has_text="And now?")).to_be_visible()
    expect(messenger.panel.locator(".failed")).to_have_count(0)
    expect(messenger.field).to_have_value("a draft")
    assert Chat.objects.count() == 1
    seller.page.reload()
    expect(messenger.field).to_have_value("a draft")


def _views(messenger: Messenger) -> Iterator[str]:
    """Go through all there is to see; yields the name of each view once it stands."""
    panel = messenger.panel
    expect(panel.locator(".rows .row").first).to_be_visible()
    yield "home"
    panel.locator(".tab").nth(1).click()
    yield "messages"
    panel.locator(".tab").nth(2).click()
    panel.locator(".rows .row").first.click()
    panel.locator(".rows .row").first.click()
    expect(panel.locator(".article h2")).to_be_visible()
    yield "article"
    panel.locator(".head .icon-button").first.click()
    panel.locator(".head .icon-button").first.click()
    panel.locator(".tab").first.click()
    messenger.say("Ship?")
    expect(messenger.last_answer).to_be_visible()
    yield "conversation"
    panel.locator(".button", has=messenger.page.locator("svg")).filter(has_text="person").or_(
        panel.locator(".said .buttons .button")
    ).last.click()
    expect(panel.locator(".kind")).to_have_count(3)
    panel.locator(".kind").last.click()
    yield "person"


@pytest.mark.parametrize(
    ("who", "size", "scheme"),
    [("seller", WIDE, "light"), ("seller", WIDE, "dark"), ("supplier_member", PHONE, "light")],
)
def test_axe_finds_nothing(
    house: House, cast: Cast, who: str, size: tuple[int, int], scheme: Any
) -> None:
    desk = house.desk(cast.everybody[who], size=size, scheme=scheme)
    messenger = messenger_of(desk).open()
    found = []
    for view in _views(messenger):
        result = AXE.run(desk.page, context=ONLY_IT, options=RULES)
        found += [
            f"{view}: {one['id']}: {node['target']} {node['failureSummary'][:300]}"
            for one in result.response["violations"]
            for node in one["nodes"][:3]
        ]
    assert not found, "\n".join(found)
