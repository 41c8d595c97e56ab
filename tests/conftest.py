"""Every test may ask for the cast; the database it stands on is had by `parley.site.testing`."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

pytest_plugins = ["cast", "shop"]

settings.register_profile(
    "parley",
    # A busy machine is not a broken product, and fixtures here are read, not changed.
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    print_blob=True,
)
settings.load_profile("parley")
