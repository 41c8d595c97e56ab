"""Reading the TOML files under `content/`."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

CONTENT = Path(__file__).parent / "content"


@cache
def content(name: str) -> dict[str, Any]:
    """The content of `content/<name>.toml`; read once."""
    return tomllib.loads((CONTENT / f"{name}.toml").read_text(encoding="utf-8"))


def names_in(folder: str) -> list[str]:
    """The names, for `content`, of the TOML files in a folder, in order."""
    return sorted(f"{folder}/{path.stem}" for path in (CONTENT / folder).glob("*.toml"))
