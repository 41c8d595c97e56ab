"""The messenger, as somebody uses it: its button, its views, what is said in it."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Locator, Page, expect

from flows.browsing import Desk

OPEN_ROOTS = """
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function (about) { return attach.call(this, { ...about, mode: "open" }); };
"""
"""The component's root is closed to the page it stands on, and so to a test; this lets a test in."""


def let_in(context: BrowserContext) -> None:
    """Let this test see into the messenger on the pages that are opened from now on."""
    context.add_init_script(OPEN_ROOTS)


@dataclass
class Messenger:
    """The messenger on the page that somebody looks at."""

    page: Page

    @property
    def button(self) -> Locator:
        return self.page.locator(".launcher")

    @property
    def panel(self) -> Locator:
        return self.page.locator("section.panel")

    @property
    def field(self) -> Locator:
        """Where one writes: at home, or in a conversation."""
        return self.panel.locator(".composer textarea")

    @property
    def messages(self) -> Locator:
        return self.panel.locator(".thread .message")

    @property
    def last_answer(self) -> Locator:
        return self.panel.locator(".thread .message[data-side=assistant]").last

    def open(self) -> Messenger:
        self.button.click()
        expect(self.panel).to_be_visible()
        expect(self.panel.locator(".tabs, .composer").first).to_be_visible()
        return self

    def go(self, place: str) -> None:
        """Go to one of the places at its foot, by its name."""
        self.panel.locator(".tab", has_text=place).click()

    def say(self, text: str) -> None:
        """Say something, and wait until it is said."""
        self.field.fill(text)
        self.panel.locator(".send").click()
        expect(self.panel.locator(".thread .own", has_text=text)).to_be_visible()

    def press(self, words: str) -> None:
        """Press the button, or follow the link, that says this."""
        self.panel.get_by_role("button", name=words).or_(
            self.panel.get_by_role("link", name=words)
        ).last.click()


def messenger_of(desk: Desk, path: str = "/tickets/") -> Messenger:
    """The messenger of somebody of ours, on one of our pages."""
    let_in(desk.context)
    desk.go(path)
    messenger = Messenger(desk.page)
    expect(messenger.button).to_be_visible()
    return messenger
