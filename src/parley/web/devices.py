"""What a person is working with, as somebody who helps them needs to know it."""

from __future__ import annotations

import re

from parley.parties.signing_in import device_in_words

LONGEST = 500
"""Characters that are read of what a browser says of itself."""
# What stands before a browser's version, where that is not its own name.
_BEFORE_VERSION = {
    "Edge": r"Edg(?:e|A|iOS)?",
    "Opera": r"OPR",
    "Yandex Browser": r"YaBrowser",
    "Samsung Internet": r"SamsungBrowser",
    "Firefox": r"(?:Firefox|FxiOS)",
    "Chrome": r"(?:Chrome|CriOS)",
    "Safari": r"Version",
}


def device_and_version(user_agent: str) -> str:
    """The browser with its version, and the system, that a `User-Agent` (RFC 9110, 10.1.5) names.

    “Firefox 131, Windows”; without the version where it is not told, and empty where nothing is
    recognised. It is what the browser says, and proves nothing.
    """
    told = user_agent[:LONGEST]
    browser, comma, system = device_in_words(told).partition(", ")
    before = _BEFORE_VERSION.get(browser, re.escape(browser))
    found = re.search(rf"{before}/(\d{{1,4}})", told) if browser else None
    return f"{browser} {found[1]}{comma}{system}" if found else f"{browser}{comma}{system}"
