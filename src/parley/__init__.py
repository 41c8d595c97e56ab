"""Parley: the support desk of a marketplace."""

from __future__ import annotations

import os

# numpy's own threads gain nothing on one question at a time, and where many processes share few
# processors they wait for each other at ten times the cost. It is read when numpy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
