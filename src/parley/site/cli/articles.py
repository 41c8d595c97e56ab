"""`parley help import` and `parley help export`: the articles of the help centre as folders."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from parley.site.cli.database import at_hand_for_the_first_time
from parley.site.supervising import CannotRun

if TYPE_CHECKING:
    from parley.help_centre.importing import Outcome


def take_in(chosen: argparse.Namespace) -> int:
    """Take in a folder, and say what came of it; what is odd in it, on standard error."""
    with at_hand_for_the_first_time():
        import django

        django.setup()
        _check_language(chosen.language)
        outcome = _taken_in(Path(chosen.folder), chosen.language)
        for warning in outcome.warnings:
            print(warning, file=sys.stderr)
        print(_said(outcome))
        _let_answer()
    return 0


def give_out(chosen: argparse.Namespace) -> int:
    """Write the articles of one language to a folder, or those of each to one within it."""
    with at_hand_for_the_first_time():
        import django

        django.setup()
        if chosen.language:
            _check_language(chosen.language)
            _give(Path(chosen.folder), chosen.language)
            return 0
        from parley.help_centre.addressing import languages

        for language in languages():
            _give(Path(chosen.folder) / language, language)
    return 0


def _check_language(code: str) -> None:
    from parley.help_centre.addressing import languages

    if code not in languages():
        raise CannotRun(
            f"The help centre is in {', '.join(languages())}; “{code}” is none of them."
        )


def _taken_in(folder: Path, language: str) -> Outcome:
    from parley.help_centre.folder import FolderRefused
    from parley.help_centre.importing import import_folder

    try:
        return import_folder(folder, language)
    except FolderRefused as refusal:
        problems = "\n".join(f"  {problem}" for problem in refusal.problems)
        raise CannotRun(f"Nothing was taken in:\n{problems}") from None


def _let_answer() -> None:
    """Read what is published now, so that the assistant answers from it at once."""
    from parley.assistant.indexing import index_all

    if read := index_all():
        print(f"The assistant has read {read}.")


def _said(outcome: Outcome) -> str:
    counts = [
        (len(outcome.added), "new"),
        (len(outcome.changed), "changed"),
        (len(outcome.unchanged), "unchanged"),
        (len(outcome.drafts), "kept as drafts"),
        (outcome.left_alone, "not in the folder, left alone"),
        (outcome.pictures, "pictures stored"),
    ]
    said = ", ".join(f"{count} {what}" for count, what in counts if count)
    return f"Articles: {said or 'none in that folder'}."


def _give(folder: Path, language: str) -> None:
    from parley.help_centre.exporting import export_folder

    try:
        given = export_folder(folder, language)
    except OSError as error:
        raise CannotRun(f"{error.filename or folder} can't be written: {error.strerror}.") from None
    print(
        f"{folder}: {given.articles} articles, {given.collections} collections,"
        f" {given.pictures} pictures."
    )
    if given.others:
        print(f"{folder} has {given.others} other files, which were left alone.", file=sys.stderr)
