"""Files written into plain text by uuencode, as mails had them before MIME, and some still have."""

from __future__ import annotations

import re

from parley.mail_parsing.names import tidy_name
from parley.mail_parsing.transfer_encodings import uudecode

_BLOCK = re.compile(
    r"^begin [0-7]{3,4} (?P<name>[^\n]{1,200})\n"
    r"(?P<lines>(?:[\x20-\x60]{1,90}\n)+?)(?:`? *\n)?end[ \t]*(?:\n|$)",
    re.MULTILINE,
)


def take_out_files(text: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text without such blocks, and the files in them: name and content."""
    if "\nend" not in text or "begin " not in text:
        return text, []
    files: list[tuple[str, bytes]] = []

    def taken(block: re.Match[str]) -> str:
        if not _is_plausible(block["lines"]):
            return block[0]
        content = uudecode(block["lines"].encode("ascii", "replace"))
        files.append((tidy_name(block["name"]), content))
        return ""

    return _BLOCK.sub(taken, text), files


def _is_plausible(lines: str) -> bool:
    """Whether the first line is as long as it says, give or take what encoders get wrong."""
    first = lines.partition("\n")[0]
    said = (((ord(first[0]) - 32) & 63) + 2) // 3 * 4
    return abs(len(first.rstrip()) - 1 - said) <= 4
