"""The API for programs: `/api/v1`, JSON, with the same doors as the pages.

`urls` is what the site puts at its address: `path("api/v1/", api.urls)`.
"""

from __future__ import annotations

from parley.web.api.assembly import urls

__all__ = ["urls"]
