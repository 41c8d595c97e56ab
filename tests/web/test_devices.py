"""What browsers say of themselves, in words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parley.web.devices import device_and_version

MOZILLA = "Mozilla/5.0"
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64; rv:131.0) Gecko/20100101 Firefox/131.0",
         "Firefox 131, Windows"),
        (f"{MOZILLA} (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/130.0.0.0 Safari/537.36",
         "Chrome 130, Windows"),
        (f"{MOZILLA} (Windows NT 10.0) {WEBKIT} Chrome/130.0.0.0 Safari/537.36 Edg/130.0.2849.46",
         "Edge 130, Windows"),
        (f"{MOZILLA} (Windows NT 10.0) {WEBKIT} Chrome/124.0.0.0 YaBrowser/24.6 Safari/537.36",
         "Yandex Browser 24, Windows"),
        ((f"{MOZILLA} (Linux; Android 14; SM-S918B) {WEBKIT} SamsungBrowser/26.0 Chrome/122.0.0.0 "
         "Mobile Safari/537.36"), "Samsung Internet 26, Android"),
        ((f"{MOZILLA} (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
         "Gecko) Version/18.0 Mobile/15E148 Safari/604.1"), "Safari 18, iPhone"),
        ((f"{MOZILLA} (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
         "Version/17.6 Safari/605.1.15"), "Safari 17, macOS"),
        (f"{MOZILLA} (X11; Linux x86_64) {WEBKIT} HeadlessChrome/120.0.0.0 Safari/537.36",
         "Chrome 120, Linux"),
        ("curl/8.5.0", ""),
        ("SomethingNew/1.0 (Windows)", "Windows"),
        ("", ""),
    ],
)  # fmt: skip
def test_a_browser_its_version_and_the_system_are_said_in_words(told: str, words: str) -> None:
    assert device_and_version(told) == words


@given(st.text(max_size=2_000))
def test_whatever_is_told_the_words_are_short_and_ours(told: str) -> None:
    words = device_and_version(told)
    assert len(words) < 60
    assert "<" not in words
