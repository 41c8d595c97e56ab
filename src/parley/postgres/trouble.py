"""What can go wrong with the database that only a person can put right."""

from __future__ import annotations

from pathlib import Path


class PostgresTrouble(Exception):
    """The database can't be used; the text is one sentence for the person who runs the site."""


def unusable(folder: Path, error: OSError) -> PostgresTrouble:
    """The sentence for a data folder the system doesn't let us use."""
    return PostgresTrouble(f"The data folder {folder} can't be used: {error.strerror or error}.")


def full(folder: Path, free_mb: int, needed_mb: int) -> PostgresTrouble:
    """The sentence for a disk without room."""
    return PostgresTrouble(
        f"The disk of the data folder {folder} is full: {free_mb} MB are free, "
        f"at least {needed_mb} MB are needed."
    )
