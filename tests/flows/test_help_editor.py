"""Writing the help centre in a real browser: an article, its translation, its pictures, its versions."""

from __future__ import annotations

import base64
import re

from playwright.sync_api import Page, expect

from cast import Cast
from flows.browsing import PHONE, WIDE, Desk, House
from flows.pictures import photo
from flows.test_every_page import ALL_RULES, COLOURS, SETTLED, STICKING_OUT, _violations
from parley.help_centre.models import Article, Image, MissedSearch, Translation
from parley.help_centre.shelving import CollectionTyped, add_collection
from parley.help_centre.writing import Written, keep_draft
from web.running import wait_until
from web.written import article as published

PASTE = """([name, data]) => {
  const bytes = Uint8Array.from(atob(data), (c) => c.charCodeAt(0));
  const clipboard = new DataTransfer();
  clipboard.items.add(new File([bytes], name, { type: "image/jpeg" }));
  const event = new ClipboardEvent("paste", { clipboardData: clipboard, bubbles: true, cancelable: true });
  document.getElementById("f-body").dispatchEvent(event);
}"""


def saved(page: Page) -> None:
    expect(page.locator("[data-says-saved]")).to_have_text(re.compile("^(Saved|Сохранено)"))


def paste_photo(page: Page) -> None:
    content = photo("label.jpg")["buffer"]
    assert isinstance(content, bytes)
    page.evaluate(PASTE, ["label.jpg", base64.b64encode(content).decode()])


def begin(desk: Desk, title: str) -> Page:
    page = desk.go("/desk/help/new/")
    page.get_by_label("Title").fill(title)
    page.get_by_label("Collection").select_option("Orders")
    page.get_by_role("button", name="Begin writing").click()
    page.wait_for_url("**/en/")
    return page


def test_an_article_is_written_translated_published_and_renamed(house: House, cast: Cast) -> None:
    add_collection(CollectionTyped(titles={"en": "Orders", "ru": "Заказы"}), by=cast.lead)
    desk = house.desk(cast.lead)
    page = begin(desk, "Print a label")
    write_in_english(page)
    publish(page)
    article = Article.objects.get()
    assert article.path == "orders/print-a-label"
    text = Translation.objects.get(article=article, language="en")
    assert text.also_asked_as == ["shipping label"]
    assert text.published is not None
    assert Image.objects.get(article=article).path in text.published.body
    translate(page)
    publish(page)
    page.goto(page.url.replace("/ru/", "/en/"))
    page.locator("#f-body").fill("1. Open the parcel\n2. Click Print")
    rename(page, "print-labels")
    article.refresh_from_db()
    assert article.path == "orders/print-labels"
    publish(page)
    expect(page.locator(".write-languages")).to_contain_text("Outdated translation")

    page.locator("[popovertarget=article-menu]").click()
    page.locator("#article-menu").get_by_role("link", name="Versions").click()
    diff = page.locator(".diff")
    expect(diff.locator("ins", has_text="parcel")).to_be_visible()
    expect(diff.locator("del", has_text="order").first).to_be_visible()
    desk.go("/help/en/orders/print-a-label/")
    assert page.url.endswith("/help/en/orders/print-labels/")
    expect(page.locator("h1")).to_have_text("Print a label")
    page.get_by_role("link", name="Edit").click()
    page.wait_for_url("**/desk/help/articles/**")


def write_in_english(page: Page) -> None:
    page.locator("#f-summary").fill("So that the parcel finds its way.")
    body = page.locator("#f-body")
    body.click()
    page.keyboard.type("Open the order\nClick Print")
    body.press("Control+a")
    page.get_by_role("button", name="Steps").click()
    expect(body).to_have_value("1. Open the order\n2. Click Print")
    body.press("End")
    body.press("Enter")
    page.keyboard.type("Fold it")
    expect(body).to_have_value(re.compile("3. Fold it$"))
    body.press("Enter")
    body.press("Enter")
    paste_photo(page)
    expect(body).to_have_value(re.compile(r"!\[label\]\(images/print-a-label-[0-9a-f]{8}\.jpg\)"))
    page.get_by_role("button", name="Add a phrasing").click()
    page.keyboard.type("shipping label")
    saved(page)
    preview = page.locator("#preview")
    expect(preview.locator("img")).to_have_js_property("complete", True)
    assert preview.locator("img").evaluate("(i) => i.naturalWidth") > 0
    expect(preview.locator("ol > li")).to_have_count(3)


def translate(page: Page) -> None:
    page.locator(".write-languages a", has_text="Русский").click()
    page.wait_for_url("**/ru/")
    expect(page.locator(".write-source")).to_contain_text("Open the order")
    page.locator("#f-title").fill("Распечатать этикетку")
    page.locator("#f-body").fill("1. Откройте заказ\n2. Нажмите «Печать»")


def rename(page: Page, slug: str) -> None:
    page.locator("[popovertarget=article-menu]").click()
    page.get_by_role("link", name="Address, audience").click()
    page.get_by_label("End of its address").fill(slug)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Saved.")


