"""`python -m parley.site.cli` is `parley`."""

from __future__ import annotations

import sys

from parley.site.cli import main

sys.exit(main())
