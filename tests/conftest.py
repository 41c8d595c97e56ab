"""Every test may ask for the cast; the database it stands on is had by `parley.site.testing`."""

from __future__ import annotations

pytest_plugins = ["cast"]
