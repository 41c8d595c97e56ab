"""Files in the browser: dropped, pasted, picked, refused before they are sent, taken back."""

from __future__ import annotations

import uuid

import pytest
from playwright.sync_api import Page, Route, expect

from cast import Cast
from flows.browsing import Desk, House
from flows.pictures import document, photo
from parley.conversations.models import Attachment

MEGABYTE = 2**20

# Hands files made in the page to a form, as dropping and pasting do.
HAND_OVER = """
([how, names, bytes]) => {
  const data = new DataTransfer();
  for (const name of names) data.items.add(new File([new Uint8Array(bytes)], name, { type: "image/png" }));
  const form = document.querySelector("[data-attach]").closest("form");
  const more = { bubbles: true, cancelable: true };
  const event = how === "paste"
    ? new ClipboardEvent("paste", { ...more, clipboardData: data })
    : new DragEvent("drop", { ...more, dataTransfer: data });
  form.querySelector("textarea").dispatchEvent(event);
}
"""


@pytest.fixture
def desk(house: House, cast: Cast) -> Desk:
    desk = house.desk(cast.seller)
    desk.go(f"/tickets/{cast.ticket().pk}/")
    return desk


def uploads_of(page: Page) -> list[str]:
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if r.url.endswith("/files/") else None)
    return asked


def test_a_file_over_the_limit_is_named_before_anything_is_sent(desk: Desk) -> None:
    page = desk.page
    asked = uploads_of(page)
    big = {
        "name": "film.mp4",
        "mimeType": "video/mp4",
        "buffer": bytes(11 * MEGABYTE + MEGABYTE // 2),
    }
    page.locator("[data-attach-input]").set_input_files([big, document("invoice.pdf")])  # type: ignore[list-item]
    refused = page.locator("[data-attach-list] li.refused")
    expect(refused).to_contain_text("film.mp4")
    expect(refused).to_contain_text("1.5 MB")
    expect(refused).to_contain_text("10 MB")
    expect(page.locator("[data-attach-list] [name=attachment]")).to_have_count(1)
    assert len(asked) == 1
    assert Attachment.objects.get().name == "invoice.pdf"


def test_files_that_are_too_much_together_are_refused(desk: Desk) -> None:
    page = desk.page

    def take(route: Route) -> None:
        route.fulfill(status=201, json={"id": str(uuid.uuid4()), "name": "x", "size": 1})

    page.route("**/files/", take)
    names = [f"{number}.png" for number in range(6)]
    page.evaluate(HAND_OVER, ["drop", names, 9 * MEGABYTE])
    expect(page.locator("[data-attach-list] [name=attachment]")).to_have_count(5)
    refused = page.locator("[data-attach-list] li.refused")
    expect(refused).to_contain_text("5.png")
    expect(refused).to_contain_text("4 MB")
    # With one less there is room for it.
    page.route("**/files/*/", lambda route: route.fulfill(status=204))
    page.locator("[data-attach-list] [data-remove]").first.click()
    expect(refused).to_have_count(0)
    expect(page.locator("[data-attach-list] [name=attachment]")).to_have_count(5)


def test_several_dropped_and_pasted_at_once_are_sent_together(desk: Desk) -> None:
    page = desk.page
    page.evaluate(HAND_OVER, ["drop", ["one.png", "две.png", "three.png"], 2000])
    page.evaluate(HAND_OVER, ["paste", ["image.png"], 2000])
    expect(page.locator("[data-attach-list] [name=attachment]")).to_have_count(4)
    expect(page.locator("[data-attach-list]")).to_contain_text("screenshot-")
    page.locator("[data-attach-list] [data-remove]").first.click()
    expect(page.locator("[data-attach-list] li")).to_have_count(3)
    said = desk.say("As it looks here")
    expect(said.locator(".files li")).to_have_count(3)
    expect(page.locator("[data-attach-list] li")).to_have_count(0)
    assert Attachment.objects.count() == 3  # the one taken back is gone


def test_what_the_server_refuses_is_said_where_the_file_is(desk: Desk) -> None:
    desk.forgive("413")
    page = desk.page
    page.evaluate("document.querySelector('[data-attach]').dataset.fileLimit = 99_000_000")
    big = {"name": "film.mp4", "mimeType": "video/mp4", "buffer": bytes(11 * MEGABYTE)}
    page.locator("[data-attach-input]").set_input_files([big])  # type: ignore[list-item]
    refused = page.locator("[data-attach-list] li.refused")
    expect(refused).to_contain_text("film.mp4")
    expect(refused.locator("[data-again]")).to_be_hidden()
    desk.say("Words alone")
    assert Attachment.objects.count() == 0


def test_a_picture_becomes_a_thumbnail_under_ones_eyes(desk: Desk) -> None:
    desk.page.locator("[data-attach-input]").set_input_files([photo("box.jpg")])
    expect(desk.page.locator("[data-attach-list] [name=attachment]")).to_have_count(1)
    desk.say("See for yourself")
    expect(desk.page.locator("#thread .shot img")).to_be_visible()
