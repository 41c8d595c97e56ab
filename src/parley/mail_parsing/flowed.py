"""Paragraphs of `format=flowed` put together again (RFC 3676)."""

from __future__ import annotations

_SIGNATURE = "-- "


def unflow(text: str, *, without_spaces: bool = False) -> str:
    """The text with its soft line breaks taken back; `without_spaces` is `DelSp=yes`.

    Quoted lines keep one mark for each level, as they had.
    """
    paragraphs: list[list[str]] = []
    open_depth = -1  # how deep the paragraph is quoted that goes on in the next line; -1: none does
    for line in text.split("\n"):
        plain = line.lstrip(">")
        depth = len(line) - len(plain)
        content = plain.removeprefix(" ")
        flows = content.endswith(" ") and content != _SIGNATURE
        if flows and without_spaces:
            content = content[:-1]
        if depth == open_depth and content != _SIGNATURE:
            paragraphs[-1].append(content)
        else:
            paragraphs.append([f"{'>' * depth} {content}" if depth else content])
        open_depth = depth if flows else -1
    return "\n".join("".join(pieces) for pieces in paragraphs)
