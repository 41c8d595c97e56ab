"""The passages of a mail: the texts that are shown one after the other, and the files beside them.

Of alternatives one is read; what a signature or an envelope is wrapped around is unwrapped; every
part that is no passage is a file.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from parley.mail_parsing import limits
from parley.mail_parsing.alternatives import (
    is_better_read_as_html,
    looks_like_markup,
    says_the_same,
)
from parley.mail_parsing.calendars import text_of_invitation
from parley.mail_parsing.cms import content_of_signed
from parley.mail_parsing.embedded import take_out_pictures
from parley.mail_parsing.enriched import plain_of_enriched
from parley.mail_parsing.flowed import unflow
from parley.mail_parsing.headers import split_header
from parley.mail_parsing.names import made_up_name, tidy_name, with_ending
from parley.mail_parsing.parts import Part, parse
from parley.mail_parsing.tnef import unpack
from parley.mail_parsing.understood import File
from parley.mail_parsing.uuencoded import take_out_files

_ENVELOPES = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_TNEF = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
_CALENDARS = frozenset({"text/calendar", "application/ics"})
_NO_PASSAGE = frozenset(
    {
        "text/calendar",
        "text/csv",
        "text/vcard",
        "text/x-vcard",
        "text/directory",
        "text/css",
        "text/xml",
    }
    | {"text/rfc822-headers", "text/javascript", "text/x-amp-html", "text/watch-html", "text/rtf"}
)
_COPIES = frozenset({"text/x-amp-html", "text/watch-html"})
_CID = re.compile(r"cid:([^\"'\s>)\]&]{1,300})", re.IGNORECASE)
_MBOX_MARK = re.compile(r"(?:\A|(?<=\n\n))>From (?=[^\n]*(?:\n[^>]|\n?\Z))")
"""Only where no quote stands around it."""
_DEEPEST_ENVELOPE = 3
_LIKE_A_NAME = re.compile(r"[^.]{1,150}(?:\.[^.]{1,20}){0,4}\.[A-Za-z0-9]{2,5}")


@dataclass(frozen=True)
class Passage:
    """One text of the mail; `other` is the HTML beside a plain text that says the same."""

    text: str
    is_html: bool = False
    other: str = ""


@dataclass
class Gathering:
    """What is gathered on the way through the parts of one mail.

    `shown` are the ids of the pictures that its HTML shows, `spare` what it could say if it has no
    words of its own.
    """

    troubles: list[str]
    files: list[File] = field(default_factory=list)
    shown: set[str] = field(default_factory=set)
    spare: list[Passage] = field(default_factory=list)
    envelopes: int = 0

    def trouble(self, words: str) -> None:
        """Note what was broken, once."""
        if words not in self.troubles:
            self.troubles.append(words)

    def files_named(self) -> tuple[File, ...]:
        """The files, each with a name, and those marked that stand in the text."""
        return tuple(
            replace(
                one,
                name=one.name or made_up_name(one.media_type, number),
                inline=one.inline or (bool(one.content_id) and one.content_id in self.shown),
            )
            for number, one in enumerate(self.files, 1)
        )


def passages_of(root: Part, gathering: Gathering) -> list[Passage]:
    """The passages of a mail, in order; its files go into the gathering."""
    found = _of(root, gathering, first=True, root=True)
    if any(passage.text.strip() for passage in found):
        return found
    return [spare for spare in gathering.spare if spare.text.strip()][:1]


def _of(part: Part, gathering: Gathering, *, first: bool, root: bool = False) -> list[Passage]:
    if not part.children:
        return _of_leaf(part, gathering, first=first, root=root)
    if part.media_type == "multipart/alternative":
        return _of_alternatives(part, gathering, first=first)
    if part.media_type == "multipart/related":
        return _of_related(part, gathering, first=first)
    if part.media_type == "multipart/signed":
        return _before_the_rest(part, part.children[0], gathering, first=first)
    if part.media_type == "multipart/encrypted":
        gathering.trouble("encrypted")
        _enclose(part.leaves(), gathering)
        return []
    return _one_after_the_other(part, gathering, first=first)


def _enclose(parts: Iterable[Part], gathering: Gathering) -> None:
    for part in parts:
        if part.main_type == "message" and part.media_type != "message/delivery-status":
            gathering.files.append(_enclosed_mail(part))
        elif part.media_type not in _COPIES:
            gathering.files.append(_file(part))


def _file(part: Part) -> File:
    location = "" if part.content_id else part.headers.first("content-location")
    return File(
        name=part.filename or _described(part),
        media_type=part.media_type,
        content=part.content,
        content_id=part.content_id or location,
    )


def _described(part: Part) -> str:
    """The name of a file that is told elsewhere than where names belong; empty: none is."""
    for field_name in ("content-description", "content-location"):
        told = tidy_name(part.headers.first(field_name).partition("?")[0])
        if _LIKE_A_NAME.fullmatch(told):
            return told
    return ""


def _enclosed_mail(part: Part) -> File:
    """A mail within the mail, as a file of its own, named for its subject."""
    content = part.content
    title = "" if part.filename else split_header(content, 0, len(content)).headers.first("subject")
    made = _file(part)
    return replace(made, name=made.name or with_ending(title, part.media_type))


def _before_the_rest(
    part: Part, chosen: Part, gathering: Gathering, *, first: bool
) -> list[Passage]:
    """The passages of one of the parts; the others are files."""
    found = _of(chosen, gathering, first=first)
    for child in part.children:
        if child is not chosen:
            _enclose(child.leaves(), gathering)
    return found


def _of_related(part: Part, gathering: Gathering, *, first: bool) -> list[Passage]:
    start = part.parameters.get("start", "").strip("<> ")
    named = [child for child in part.children if start and child.content_id == start]
    texts = [child for child in part.children if child.children or _is_passage(child, first=True)]
    chosen = next(iter([*named, *texts]), part.children[0])
    return _before_the_rest(part, chosen, gathering, first=first)


def _one_after_the_other(part: Part, gathering: Gathering, *, first: bool) -> list[Passage]:
    found: list[Passage] = []
    for child in part.children:
        more = _of(child, gathering, first=first and child is part.children[0])
        if found and len(more) == 1 and _is_the_same_again(found[-1], more[0]):
            found[-1] = _better(found[-1], more[0])
        else:
            found += more
    return found


def _is_the_same_again(before: Passage, after: Passage) -> bool:
    if before.is_html or before.other or not after.is_html:
        return False
    return says_the_same(before.text, after.text)


def _of_alternatives(part: Part, gathering: Gathering, *, first: bool) -> list[Passage]:
    options = [_of(child, gathering, first=first) for child in part.children]
    said = [option for option in options if any(one.text.strip() for one in option)]
    plain = next((option for option in said if not any(one.is_html for one in option)), None)
    html = next((option for option in reversed(said) if any(one.is_html for one in option)), None)
    if plain is None or html is None:
        return plain or html or []
    if len(plain) == 1 and len(html) == 1:
        return [_better(plain[0], html[0])]
    written = "\n".join(one.text for one in plain)
    seen = "\n".join(one.text for one in html if one.is_html)
    return html if is_better_read_as_html(written, seen) else plain


def _better(plain: Passage, html: Passage) -> Passage:
    if is_better_read_as_html(plain.text, html.text):
        return html
    return replace(plain, other=html.text)


def _is_passage(part: Part, *, first: bool, root: bool = False) -> bool:
    """Whether a part is shown as text, rather than kept as a file."""
    if part.main_type != "text" or part.media_type in _NO_PASSAGE:
        return False
    if part.disposition == "attachment":
        return root and not part.filename
    if part.filename:
        return root or (first and not part.disposition)
    return True


def _of_leaf(part: Part, gathering: Gathering, *, first: bool, root: bool) -> list[Passage]:
    if _is_passage(part, first=first, root=root):
        return [_passage(part, gathering)]
    if part.media_type in _TNEF or part.filename.lower() == "winmail.dat":
        return _of_tnef(part, gathering)
    if part.media_type in _ENVELOPES or part.filename.lower().endswith(".p7m"):
        return _of_envelope(part, gathering, first=first)
    if part.media_type in _CALENDARS:
        gathering.spare.append(Passage(text_of_invitation(part.text())))
    elif part.media_type == "text/plain" and (part.disposition == "inline" or not part.filename):
        gathering.spare.append(Passage(part.text()))
    if root and not part.body:
        return []
    _enclose([part], gathering)
    return []


def _passage(part: Part, gathering: Gathering) -> Passage:
    text = part.text()
    if part.media_type == "text/html" or (
        part.media_type == "text/plain" and looks_like_markup(text)
    ):
        return _page(text, gathering)
    if part.media_type in ("text/enriched", "text/richtext"):
        return Passage(plain_of_enriched(text))
    if part.parameters.get("format", "").lower() == "flowed":
        spaces = part.parameters.get("delsp", "").lower() == "yes"
        text = unflow(text, without_spaces=spaces)
    text, files = take_out_files(_without_mbox_marks(text))
    for name, content in files:
        gathering.files.append(
            File(name=name, media_type="application/octet-stream", content=content)
        )
    return Passage(text)


def _without_mbox_marks(text: str) -> str:
    """Lines that begin with “From ” as they were before a mailbox file marked them (RFC 4155)."""
    if ">From " not in text:
        return text
    return _MBOX_MARK.sub("From ", text)


def _page(text: str, gathering: Gathering) -> Passage:
    html, pictures = take_out_pictures(text)
    gathering.shown.update(_CID.findall(html[: limits.MARKUP]))
    for media_type, content in pictures:
        gathering.files.append(File(name="", media_type=media_type, content=content, inline=True))
    return Passage(html, is_html=True)


def _of_tnef(part: Part, gathering: Gathering) -> list[Passage]:
    """What Outlook packed into winmail.dat; as it came, where that cannot be read to its end."""
    packed = unpack(part.content)
    if not packed.is_whole:
        gathering.trouble("winmail.dat is broken")
        gathering.files.append(_file(part))
    gathering.files.extend(packed.files)
    if packed.html:
        gathering.spare.append(_page(packed.html, gathering))
    elif packed.text:
        gathering.spare.append(Passage(packed.text))
    return []


def _of_envelope(part: Part, gathering: Gathering, *, first: bool) -> list[Passage]:
    """What is within an S/MIME signature (RFC 8551 3.5.2); an encrypted one is kept as a file."""
    inside = content_of_signed(part.content) if gathering.envelopes < _DEEPEST_ENVELOPE else None
    if inside is None:
        gathering.trouble("encrypted, or a signature that cannot be read")
        gathering.files.append(_file(part))
        return []
    gathering.envelopes += 1
    mail = parse(inside)
    for trouble in mail.troubles:
        gathering.trouble(trouble)
    return _of(mail.root, gathering, first=first)
