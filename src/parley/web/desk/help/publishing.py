"""Showing a draft to readers, and taking an article away from them; both say first what that means."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from parley.help_centre import writing
from parley.help_centre.comparing import compare
from parley.help_centre.drafting import is_changed, token_of, written_in
from parley.help_centre.models import Article, Translation
from parley.web.desk.help.doors import (
    article_of,
    must_be_a_language,
    publishers_only,
    texts_of,
)
from parley.web.desk.help.editor import whole
from parley.web.reader import SignedInRequest


@require_http_methods(["GET", "POST"])
@publishers_only
def publishing(request: SignedInRequest, article: int, language: str) -> HttpResponseBase:
    """What publishing would change: `writing/publishing.html`, or a dialog; posted, it is done.

    Published is the text that was looked at (`seen`): if it has changed since, the new one is shown
    to be confirmed. Context: `article`, `code`, `text`, `changed` (anything to publish), `moved`,
    `difference` (from what readers see now; None the first time), `empty` (there is no text).
    """
    must_be_a_language(language)
    found = article_of(request.reader, article)
    text = texts_of(found).get(language)
    if request.method == "GET" or text is None or not text.body.strip():
        status = 200 if request.method == "GET" else 409
        return _shown(request, found, language, text, status=status)
    if request.POST.get("seen", "") != token_of(text):
        return _shown(request, found, language, text, moved=True, status=409)
    writing.publish(text, by=request.reader)
    messages.success(request, _("Published. Readers see it from now on."))
    return _gone_to_editor(request, article, language)


def _shown(
    request: SignedInRequest,
    article: Article,
    language: str,
    text: Translation | None,
    *,
    moved: bool = False,
    status: int = 200,
) -> HttpResponse:
    published = text.published if text else None
    context: dict[str, Any] = {
        "article": article,
        "code": language,
        "text": text,
        "seen": token_of(text),
        "changed": text is not None and is_changed(text),
        "moved": moved,
        "empty": text is None or not text.body.strip(),
        "difference": compare(whole(written_in(published)), whole(written_in(text)))
        if published and text
        else None,
        "is_dialog": bool(request.htmx),
    }
    template = "writing/_publishing_dialog.html" if request.htmx else "writing/publishing.html"
    return render(request, template, context, status=status)


@require_POST
@publishers_only
def withdrawal(request: SignedInRequest, article: int) -> HttpResponseBase:
    """Show an article to editors alone (`do` is `withdraw`), or to readers again."""
    found = article_of(request.reader, article)
    if request.POST.get("do") == "restore":
        writing.restore(found, by=request.reader)
        messages.success(request, _("Readers see the article again."))
    else:
        writing.withdraw(found, by=request.reader)
        messages.success(request, _("Withdrawn: editors alone see it. It can be shown again."))
    language = request.POST.get("language", settings.LANGUAGE_CODE)
    must_be_a_language(language)
    return redirect("writing:editor", article, language)


def _gone_to_editor(request: SignedInRequest, article: int, language: str) -> HttpResponseBase:
    response = redirect("writing:editor", article, language)
    if not request.htmx:
        return response
    # A dialog goes away with the page below it.
    return HttpResponse(status=204, headers={"HX-Redirect": response.url})
