"""Where Chromium is on this machine, and how it is started."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from playwright.sync_api import Browser, Error, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class NoBrowser(Exception):
    """There is no Chromium that starts; the text says what was tried."""


def start(playwright: Playwright) -> Browser:
    """Start the machine's Chromium, or else playwright's own. Raises NoBrowser."""
    path = _found() or playwright.chromium.executable_path
    if not Path(path).exists():
        raise NoBrowser(f"none of {', '.join(NAMES)} is installed, nor is playwright's own")
    # As root there are no user namespaces to put the sandbox in.
    arguments = [*ARGUMENTS, "--no-sandbox"] if os.geteuid() == 0 else ARGUMENTS
    try:
        return playwright.chromium.launch(executable_path=path, args=arguments)
    except Error as error:
        raise NoBrowser(f"{path} does not start: {error.message.splitlines()[0]}") from error


def _found() -> str | None:
    return next((path for name in NAMES if (path := shutil.which(name))), None)
