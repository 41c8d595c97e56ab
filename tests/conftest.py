from __future__ import annotations

import os

os.environ["PARLEY_MODE"] = "test"
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "parley.site.settings")

from parley.postgres import testing  # noqa: E402

testing.start()

pytest_plugins = ["cast"]
