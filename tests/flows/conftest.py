"""A real Chromium before the real server, once for each process of the test run.

`house.desk(cast.seller)` is that person at a browser of their own. What is committed is seen at once;
what the worker does for the site is done in a thread of the test (`jobs`), so that bells and mails
move, and nothing of it outlives the test.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from flows import chromium
from flows.browsing import PATIENCE, House, house_of
from flows.jobs import done_at_once
from web.running import Site, running


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.django_db(transaction=True))
            # A starved machine may time a browser out. What fails twice is broken; the closing line
            # counts those that needed it, and one that often does is a defect of its own.
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="package")
def site(django_db_setup: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running(tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium. Without one these tests are skipped; on a build machine that is a failure."""
    with sync_playwright() as playwright:
        try:
            browser = chromium.start(playwright)
        except chromium.NoBrowser as none:
            if os.environ.get("CI"):
                pytest.fail(f"No browser to test with: {none}")
            pytest.skip(f"BROWSER TESTS SKIPPED, no Chromium to drive: {none}")
        # playwright's loop runs in this thread, and Django takes that for asynchronous code.
        before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
        os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()
        if before is None:
            del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def house(transactional_db: None, site: Site, browser: Browser, settings: Any) -> Iterator[House]:
    """The site with its jobs done; see `House`."""
    settings.MEDIA_ROOT = site.data / "files"
    with done_at_once(), house_of(site, browser) as house:
        yield house
