"""From a posted form to what is said on a ticket, for the portal and the desk alike."""

from __future__ import annotations

import uuid
from collections.abc import Iterable

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from parley.conversations.access import draft_of, unsent_attachments_of
from parley.conversations.attaching import (
    AttachmentGone,
    EmptyFile,
    FileTooLarge,
    MessageTooLarge,
    receive,
)
from parley.conversations.drafting import keep_draft
from parley.conversations.models import Attachment, Audience
from parley.conversations.posting import MAX_TEXT, NothingToSay, TooLong
from parley.conversations.scanning import FileInfected, FileNotTaken
from parley.guard.watching import OffPlatform
from parley.parties.models import Membership
from parley.tickets.replying import Reply, draft_place
from parley.tickets.states import NotAllowed, Side
from parley.web.guarding import warning_context, warning_words

REFUSALS = (
    NothingToSay, TooLong, AttachmentGone, FileTooLarge, EmptyFile, FileNotTaken, NotAllowed,
    OffPlatform,
)  # fmt: skip
"""What can be wrong with something said; `refusal_words` says it to the person."""


class WayUnknown(NotAllowed):
    """The form names no way to say something that there is."""

    def __init__(self) -> None:
        Exception.__init__(self, "no such way to say something")


def reply_of(request: HttpRequest, by: Membership) -> Reply:
    """The reply that the composer's form holds. Raises WayUnknown and what `receive` raises."""
    way, _sep, side = request.POST.get("way", "reply").partition("-")
    if way not in ("reply", "ask", "only", "note") or side not in ("", "opener", "counterparty"):
        raise WayUnknown
    return Reply(
        text=request.POST.get("text", ""),
        audience={"only": Audience.SIDE, "note": Audience.OPERATOR}.get(way, Audience.EVERYONE),
        side=Side(side) if way == "only" else Side.NOBODY,
        asks=way == "ask",
        asked=Side(side) if way == "ask" else Side.NOBODY,
        attachments=attachments_of(request, by),
        submit_key=submit_key_of(request),
    )


def attachments_of(request: HttpRequest, by: Membership) -> list[uuid.UUID]:
    """The uploads a form names, and those that come along with it when there are no scripts.

    What has come so far is noted on the request: one refused file loses none of the others.
    """
    request.attachments = named_uploads(request)  # type: ignore[attr-defined]
    for file in _files(request):
        request.attachments.append(receive(by, file.name or "file", file).pk)  # type: ignore[attr-defined]
    return list(request.attachments)  # type: ignore[attr-defined]


def attachments_kept(request: HttpRequest, by: Membership) -> list[Attachment]:
    """The uploads of a form that was refused: they are still there to be sent with the next try."""
    keys = getattr(request, "attachments", None) or named_uploads(request)
    return list(unsent_attachments_of(by).filter(pk__in=keys)) if keys else []


def keep_typed(number: int, text: str, by: Membership) -> None:
    """Put a text that a ticket did not take below the draft of one's reply to it."""
    place = draft_place(number)
    draft = draft_of(by, place)
    before = draft.text if draft else ""
    if text.strip() not in before:
        keep_draft(by, place, f"{before}\n\n{text}".strip(), draft.fields if draft else {})


def submit_key_of(request: HttpRequest) -> uuid.UUID | None:
    """The form's key against double submits."""
    return _uuid(request.POST.get("submit_key", ""))


def refusal_words(refusal: Exception) -> str:
    """What was wrong, what was kept, and what to do."""
    if isinstance(refusal, OffPlatform):
        return warning_words(refusal)
    if isinstance(refusal, NothingToSay):
        return _("Write something or add a file first.")
    if isinstance(refusal, TooLong):
        return _("The text is longer than %(most)s characters. Send it in two parts.") % {
            "most": MAX_TEXT
        }
    if isinstance(refusal, (AttachmentGone, FileTooLarge, EmptyFile, FileNotTaken)):
        return _file_refused(refusal)
    return _("That can't be done any more: the ticket has moved on. Look at where it stands now.")


def _file_refused(refusal: Exception) -> str:
    if isinstance(refusal, MessageTooLarge):
        return _("The files are together %(over)s over the limit of %(limit)s a message.") % {
            "over": filesizeformat(refusal.over),
            "limit": filesizeformat(refusal.limit),
        }
    if isinstance(refusal, FileTooLarge):
        return _("“%(name)s” is %(over)s over the limit of %(limit)s a file.") % {
            "name": refusal.name,
            "over": filesizeformat(refusal.over),
            "limit": filesizeformat(refusal.limit),
        }
    if isinstance(refusal, EmptyFile):
        return _("“%(name)s” is empty.") % {"name": refusal.args[0]}
    if isinstance(refusal, FileInfected):
        return _("“%(name)s” was not taken: there is a virus in it (%(found)s).") % {
            "name": refusal.name,
            "found": refusal.found,
        }
    if isinstance(refusal, FileNotTaken):
        return _(
            "“%(name)s” was not taken: it can't be checked for viruses just now. Try again later."
        ) % {"name": refusal.name}
    return _("One of the files is not there any more. Remove it and add it again.")


def refused(request: HttpRequest, refusal: Exception) -> HttpResponse:
    """The refusal as a fragment for the composer; the typed text stays where it is."""
    if isinstance(refusal, OffPlatform):
        return render(request, "parts/_off_platform.html", warning_context(refusal), status=422)
    status = 409 if isinstance(refusal, NotAllowed) else 422
    words = {"words": refusal_words(refusal)}
    return render(request, "parts/_refusal.html", words, status=status)


def named_uploads(request: HttpRequest) -> list[uuid.UUID]:
    """The uploads that a form names by their ids; what is no id is passed over."""
    return [key for text in request.POST.getlist("attachment") if (key := _uuid(text))]


def _files(request: HttpRequest) -> Iterable[UploadedFile[bytes]]:
    return [f for f in request.FILES.getlist("files") if f.name]


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
