"""Reading the settings from environment variables."""

from __future__ import annotations

import difflib
import os
from collections.abc import Mapping
from dataclasses import Field, fields
from functools import cache
from pathlib import Path
from typing import Any

from parley.site.environment.everything import Environment, EnvironmentRefused
from parley.site.environment.modes import completed


def read(environ: Mapping[str, str]) -> Environment:
    """Make an `Environment` of `environ` (names and values as in `os.environ`).

    Raises `EnvironmentRefused`, naming every variable that is wrong and why.
    """
    problems = _unknown(environ)
    values: dict[str, Any] = {}
    for setting in fields(Environment):
        try:
            value = _value_of(setting, environ)
        except ValueError as refusal:
            problems.append(str(refusal))
            continue
        if value is not None:
            values[setting.name] = value
    if problems:
        raise EnvironmentRefused(*problems)
    return completed(values)


@cache
def environment() -> Environment:
    """The settings of this process, read from its environment once.

    Raises `EnvironmentRefused` as `read` does.
    """
    return read(os.environ)


def variables() -> dict[str, Field[Any]]:
    """Every variable an operator can set, and the field of `Environment` it fills."""
    return {setting.metadata["variable"]: setting for setting in fields(Environment)}


def _unknown(environ: Mapping[str, str]) -> list[str]:
    known = variables()
    names = set(known)
    names |= {f"{name}_FILE" for name, setting in known.items() if setting.metadata["secret"]}
    ours = sorted(name for name in environ if name.startswith("PARLEY_"))
    return [_nobody_knows(name, names) for name in ours if name not in names]


def _nobody_knows(name: str, names: set[str]) -> str:
    near = difflib.get_close_matches(name, sorted(names), n=1, cutoff=0.6)
    meant = f"; did you mean {near[0]}?" if near else "."
    return f"{name} is not a setting of Parley{meant}"


def _value_of(setting: Field[Any], environ: Mapping[str, str]) -> Any:
    """The value of one setting, or None where it isn't set. An empty variable counts as not set."""
    about = setting.metadata
    raw = _raw(about["variable"], environ, from_file=about["secret"])
    if not raw:
        return None
    try:
        return about["reads"](raw)
    except ValueError as wanted:
        shown = "what it holds" if about["secret"] else f"“{raw}”"
        raise ValueError(f"{about['variable']} must be {wanted}, not {shown}.") from None


def _raw(variable: str, environ: Mapping[str, str], *, from_file: bool) -> str:
    value = environ.get(variable, "").strip()
    path = environ.get(f"{variable}_FILE", "").strip() if from_file else ""
    if not path:
        return value
    if value:
        raise ValueError(f"{variable} and {variable}_FILE are both set; keep one of them.")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as trouble:
        reason = getattr(trouble, "strerror", None) or "it is not text"
        raise ValueError(f"{variable}_FILE names {path}, which can't be read: {reason}.") from None
