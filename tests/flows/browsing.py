"""People at their browsers. Whatever goes wrong in one of them is remembered, and fails the test."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import connection
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request

from parley.parties.models import Membership
from web.running import Site, signed_in, wait_until

WIDE = (1280, 800)
PHONE = (390, 844)
PATIENCE = 40_000
"""Milliseconds until something that should show is given up: a busy machine is no broken product."""
LANGUAGES = {"en": "en-GB", "ru": "ru-RU"}


WHEN_A_PAGE_CLOSES = ("htmx:sendAbort", "htmx:afterRequest")
"""What is asked while a page is left comes to nothing, and htmx says so aloud."""


@dataclass
class Desk:
    """One person at one browser. `page` is what they look at."""

    site: Site
    context: BrowserContext
    page: Page
    troubles: list[str]
    forgiven: list[str] = field(default_factory=list)

    def go(self, path: str) -> Page:
        """Open an address of the site, and wait until the page is awake."""
        self.page.goto(f"http://127.0.0.1:{self.site.port}{path}")
        self.awake()
        return self.page

    def awake(self) -> None:
        """Wait until the scripts of the page have run."""
        self.page.wait_for_load_state("load")

    def bell(self) -> int:
        """The number at the bell."""
        count = self.page.locator("#bell .count")
        return int(count.inner_text()) if count.count() else 0

    def say(self, text: str, *, way: str = "") -> Locator:
        """Reply in the open ticket; gives the message once the server has it."""
        if way:
            self.choose(way)
        self.page.locator("#reply-text").fill(text)
        self.page.locator("[data-send]").click()
        said = self.page.locator("#thread [data-message]:not([data-bubble])", has_text=text)
        said.wait_for()
        return said

    def choose(self, way: str) -> None:
        """Choose what the reply is: `ask`, `note`, `only-opener`…"""
        if self.page.locator(f"[type=hidden][name=way][value={way}]").count():
            return  # there is no other
        menu = self.page.locator("select[name=way]")
        if menu.count():
            menu.select_option(way)
        else:
            self.page.locator("label", has=self.page.locator(f"[name=way][value={way}]")).click()

    def forgive(self, *words: str) -> None:
        """What the browser says aloud of what this test does on purpose."""
        self.forgiven.extend(words)

    @property
    def unforgiven(self) -> list[str]:
        forgiven = [*self.forgiven, *WHEN_A_PAGE_CLOSES]
        return [t for t in self.troubles if not any(word in t for word in forgiven)]


class House:
    """The site, and everybody who has it open in a browser."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site = site
        self.browser = browser
        self.desks: list[Desk] = []

    def desk(
        self,
        who: Membership | None = None,
        *,
        size: tuple[int, int] = WIDE,
        scheme: Literal["light", "dark"] = "light",
        language: str = "",
    ) -> Desk:
        """A browser of its own for `who`, signed in; for nobody, at the door."""
        language = language or (who.person.language if who else "en")
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme=scheme,
            locale=LANGUAGES[language],
            timezone_id=who.person.time_zone if who else "UTC",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        if who:
            name, _, value = signed_in(who).partition("=")
            context.add_cookies(
                [{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}]
            )
        troubles: list[str] = []
        origin = f"http://127.0.0.1:{self.site.port}/"
        watch(context, troubles, origin)
        context.on("page", wait_until_awake)
        desk = Desk(self.site, context, context.new_page(), troubles)
        self.desks.append(desk)
        return desk

    def close(self) -> None:
        for desk in self.desks:
            desk.context.close()

    @property
    def troubles(self) -> list[str]:
        return [trouble for desk in self.desks for trouble in desk.unforgiven]


def wait_until_awake(page: Page) -> None:
    """Let nothing be typed or pressed before the scripts of the page have run, after any step.

    On a busy machine a link's page shows well before its scripts run; no person is that quick.
    """
    page.add_locator_handler(page.locator("html:has(script[src*=parley]):not([data-awake])"), _wait)


def _wait(_asleep: Locator) -> None:
    """The page is waited for by playwright itself, until it is asleep no more."""


def watch(context: BrowserContext, troubles: list[str], origin: str) -> None:
    """Remember what should never happen: errors, refused scripts, dialogs, calls to elsewhere."""

    def heard(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            where = message.page.url if message.page else "?"
            troubles.append(f"console at {where}: {message.text} ({message.location.get('url')})")

    def asked(request: Request) -> None:
        if not request.url.startswith((origin, "data:", "blob:")):
            troubles.append(f"asked elsewhere: {request.url}")

    def interrupted(dialog: Any) -> None:
        troubles.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    context.on("console", heard)
    context.on("weberror", lambda error: troubles.append(f"script: {error.error}"))
    context.on("request", asked)
    context.on("dialog", interrupted)


def _busy() -> bool:
    """Whether the site still works for browsers that are gone; the tables can't be emptied then."""
    time.sleep(0.05)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND state <> 'idle' AND backend_type = 'client backend')"
        )
        row = cursor.fetchone()
    return bool(row and row[0])


@contextmanager
def house_of(site: Site, browser: Browser) -> Iterator[House]:
    """A house in which nothing goes wrong unseen."""
    house = House(site, browser)
    try:
        yield house
    finally:
        house.close()
        wait_until(lambda: not any(_busy() for _look in range(3)))
    assert not house.troubles, "\n".join(house.troubles)
