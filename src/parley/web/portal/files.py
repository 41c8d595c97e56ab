"""Attachments and drafts: sending them up, taking them back, and having them again."""

from __future__ import annotations

import json
import uuid

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from parley.conversations.attaching import EmptyFile, FileTooLarge, receive, take_back
from parley.conversations.drafting import keep_draft
from parley.tickets.access import attachments_visible_to
from parley.web.errors import kept_back
from parley.web.files import KeptBack, serve, serve_thumbnail
from parley.web.reader import SignedInRequest, signed_in
from parley.web.saying import named_uploads, refusal_words


@require_POST
@signed_in
def uploads(request: SignedInRequest) -> HttpResponseBase:
    """Receive one file, `file`. The answer is JSON: its `id`, `name`, `size` — or the `error`."""
    try:
        file = request.FILES.get("file")
        if file is None:
            raise EmptyFile("file")
        attachment = receive(request.reader, file.name or "file", file)
    except (FileTooLarge, EmptyFile) as refusal:
        status = 413 if isinstance(refusal, FileTooLarge) else 422
        return JsonResponse({"error": refusal_words(refusal)}, status=status)
    kept = {"id": str(attachment.pk), "name": attachment.name, "size": attachment.size}
    return JsonResponse(kept, status=201)


@require_http_methods(["DELETE"])
@signed_in
def upload(request: SignedInRequest, key: uuid.UUID) -> HttpResponseBase:
    """Take back one's own upload that has not been sent."""
    if not take_back(request.reader, key):
        raise Http404
    return HttpResponse(status=204)


@require_GET
@signed_in
def attachment(request: SignedInRequest, key: uuid.UUID) -> HttpResponseBase:
    """A sent attachment, through its ticket's door."""
    found = attachments_visible_to(request.reader).filter(pk=key).first()
    if found is None:
        raise Http404
    try:
        return serve(request, found)
    except KeptBack as why:
        return kept_back(request, why, found.name)


@require_GET
@signed_in
def thumbnail(request: SignedInRequest, key: uuid.UUID) -> HttpResponseBase:
    """The small picture of an image attachment, through the same door."""
    found = attachments_visible_to(request.reader).filter(pk=key).exclude(thumbnail="").first()
    if found is None or found.kept_back:
        raise Http404
    return serve_thumbnail(request, found)


@require_POST
@signed_in
def drafts(request: SignedInRequest) -> HttpResponseBase:
    """Keep what is typed at a `place`: `text`, other `fields` as a JSON object, uploads."""
    place = request.POST.get("place", "").replace("\x00", "")[:40]
    text = request.POST.get("text", "").replace("\x00", "")
    fields = _fields(request.POST.get("fields", ""))
    keep_draft(request.reader, place, text, fields, named_uploads(request))
    return HttpResponse(status=204)


def _fields(text: str) -> dict[str, str]:
    try:
        read = json.loads(text or "{}")
    except (ValueError, RecursionError):
        return {}
    if not isinstance(read, dict):
        return {}
    return {
        str(k)[:60]: str(v)[:500].replace("\x00", "")
        for k, v in list(read.items())[:30]
        if isinstance(v, (str, int))
    }
