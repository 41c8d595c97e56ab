"""Readable addresses out of titles, in Latin letters whatever the title's own are."""

from __future__ import annotations

import re
import unicodedata

_RUSSIAN = str.maketrans("абвгдеёзийклмнопрстуфыэіїґў", "abvgdeeziiklmnoprstufyeiigu") | {
    ord("ж"): "zh", ord("х"): "kh", ord("ц"): "ts", ord("ч"): "ch", ord("ш"): "sh",
    ord("щ"): "shch", ord("ъ"): "ie", ord("ь"): "", ord("ю"): "iu", ord("я"): "ia", ord("є"): "ie",
}  # fmt: skip


def slug_of(title: str) -> str:
    """`title` as a piece of an address: `Отгрузить заказ` is `otgruzit-zakaz`.

    Russian as in passports (ICAO Doc 9303); letters of other scripts without a Latin form are left
    out. Never empty: `article` when nothing is left.
    """
    letters = title.lower().translate(_RUSSIAN)
    plain = unicodedata.normalize("NFKD", letters).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "article"
