from __future__ import annotations

from typing import Any

from parley.parties.pinning import pin_of
from parley.web.reader import SignedInRequest


def pin_section(request: SignedInRequest) -> dict[str, Any]:
    """What `security/_pin_body.html` is given wherever it stands.

    `pin` (its digits are shown, None: they are not) and `pin_ends_at` (None: there is none that holds).
    """
    found = pin_of(request.reader)
    return {"pin": None, "pin_ends_at": found.ends_at if found else None}
