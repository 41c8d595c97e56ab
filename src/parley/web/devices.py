"""What a person is working with, in words: the browser and the device that a request tells of."""

from __future__ import annotations

import re

from django.utils.translation import gettext as _

LONGEST = 500
"""Characters that are read of what a browser says of itself."""

# In this order: each of these browsers names those below it, too, for old servers' sake.
_BROWSERS = (
    ("Edge", re.compile(r"\bEdg(?:e|A|iOS)?/(\d{1,4})")),
    ("Opera", re.compile(r"\bOPR/(\d{1,4})")),
    ("Yandex Browser", re.compile(r"\bYaBrowser/(\d{1,4})")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/(\d{1,4})")),
    ("Firefox", re.compile(r"\b(?:Firefox|FxiOS)/(\d{1,4})")),
    ("Chrome", re.compile(r"\b(?:Chrome|CriOS|HeadlessChrome)/(\d{1,4})")),
    ("Safari", re.compile(r"\bVersion/(\d{1,4})[\d.]* (?:Mobile/\w+ )?Safari/")),
)
_DEVICES = (
    ("iPhone", re.compile(r"\biPhone\b")),
    ("iPad", re.compile(r"\biPad\b")),
    ("Android", re.compile(r"\bAndroid\b")),
    ("Windows", re.compile(r"\bWindows\b")),
    ("ChromeOS", re.compile(r"\bCrOS\b")),
    ("Mac", re.compile(r"\bMacintosh\b")),
    ("Linux", re.compile(r"\bLinux\b")),
)


def device_in_words(user_agent: str) -> str:
    """The browser and device that a `User-Agent` (RFC 9110, 10.1.5) names: “Firefox 131 on Windows”.

    In the active language; what is not recognised is left out, and nothing at all gives empty. It
    is what the browser says, and proves nothing.
    """
    told = user_agent[:LONGEST]
    browser = next((f"{name} {m[1]}" for name, like in _BROWSERS if (m := like.search(told))), "")
    device = next((name for name, like in _DEVICES if like.search(told)), "")
    if browser and device:
        return _("%(browser)s on %(device)s") % {"browser": browser, "device": device}
    return browser or device
