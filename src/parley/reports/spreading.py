"""Percentiles that can be added up: counts in buckets that each are a little wider than the last.

A median of medians is no median. So a day keeps how many waited how long, in buckets whose edges grow
by a constant factor; counts of days add up to those of any period, and a percentile read from them is
at most `ERROR` of itself away from the exact one. It is the sketch of Masson, Rim and Lee, "DDSketch: a
fast and fully-mergeable quantile sketch with relative-error guarantees" (VLDB 2019), with no limit on
the number of buckets: from a minute to a year there are some 660.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

ERROR = 0.01
"""How far a percentile may be from the exact one, as a share of it."""
SMALLEST = 60
"""Seconds. What took no longer is told as this long."""
GROWTH = (1 + ERROR) / (1 - ERROR)


def bucket_of(seconds: int) -> int:
    """The bucket of a time in seconds: 0 up to `SMALLEST`, then one for each step of `GROWTH`."""
    if seconds <= SMALLEST:
        return 0
    return math.ceil(math.log(seconds / SMALLEST) / math.log(GROWTH))


def seconds_of(bucket: int) -> float:
    """The time that stands for a bucket: no further than `ERROR` from any time in it."""
    if bucket == 0:
        return float(SMALLEST)
    return float(SMALLEST * GROWTH**bucket * 2 / (GROWTH + 1))


def percentile(counts: Mapping[int, int], share: float) -> float | None:
    """The time within which `share` (0 to 1] of those counted were done; None when nobody was.

    By nearest rank: the smallest time such that at least that share took no longer.
    """
    total = sum(counts.values())
    if not total:
        return None
    rank = max(1, math.ceil(round(share * total, 9)))
    for bucket in sorted(counts):
        rank -= counts[bucket]
        if rank <= 0:
            return seconds_of(bucket)
    raise AssertionError("the ranks of a spread add up to its total")
