"""Bringing a file to a place whole, fetching one, seeing what is there, and trying a place out.

A file is written as `name.….part`, its size is asked for and compared, and only then it gets its
name: whoever looks for files there never sees half of one. Where an upload is atomic (S3) that is
the place's own doing, and the size is compared all the same.
"""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from parley.transfer.kinds import STEPS, Found, Kind, Place, Session
from parley.transfer.troubles import PlaceTrouble, Step, Trouble, in_words

PART = ".part"
_MOST_FETCHED = 200 * 1024 * 1024
_NOTHING = {"write": b"This file was written by a test of the connection, and can be deleted.\n"}


@dataclass(frozen=True)
class Tried:
    """One step of a test: `ok` is None where an earlier one failed and this was not tried.

    `words` say what is wrong; `fingerprint` is what the server showed.
    """

    step: Step
    ok: bool | None
    words: str = ""
    fingerprint: str = ""
    trouble: Trouble | None = None


@contextmanager
def visit(place: Place) -> Iterator[Session]:
    """The place, open for the length of the block. Raises PlaceTrouble."""
    session = _opener(place.kind)(place)
    try:
        yield session
    finally:
        session.close()


def put_whole(
    place: Place,
    name: str,
    content: Path | IO[bytes],
    *,
    attempt: str = "",
    about_to_rename: Callable[[str], None] | None = None,
) -> str:
    """Have the file at the place under `name`, whole, in place of one of that name.

    `attempt` tells the temporary names of several tries apart; what earlier ones left is deleted.
    `about_to_rename` is called with the temporary name when everything is written and checked:
    whoever notes that down can tell later, by `was_renamed`, whether a try that was cut off made it.
    Gives the fingerprint of what the server showed. Raises PlaceTrouble; then the file is not there,
    or as it was before.
    """
    with _opened(content) as (stream, size), visit(place) as session:
        if not session.renames:
            session.write(name, stream)
            _check_size(session, name, size)
            return session.shown
        part = part_of(name, attempt)
        _delete_leftovers(session, name)
        session.write(part, stream)
        _check_size(session, part, size)
        if about_to_rename:
            about_to_rename(part)
        session.rename(part, name)
        return session.shown


def part_of(name: str, attempt: str = "") -> str:
    """The temporary name that a try writes a file under."""
    return f"{name}.{attempt or secrets.token_hex(4)}{PART}"


def was_renamed(place: Place, part: str) -> bool:
    """Whether a try that was about to rename `part` did so: the temporary file is gone.

    Nobody else deletes it before the next try; its receiver may have taken the renamed one away.
    Where a folder can't be listed nobody can tell, and the answer is no. Raises PlaceTrouble.
    """
    with visit(place) as session:
        if not session.renames:
            return False
        try:
            return all(one.name != part for one in session.files())
        except PlaceTrouble as trouble:
            if trouble.trouble == Trouble.NOT_PERMITTED:
                return False
            raise


def fetch(place: Place, name: str, into: IO[bytes], *, limit: int = _MOST_FETCHED) -> int:
    """Copy the file `name` to `into`; gives its size in bytes.

    Raises PlaceTrouble, also when it has more than `limit` bytes; `into` may hold a part of it then.
    """
    with visit(place) as session:
        return session.read(name, into, limit)


def listing(place: Place) -> list[Found]:
    """The files at the place by name, without those still being written. Raises PlaceTrouble."""
    with visit(place) as session:
        found = [one for one in session.files() if not one.name.endswith(PART)]
    return sorted(found, key=lambda one: one.name)


def test(place: Place) -> list[Tried]:
    """Try everything that bringing a file takes, with a small one that is deleted again.

    Gives a line for each step, up to the one that failed and beyond.
    """
    steps = STEPS[place.kind]
    if place.kind == Kind.S3 and place.endpoint.startswith("http://"):
        steps = tuple(step for step in steps if step != Step.CERTIFICATE)
    try:
        shown = _try_out(place)
    except PlaceTrouble as trouble:
        return list(_up_to(trouble, steps))
    showing = {Step.HOST_KEY, Step.CERTIFICATE}
    return [Tried(step, True, "", shown if step in showing else "") for step in steps]


test.__test__ = False  # type: ignore[attr-defined]  # not one of pytest's


def _try_out(place: Place) -> str:
    name = f"parley-test-{secrets.token_hex(4)}.txt"
    with visit(place) as session:
        stays = name if not session.renames else part_of(name)
        try:
            content = _NOTHING["write"]
            session.write(stays, io.BytesIO(content))
            _check_size(session, stays, len(content))
            if session.renames:
                session.rename(stays, name)
                stays = name
        finally:
            _delete_quietly(session, stays)
        return session.shown


def _up_to(trouble: PlaceTrouble, steps: tuple[Step, ...]) -> Iterator[Tried]:
    failed = steps.index(trouble.step) if trouble.step in steps else 0
    for place, step in enumerate(steps):
        if place == failed:
            words = in_words(trouble.kept())
            yield Tried(step, False, words, trouble.fingerprint, trouble.trouble)
        else:
            yield Tried(step, True if place < failed else None)


def _check_size(session: Session, name: str, size: int) -> None:
    there = session.size_of(name)
    if there != size:
        _delete_quietly(session, name)
        raise PlaceTrouble(Step.SIZE, Trouble.SIZE_DIFFERS)


def _delete_leftovers(session: Session, name: str) -> None:
    """What former tries for this file left; that it can't be listed or deleted stops nothing."""
    try:
        left = [one.name for one in session.files() if _is_part_of(one.name, name)]
    except PlaceTrouble:
        return
    for one in left:
        _delete_quietly(session, one)


def _is_part_of(part: str, name: str) -> bool:
    return part.startswith(f"{name}.") and part.endswith(PART)


def _delete_quietly(session: Session, name: str) -> None:
    try:
        session.delete(name)
    except PlaceTrouble:
        return


@contextmanager
def _opened(content: Path | IO[bytes]) -> Iterator[tuple[IO[bytes], int]]:
    if isinstance(content, Path):
        with content.open("rb") as stream:
            yield stream, content.stat().st_size
        return
    begin = content.tell()
    size = content.seek(0, io.SEEK_END) - begin
    content.seek(begin)
    yield content, size


def with_pinned(place: Place, shown: str) -> Place:
    """The place with the host key it showed first, unless one was pinned before."""
    pins = place.kind == Kind.SFTP and not place.host_key and shown
    return replace(place, host_key=shown) if pins else place


def _opener(kind: Kind) -> Callable[[Place], Session]:
    """What opens a place of this kind; the libraries of the others are not loaded for it."""
    if kind == Kind.SFTP:
        from parley.transfer.sftp import SftpSession

        return SftpSession
    if kind == Kind.S3:
        from parley.transfer.s3 import S3Session

        return S3Session
    if kind == Kind.FOLDER:
        from parley.transfer.folder import FolderSession

        return FolderSession
    from parley.transfer.ftp import FtpSession

    return FtpSession
