"""An excerpt of an article that can stand in a chat: its own words, its steps whole, of a sensible length."""

from __future__ import annotations

import re
from itertools import zip_longest

from django.conf import settings
from django.utils.translation import gettext as _

from parley.help_centre.addressing import address_of, beside, is_elsewhere, without_ending

LONGEST = 900
"""Characters, up to which steps and paragraphs are taken over; there is always one at least."""

_STEP = re.compile(r"^(?:\d+[.)]|[-*+])\s")
_CALLOUT = re.compile(r"^>\s*\[!(\w+)\]\s*$", re.MULTILINE)
_PICTURE = re.compile(r"!\[[^\]]*\]\([^)]*\)")
_LINK = re.compile(r"(?<!!)\[([^\[\]]+)\]\(\s*<?([^()\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
_HEADING = re.compile(r"^#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*$", re.MULTILINE)
_TABLE = re.compile(
    r"^[ \t]*\|.*\|[ \t]*\n[ \t]*\|(?:[ \t]*:?-+:?[ \t]*\|)+[ \t]*(?:\n[ \t]*\|.*\|[ \t]*)*$",
    re.MULTILINE,
)
_BETWEEN_CELLS = re.compile(r"(?<!\\)\|")
_VIDEO_ALONE = re.compile(r"^\s*https?://\S+\s*$")


def excerpt(body: str, *, language: str, path: str, longest: int = LONGEST) -> tuple[str, bool]:
    """The beginning of `body` (Markdown of the article at `path`), and whether there is more of it.

    It ends where a step or a paragraph does. Pictures are left out; links lead to the site; a
    heading becomes a line in bold; a callout says in words what it is; a table becomes a list, for
    which a chat is wide enough.
    """
    pieces = _pieces(_for_a_chat(body, language, path))
    kept: list[str] = []
    length = 0
    for piece in pieces:
        if kept and length + len(piece) > longest:
            break
        kept.append(piece)
        length += len(piece)
    whole = len(kept) == len(pieces)
    while not whole and len(kept) > 1 and _leads_on(kept[-1]):
        kept.pop()
    return _joined(kept), not whole


def _for_a_chat(body: str, language: str, path: str) -> str:
    body = _TABLE.sub(_rows_as_list, _PICTURE.sub("", body))
    body = _CALLOUT.sub(lambda found: f"> **{_kind(found[1])}**", body)
    body = _HEADING.sub(lambda found: f"**{found[1].strip('*')}**", body)
    return _LINK.sub(lambda found: _link(found[1], found[2], language, path), body)


def _rows_as_list(table: re.Match[str]) -> str:
    """Each row of a table as a line: what it is about in bold, the rest with its column's name."""
    columns, _rule, *rows = map(_cells, table[0].strip().splitlines())
    return "\n".join(filter(None, (_row_in_words(columns, row) for row in rows)))


def _row_in_words(columns: list[str], row: list[str]) -> str:
    about, *rest = row
    if not any(rest):
        return f"- {about}" if about else ""
    named = len(columns) > 2  # of two columns, the second says by itself what it is
    said = "; ".join(
        f"{column}: {cell}" if named and column else cell
        for column, cell in zip_longest(columns[1 : len(row)], rest, fillvalue="")
        if cell
    )
    return f"- **{about.strip('*')}**: {said}" if about else f"- {said}"


def _cells(line: str) -> list[str]:
    bare = line.strip().removeprefix("|").removesuffix("|")
    return [cell.strip().replace("\\|", "|") for cell in _BETWEEN_CELLS.split(bare)]


def _kind(name: str) -> str:
    words = {
        "NOTE": _("Note"),
        "TIP": _("Tip"),
        "IMPORTANT": _("Important"),
        "WARNING": _("Warning"),
        "CAUTION": _("Caution"),
    }
    return words.get(name.upper(), _("Note"))


def _link(words: str, target: str, language: str, path: str) -> str:
    if is_elsewhere(target):
        return f"[{words}]({target})"
    if target.startswith("/"):
        return f"[{words}]({settings.PUBLIC_URL}{target})"
    name, _hash, anchor = target.partition("#")
    named = beside(path, without_ending(name)) if name else path
    if named is None:
        return words
    where = f"#{anchor}" if anchor else ""
    return f"[{words}]({settings.PUBLIC_URL}{address_of(language, named)}{where})"


def _pieces(body: str) -> list[str]:
    """Paragraphs, callouts and the steps of lists, in order, each with what belongs to it."""
    pieces: list[str] = []
    for block in re.split(r"\n\s*\n", body.strip("\n")):
        if not block.strip() or _VIDEO_ALONE.match(block):
            continue
        pieces.extend(_steps(block))
    return pieces


def _steps(block: str) -> list[str]:
    lines = block.splitlines()
    if not any(_STEP.match(line) for line in lines):
        # What is indented carries the step above on.
        return [block.rstrip()]
    steps: list[str] = []
    for line in lines:
        if _STEP.match(line) or not steps:
            steps.append(line.rstrip())
        else:
            steps[-1] += f"\n{line.rstrip()}"
    return steps


def _leads_on(piece: str) -> bool:
    """Whether a piece announces the next, and says little alone: a heading, or what ends in a colon."""
    bare = piece.strip()
    return bare.endswith(":") or (
        bare.startswith("**") and bare.endswith("**") and "\n" not in bare
    )


def _joined(pieces: list[str]) -> str:
    text = ""
    for piece in pieces:
        tight = bool(text) and _is_step(piece) and _is_step(text.rsplit("\n\n", 1)[-1])
        text += ("\n" if tight else "\n\n" if text else "") + piece
    return text


def _is_step(piece: str) -> bool:
    return bool(_STEP.match(piece)) or piece.startswith(("   ", "\t"))
