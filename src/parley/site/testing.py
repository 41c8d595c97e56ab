"""What a run of the tests stands on, had before anything reads Django's settings.

A plugin of pytest, named in `pyproject.toml`: a `conftest.py` would come too late, since
pytest-django reads the settings, and with them the address of the database, before it.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Generator

import pytest

from parley.postgres import testing


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    """Start a throw-away server, with a folder for uploads, mails and logs of this run.

    The processes of a parallel run find both in their environment, and share them.
    """
    os.environ["PARLEY_MODE"] = "test"
    os.environ["DJANGO_SETTINGS_MODULE"] = "parley.site.settings"
    if "PYTEST_XDIST_WORKER" not in os.environ:
        # The number lets a later run find what a killed one left behind.
        os.environ["PARLEY_DATA"] = tempfile.mkdtemp(prefix=f"parley-test-{os.getpid()}-")
        atexit.register(shutil.rmtree, os.environ["PARLEY_DATA"], ignore_errors=True)
    testing.start()
    return (yield)
