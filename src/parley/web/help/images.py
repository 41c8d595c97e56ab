"""Pictures of articles, through the article's door."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from parley.help_centre.access import image_visible_to
from parley.web.files import serve_file
from parley.web.help.showing import reader_of

FOR_GOOD = "max-age=31536000, immutable"
SHOWN = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})


@require_safe
def image(request: HttpRequest, key: int, content: str, name: str) -> HttpResponseBase:
    """The picture, shown in place. Its address changes with its content, so that it may be kept for good."""
    found = image_visible_to(reader_of(request), key)
    if found is None or found.media_type not in SHOWN:
        raise Http404
    response = serve_file(request, found.stored_as, "", found.media_type, found.sha256)
    whose = "public" if found.article.is_public else "private"
    if content == found.sha256[:12]:
        response.headers["Cache-Control"] = f"{whose}, {FOR_GOOD}"
    # Public articles are read in the messenger on other sites, too.
    if found.article.is_public:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
