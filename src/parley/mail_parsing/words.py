"""The words and the files of a mail: which of its parts is what its writer wrote, and which are enclosed."""

from __future__ import annotations

from dataclasses import dataclass, field

from parley.mail_parsing.names import made_up_name
from parley.mail_parsing.parts import Mail, Part
from parley.mail_parsing.understood import File


@dataclass
class Words:
    """What was found in the parts of one mail."""

    text: str = ""
    folded: str = ""
    signature: str = ""
    files: list[File] = field(default_factory=list)


def words_of(mail: Mail) -> Words:
    """The words and files of a mail."""
    words = Words()
    for part in mail.parts:
        if (
            not words.text
            and part.main_type == "text"
            and part.disposition != "attachment"
            and not part.filename
        ):
            words.text = part.text().strip()
            continue
        words.files.append(_file(part, len(words.files) + 1))
    return words


def _file(part: Part, number: int) -> File:
    return File(
        name=part.filename or made_up_name(part.media_type, number),
        media_type=part.media_type,
        content=part.content,
        content_id=part.content_id,
    )
