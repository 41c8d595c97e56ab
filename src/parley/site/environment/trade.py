"""What holds for orders, and for the files they are written to."""

# ruff: noqa: RUF009  (`setting` gives a dataclass field, made once for the class)

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from parley.site.environment.setting import setting
from parley.site.environment.values import countries, folder, whole


@dataclass(frozen=True)
class Trade:
    """What holds for orders, and for the files they are written to."""

    countries_served: tuple[str, ...] = setting(
        "PARLEY_COUNTRIES_SERVED",
        countries,
        ("GB",),
        "The countries orders are shipped to, where a supplier names none (ISO 3166 codes).",
        default_in_words="GB",
    )
    matching_days: int = setting(
        "PARLEY_MATCHING_DAYS",
        whole(0, 30),
        4,
        "How many days an order with an unknown item stays hidden while a product is looked for.",
    )
    hand_over_minutes: int = setting(
        "PARLEY_HAND_OVER_MINUTES",
        whole(0, 10080),
        60,
        "How many minutes a paid order waits before its supplier gets it; till then it can be cancelled.",
    )
    export_folder: Path | None = setting(
        "PARLEY_EXPORT_FOLDER",
        folder,
        None,
        "The folder below which exports to a folder are written; each supplier has one of its own in it.",
        default_in_words="none (the demo has one in the data folder)",
    )
