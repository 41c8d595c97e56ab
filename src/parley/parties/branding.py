"""How the place looks: the hue of everything that can be pressed, which the operator picks."""

from __future__ import annotations

from typing import Any

from parley.parties.settling import Settled, settled

USUAL_HUE = 273
"""An indigo: degrees of OKLCH, as `static/css/tokens.css` has it."""
HUES = (273, 250, 195, 150, 110, 55, 25, 350, 310)
"""Those that can be picked. With each of them words stay readable by day and by night."""


def _is_hue(value: Any) -> bool:
    return type(value) is int and value in HUES


HUE: Settled[int] = Settled("branding.hue", USUAL_HUE, _is_hue)


def hue() -> int:
    """The hue that holds now. One query."""
    return settled(HUE)
