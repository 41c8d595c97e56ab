"""The names of files: a pattern with places for the date, the time and the number of the run.

orders-{date}-{time}-{run}.csv  →  orders-20260521-140500-17.csv
"""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from parley.transfer.places import PART

LONGEST = 120
PLACES = ("date", "time", "run")
_BYTES = 200
"""As much as a file system takes (255), less what a name has behind it while it is written."""
_PLACE = re.compile(r"\{(\w*)\}")
_FORBIDDEN = frozenset('/\\:*?"<>|')
"""What some system or other can't have in a name."""


class PatternRefused(ValueError):
    """A pattern no file can be named by; `words` say why."""

    def __init__(self, words: object) -> None:
        super().__init__(words)
        self.words = words


def check_pattern(pattern: str, *, names_differ: bool) -> None:
    """Raises PatternRefused. `names_differ`: every run needs a name of its own."""
    if not pattern or len(pattern) > LONGEST or _bytes_at_most(pattern) > _BYTES:
        raise PatternRefused(_("Write a file name of at most 120 characters."))
    unknown = [name for name in _PLACE.findall(pattern) if name not in PLACES]
    rest = _PLACE.sub("", pattern)
    if unknown or "{" in rest or "}" in rest:
        raise PatternRefused(_("In braces there may be {date}, {time} and {run}."))
    if any(letter in _FORBIDDEN or unicodedata.category(letter)[0] == "C" for letter in rest):
        raise PatternRefused(_('A file name has none of these: / \\ : * ? " < > |'))
    if rest.strip() in {"", "."} or pattern != pattern.strip() or pattern.startswith((".", "-")):
        raise PatternRefused(_("A file name begins with a letter or a number."))
    if pattern.lower().endswith(PART):
        raise PatternRefused(_("A name that ends in .part is that of a file still being written."))
    if names_differ and "{run}" not in pattern:
        raise PatternRefused(
            _("Put {run} into the name: else a file could replace one that was not yet read.")
        )


def name_of(pattern: str, *, run: int, at: datetime) -> str:
    """The name of a run's file. `at` is when it was asked for, by the export's clock."""
    values = {"date": f"{at:%Y%m%d}", "time": f"{at:%H%M%S}", "run": str(run)}
    return _PLACE.sub(lambda found: values[found[1]], pattern)


def _bytes_at_most(pattern: str) -> int:
    return len(_PLACE.sub("0123456789", pattern).encode(errors="replace"))