def publish(page: Page) -> None:
    page.get_by_role("link", name="Publish…").click()
    dialog = page.locator("dialog#publishing")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(page.locator("#toasts")).to_contain_text("Published.")


def test_two_editors_see_that_there_are_two_texts(house: House, cast: Cast) -> None:
    article = published(cast)
    desk = house.desk(cast.lead)
    desk.forgive("409")
    page = desk.go(f"/desk/help/articles/{article.pk}/en/")
    keep_draft(article, "en", Written(title="Ship it", body="The agent's words."), by=cast.agent)
    page.locator("#f-body").fill("The lead's words.")
    conflict = page.locator("#conflict")
    expect(conflict).to_contain_text("Агата Агентова changed this text while you were writing.")
    expect(page.locator("#f-body")).to_have_value("The lead's words.")
    page.reload()
    expect(page.locator("#f-body")).to_have_value("The lead's words.")
    expect(conflict).to_contain_text("changed this text")
    conflict.get_by_role("button", name="Go on with mine").click()
    saved(page)
    expect(conflict).to_be_empty()
    assert article.translations.get().body == "The lead's words."
    desk.go(f"/desk/help/articles/{article.pk}/en/versions/")
    page.locator(".version-list a", has_text="Gave way to another text").click()
    expect(page.locator(".diff ins", has_text="agent")).to_be_visible()
    page.get_by_role("button", name="Make it the draft").click()
    expect(page.locator("#f-body")).to_have_value("The agent's words.")


def test_nothing_is_lost_with_the_connection(house: House, cast: Cast) -> None:
    article = published(cast)
    desk = house.desk(cast.lead)
    desk.forgive(
        "ERR_INTERNET_DISCONNECTED", "Failed to fetch", "htmx:sendError", "htmx:afterRequest"
    )
    page = desk.go(f"/desk/help/articles/{article.pk}/en/")
    desk.context.set_offline(True)
    page.locator("#f-body").fill("Written on a train.")
    expect(page.locator("[data-says-saved]")).to_contain_text("Kept on this device")
    desk.context.set_offline(False)
    wait_until(lambda: article.translations.get().body == "Written on a train.")
    desk.go(f"/desk/help/articles/{article.pk}/en/")
    expect(page.locator("#f-body")).to_have_value("Written on a train.")


def test_articles_are_offered_while_a_ticket_is_written(house: House, cast: Cast) -> None:
    published(cast, "My parcel has not arrived")
    desk = house.desk(cast.seller)
    page = desk.go("/tickets/new/")
    page.locator("#f-title").fill("a parcel that has not arrived")
    offered = page.locator("#answers")
    expect(offered).to_contain_text("My parcel has not arrived")
    expect(page.locator("#announcer")).to_contain_text("1 article may already answer this.")
    with desk.context.expect_page() as opened:
        offered.get_by_role("link", name="My parcel has not arrived").click()
    expect(opened.value.locator("h1")).to_have_text("My parcel has not arrived")
    opened.value.close()
    offered.get_by_role("button", name="This answered it").click()
    page.wait_for_url("**/")
    expect(page.locator("#toasts")).to_contain_text("No ticket was opened.")
    desk.go("/tickets/new/")
    expect(page.locator("#f-title")).to_have_value("")


def test_the_pages_of_writing_read_well_everywhere(house: House, cast: Cast) -> None:
    article = published(cast)
    keep_draft(
        article,
        "ru",
        Written(title="Отгрузить заказ " * 8, body="Слово" * 60 + "\n\n> [!TIP]\n> Совет"),
        by=cast.agent,
    )
    MissedSearch.objects.create(words="как отправить посылку", language="ru", times=12)
    article.opinions.create(
        language="en", reader="x", helped=False, reason="No word on labels. " * 9
    )
    base = f"/desk/help/articles/{article.pk}"
    paths = [
        "/desk/help/", "/desk/help/?state=missing&q=none", "/desk/help/new/", f"{base}/en/",
        f"{base}/ru/", f"{base}/ru/versions/", f"{base}/en/versions/", f"{base}/ru/publishing/",
        f"{base}/place/", "/desk/help/missed/", "/desk/help/opinions/", "/desk/help/collections/",
    ]  # fmt: skip
    wrong = []
    for who in (cast.lead, cast.agent):
        desk = house.desk(who)
        desk.forgive("404")
        for path in paths:
            for size in [PHONE] if who is cast.agent else [WIDE, PHONE]:
                desk.page.set_viewport_size({"width": size[0], "height": size[1]})
                desk.page.emulate_media(color_scheme="light")
                page = desk.go(path)
                page.evaluate(SETTLED)
                out = page.evaluate(STICKING_OUT)
                wrong += [f"{path} at {size[0]}: sticks out: {it}" for it in out]
                if who is cast.agent:
                    continue
                wrong += [f"{path} at {size[0]}: {it}" for it in _violations(page, ALL_RULES)]
                page.emulate_media(color_scheme="dark")
                page.evaluate(SETTLED)
                wrong += [f"{path}, dark: {it}" for it in _violations(page, COLOURS)]
    assert not wrong, "\n".join(wrong)
