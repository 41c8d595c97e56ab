"""The way to sign a token that the docs show works as it stands there."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from cast import Cast
from parley.messenger.keeping_sites import make_site
from parley.messenger.vouching import vouched_by

DOCS = Path(__file__).parents[2] / "docs" / "messenger.md"


def test_the_snippet_in_python_signs_what_is_taken(cast: Cast) -> None:
    found = re.search(r"```python\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    place: dict[str, Any] = {}
    exec(found[1], place)
    site, secret = make_site("A shop", ["https://shop.example"], by=cast.admin)
    token = place["messenger_token"](site.key, secret, 42, "Jane Roe", "Jane@Example.org", True)
    vouched = vouched_by(site, token)
    assert (vouched.subject, vouched.name) == ("42", "Jane Roe")
    assert (vouched.email, vouched.email_verified) == ("jane@example.org", True)
