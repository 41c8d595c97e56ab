"""The files of a mail, received as its writer's uploads: all that fit, and why the others do not."""

from __future__ import annotations

import io
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.conf import settings
from django.core.files.base import ContentFile
from PIL import Image, UnidentifiedImageError

from parley.conversations.attaching import EmptyFile, FileTooLarge, clean_name, receive, take_back
from parley.mail_parsing.understood import File
from parley.parties.models import Membership

MOST_FILES = 100
SMALLEST_PICTURE = 8
"""Pixels: what is smaller on either edge, in the text, is there to be counted and not to be seen."""
ENOUGH_OF_A_PICTURE = 64 * 1024
LARGEST_SMALL_PICTURE = 4 * 1024
"""Bytes up to which a picture is measured at all."""


@dataclass
class Enclosed:
    """Uploads that the message will claim, by id, and [name, why] of files that are not among them."""

    keys: list[uuid.UUID] = field(default_factory=list)
    left_out: list[list[str]] = field(default_factory=list)
    named: dict[str, uuid.UUID] = field(default_factory=dict)


@contextmanager
def enclosed(by: Membership, files: Sequence[File]) -> Iterator[Enclosed]:
    """The files, received for `by`; what no message has claimed when the block ends is thrown away."""
    made = Enclosed()
    try:
        _receive(by, files, made)
        yield made
    finally:
        for key in made.keys:
            take_back(by, key)


def _receive(by: Membership, files: Sequence[File], made: Enclosed) -> None:
    room = settings.MESSAGE_LIMIT
    for file in files:
        if is_tracking(file):
            continue
        if len(made.keys) >= MOST_FILES:
            made.left_out.append([clean_name(file.name), "too_many"])
            continue
        if file.size > min(room, settings.FILE_LIMIT):
            made.left_out.append([clean_name(file.name), "too_large"])
            continue
        try:
            attachment = receive(by, file.name, ContentFile(file.content))
        except FileTooLarge:
            made.left_out.append([clean_name(file.name), "too_large"])
        except EmptyFile:
            continue
        else:
            made.keys.append(attachment.pk)
            made.named[attachment.name] = attachment.pk
            room -= file.size


def leave_out(made: Enclosed, name: str, why: str) -> bool:
    """Go on without the file of this name; False when there is none such."""
    key = made.named.pop(name, None)
    if key is None:
        return False
    made.keys.remove(key)
    made.left_out.append([name, why])
    return True


def is_tracking(file: File) -> bool:
    """Whether it is a picture in the text that nobody is meant to see."""
    if not file.inline or file.size > LARGEST_SMALL_PICTURE:
        return False
    if not file.media_type.lower().startswith("image/"):
        return False
    try:
        with Image.open(io.BytesIO(file.content[:ENOUGH_OF_A_PICTURE])) as picture:
            return min(picture.size) < SMALLEST_PICTURE
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
