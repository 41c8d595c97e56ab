"""Name, colour and contact: what an administrator settles is seen by everybody, and stays readable."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import Any

import pytest

import parley.web
from cast import Cast
from parley.journal.models import Entry
from parley.parties.branding import HUES
from web.pages import Browser, Page

BRANDING = "/desk/administration/branding/"
TOKENS = Path(parley.web.__file__).parent / "static" / "css" / "tokens.css"


def test_what_is_settled_is_seen_and_journalled(cast: Cast) -> None:
    admin = Browser(cast.admin)
    assert admin.get("/brand.css").content == b""
    done = admin.send(
        BRANDING,
        "",
        name="Quayside Market",
        hue="150",
        support_address="help@quayside.example",
        notice_en="Beware.\n<b>Always.</b>",
        notice_ru="Осторожно.",
    )
    assert "Saved." in Page(done).words
    assert b"--hue: 150" in Browser().get("/brand.css").content, "strangers see it as well"
    page = admin.see(BRANDING)
    assert 'value="Quayside Market"' in page.html
    assert "help@quayside.example" in page.html
    assert "Осторожно." in Browser(cast.seller_member).see("/safety/").words
    assert "&lt;b&gt;" in Browser(cast.seller).see("/safety/").html
    kinds = set(Entry.objects.values_list("kind", flat=True))
    assert kinds == {"PartyRenamed", "SettingChanged"}
    keys = {entry.data.get("key") for entry in Entry.objects.filter(kind="SettingChanged")}
    assert keys == {"branding.hue", "contact.support_address", "contact.safety_notice"}
    entries = Entry.objects.count()
    admin.send(BRANDING, "")
    assert Entry.objects.count() == entries, "what is the same is no change"


@pytest.mark.parametrize(
    "wrong",
    [
        {"hue": "151"},
        {"hue": "}; *{"},
        {"hue": ""},
        {"support_address": "nobody"},
        {"name": " "},
        {"notice_en": "x" * 4001},
    ],
)
def test_of_what_is_wrong_nothing_is_kept(cast: Cast, wrong: dict[str, Any]) -> None:
    admin = Browser(cast.admin)
    page = Page(admin.send(BRANDING, "", **{"name": "Other", "hue": "55"} | wrong))
    assert page.status == 422
    assert "Not saved yet." in page.words
    assert not Entry.objects.exists()
    assert admin.get("/brand.css").content == b""
    cast.operator.refresh_from_db()
    assert cast.operator.name == "Harbour Market"


@pytest.mark.parametrize("hue", HUES)
@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_words_stay_readable_in_every_colour(hue: int, theme: int) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    for ink, paper in (
        ("--on-accent", "--accent"),
        ("--on-accent", "--accent-hover"),
        ("--accent-ink", "--surface"),
        ("--accent-ink", "--canvas"),
        ("--accent-ink", "--accent-wash"),
    ):
        shown = contrast(token(ink, theme, hue), token(paper, theme, hue))
        assert shown >= 4.5, (ink, paper, hue, round(shown, 2))


def token(name: str, theme: int, hue: int) -> tuple[float, float, float]:
    """A token's colour as (lightness, chroma, hue) of OKLCH, by day (0) or by night (1)."""
    written = re.search(rf"{name}: light-dark\((.*)\);", TOKENS.read_text())
    assert written, name
    both = re.findall(r"oklch\(([\d.]+) ([\d.]+) (.+?)\)(?=,|$)", written.group(1))
    lightness, chroma, own = both[theme]
    if "--hue" in own:
        own = hue + 3 if "calc" in own else hue
    return float(lightness), float(chroma), float(own)


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    light, dark = sorted((luminance(*one), luminance(*other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(lightness: float, chroma: float, hue: float) -> float:
    """Relative luminance of what a screen of sRGB shows: https://bottosson.github.io/posts/oklab/."""
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    seen = [min(1.0, max(0.0, part)) for part in (red, green, blue)]
    return 0.2126 * seen[0] + 0.7152 * seen[1] + 0.0722 * seen[2]
