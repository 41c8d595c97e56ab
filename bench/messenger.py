"""What the messenger's button adds to the loading of a page: with and without it, in turns, in Chromium.

    python -m bench.messenger --address http://127.0.0.1:8000 --loads 40

It signs in to a demo that is running. Of each load it takes the browser's own figure, from the start
of the navigation to the end of the `load` event.
"""

from __future__ import annotations

import argparse
import statistics

from playwright.sync_api import CDPSession, Page, sync_playwright

from flows import chromium

WHO = ("harriet@bramblefinch.example", "parley-demo")
LOADED = "performance.getEntriesByType('navigation')[0].loadEventEnd"
SETTLED = "new Promise((done) => requestIdleCallback(done, { timeout: 2000 }))"
PAGES = ("/tickets/", "/orders/")


def main() -> None:
    """Measure, and print a line for each page."""
    chosen = argparse.ArgumentParser(description=__doc__)
    chosen.add_argument("--address", default="http://127.0.0.1:8000")
    chosen.add_argument("--loads", type=int, default=40, help="loads of each page, each way")
    given = chosen.parse_args()
    with sync_playwright() as playwright:
        browser = chromium.start(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        _sign_in(page, given.address)
        wire = page.context.new_cdp_session(page)
        wire.send("Network.enable")
        for path in PAGES:
            with_it, without = _in_turns(page, wire, given.address + path, given.loads)
            added = statistics.median(with_it) - statistics.median(without)
            print(f"{path:<10} {_said(with_it)} with, {_said(without)} without: {added:+.0f} ms")
        browser.close()


def _sign_in(page: Page, address: str) -> None:
    page.goto(f"{address}/account/sign-in/")
    page.fill("[name=login]", WHO[0])
    page.fill("[name=password]", WHO[1])
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def _in_turns(
    page: Page, wire: CDPSession, address: str, loads: int
) -> tuple[list[float], list[float]]:
    """Milliseconds of each load with the script, and with its address blocked."""
    times: dict[bool, list[float]] = {True: [], False: []}
    for number in range(2 * loads + 2):
        is_with = number % 2 == 0
        wire.send("Network.setBlockedURLs", {"urls": [] if is_with else ["*/messenger.js*"]})
        took = _load(page, address)
        if number >= 2:  # The first of each fills the caches.
            times[is_with].append(took)
    return times[True], times[False]


def _load(page: Page, address: str) -> float:
    page.goto(address, wait_until="load")
    page.wait_for_timeout(30)
    took: float = page.evaluate(LOADED)
    page.evaluate(SETTLED)
    return took


def _said(times: list[float]) -> str:
    deciles = statistics.quantiles(times, n=10)
    return f"{statistics.median(times):.0f} ms (p90 {deciles[-1]:.0f})"


if __name__ == "__main__":
    main()
