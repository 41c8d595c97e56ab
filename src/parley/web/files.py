"""Serving attachments so that nothing in them can act in the site's name."""

from __future__ import annotations

from django.core.files.storage import default_storage
from django.http import FileResponse, HttpRequest, HttpResponseBase, HttpResponseNotModified
from django.utils.translation import gettext as _

from parley.conversations.models import Attachment

SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"})
"""The types told to the browser as they are; everything else is bytes to keep."""


AGAIN_SECONDS = 15
"""After how long it is worth asking again for a file that is being checked."""


class KeptBack(Exception):
    """The file is given to nobody: `waits` says that it is only being checked for viruses."""

    def __init__(self, file: Attachment) -> None:
        super().__init__(file.kept_back)
        self.kept_back, self.found = file.kept_back, file.found
        self.waits = file.kept_back == "waiting"


def kept_back_words(why: Attachment | KeptBack) -> str:
    """Why a file is given to nobody, in a sentence."""
    if why.kept_back == "waiting":
        return _("It is being checked for viruses. It can be opened in a moment.")
    if why.kept_back == "infected":
        return _("Kept from everyone: there is a virus in it (%(found)s).") % {"found": why.found}
    return _("Kept from everyone: it could not be checked for viruses.")


def serve(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """The attachment as a download, with a name in any script (RFC 6266, RFC 8187).

    The caller has gone through the ticket's door. Content is never shown inside the site: it is a
    download, sandboxed and of a harmless type, whatever its bytes are. Raises KeptBack for one that
    a scanner has not let through.
    """
    if attachment.kept_back:
        raise KeptBack(attachment)
    media_type = (
        attachment.media_type if attachment.media_type in SHOWN else "application/octet-stream"
    )
    return serve_file(request, attachment.stored_as, attachment.name, media_type, attachment.sha256)


def serve_thumbnail(request: HttpRequest, attachment: Attachment) -> HttpResponseBase:
    """The re-drawn small picture, shown in place. Raises KeptBack as `serve` does."""
    if attachment.kept_back:
        raise KeptBack(attachment)
    tag = f"{attachment.sha256}-small"
    response = serve_file(request, attachment.thumbnail, "", "image/webp", tag)
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


def serve_file(
    request: HttpRequest, path: str, download_as: str, media_type: str, tag: str
) -> HttpResponseBase:
    """A stored file, sandboxed: a download by that name, or with none, shown in place.

    `tag` changes with the content. The caller has gone through a door, and knows the type harmless.
    """
    etag = f'"{tag}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponseNotModified(headers={"ETag": etag})
    response = FileResponse(
        default_storage.open(path),
        as_attachment=bool(download_as),
        filename=download_as,
        content_type=media_type,
    )
    response.headers["ETag"] = etag
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-cache"
    return response
