"""Where an article is written: the page, its draft kept while one types, its preview, its pictures."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.conversations.attaching import FileTooLarge
from parley.help_centre import drafting
from parley.help_centre.addressing import address_of
from parley.help_centre.comparing import compare
from parley.help_centre.drafting import DraftMoved, token_of, written_in
from parley.help_centre.models import Article, Translation
from parley.help_centre.overview import STATE_WORDS, standings_of
from parley.help_centre.picturing import NoPicture, TooManyImages, add_image
from parley.help_centre.publishing import shown_pictures
from parley.help_centre.reading import title_of
from parley.help_centre.rendering import Rendered, pictures_by_name
from parley.help_centre.rendering import render as rendered
from parley.help_centre.roles import may_publish
from parley.help_centre.writing import TextRefused, Written
from parley.web.desk.help.doors import article_of, must_be_a_language, texts_of, writers_only
from parley.web.desk.help.words import refused_text
from parley.web.reader import SignedInRequest

EMPTY = Written(title="")


@require_GET
@writers_only
def editor(request: SignedInRequest, article: int, language: str) -> HttpResponseBase:
    """The page: `writing/editor.html`. See `shown` for its context."""
    must_be_a_language(language)
    return shown(request, article_of(request.reader, article), language)


def shown(
    request: SignedInRequest,
    article: Article,
    language: str,
    typed: Written | None = None,
    *,
    seen: str | None = None,
    problem: str = "",
    theirs: Translation | None = None,
    status: int = 200,
) -> HttpResponse:
    """The editor with what is kept, or with what was `typed` and is not kept yet.

    Context: `article`, `collection` (its title), `code` (the language that is written), `text`
    (Translation or None), `typed` (Written), `seen`, `standings`, `state_words`, `first` (the text in
    the first language, None on its own page), `preview` (Rendered), `problem`, `theirs` and
    `difference` (a conflict), `changed` (whether there is something to publish), `may_publish`,
    `readers_address`.
    """
    texts = texts_of(article)
    for one in texts.values():
        one.differs = drafting.is_changed(one)  # type: ignore[attr-defined]
    text = texts.get(language)
    written = typed or (written_in(text) if text else EMPTY)
    context: dict[str, Any] = {
        "article": article,
        "collection": title_of(article.collection, translation.get_language()),
        "code": language,
        "text": text,
        "typed": written,
        "seen": token_of(text) if seen is None else seen,
        "standings": standings_of(article, texts),
        "first": texts.get(settings.LANGUAGE_CODE) if language != settings.LANGUAGE_CODE else None,
        "preview": preview_of(article, language, written),
        "state_words": STATE_WORDS,
        "readers_address": address_of(language, article.path),
        "problem": problem,
        "may_publish": may_publish(request.reader),
        "changed": text is not None and drafting.is_changed(text),
        **_conflict(theirs, written),
    }
    return render(request, "writing/editor.html", context, status=status)


def _conflict(theirs: Translation | None, mine: Written) -> dict[str, Any]:
    difference = compare(whole(written_in(theirs)), whole(mine)) if theirs else None
    return {"theirs": theirs, "difference": difference}


def whole(written: Written) -> str:
    """A text with everything around it, to be compared."""
    asked = "\n".join([_("Also asked as:"), *written.also_asked_as])
    parts = [written.title, written.summary, written.body, asked if written.also_asked_as else ""]
    return "\n\n".join(part for part in parts if part)


@require_POST
@writers_only
def draft(request: SignedInRequest, article: int, language: str) -> HttpResponseBase:
    """Keep what is written, by somebody who had `seen` the draft with that token.

    A script is told in JSON: `seen`, and `changed` (whether there is something to publish); 409: `html`
    of the conflict, and `seen` of the other text; 422: the `error`. With `instead`, the text that was
    seen is set aside for this.
    """
    must_be_a_language(language)
    found, written = article_of(request.reader, article), written_by(request)
    seen, instead = request.POST.get("seen", ""), bool(request.POST.get("instead"))
    try:
        kept = drafting.save_draft(
            found, language, written, seen=seen, instead=instead, by=request.reader
        )
    except TextRefused as refusal:
        return _refused(request, found, language, written, refused_text(refusal))
    except DraftMoved as moved:
        return _moved(request, found, language, written, moved.theirs)
    if _asks_for_json(request):
        changed = drafting.is_changed(kept)
        return JsonResponse({"seen": token_of(kept), "changed": changed})
    messages.success(request, _("The draft is kept."))
    return redirect("writing:editor", article, language)


def _refused(
    request: SignedInRequest, article: Article, language: str, written: Written, why: str
) -> HttpResponseBase:
    if _asks_for_json(request):
        return JsonResponse({"error": why}, status=422)
    seen = request.POST.get("seen", "")
    return shown(request, article, language, written, seen=seen, problem=why, status=422)


def _moved(
    request: SignedInRequest,
    article: Article,
    language: str,
    written: Written,
    theirs: Translation | None,
) -> HttpResponseBase:
    if not _asks_for_json(request):
        seen = token_of(theirs)
        return shown(request, article, language, written, seen=seen, theirs=theirs, status=409)
    context = {**_conflict(theirs, written), "article": article, "code": language}
    html = render_to_string("writing/_conflict.html", context, request)
    return JsonResponse({"seen": token_of(theirs), "html": html}, status=409)


@require_POST
@writers_only
def giving_way(request: SignedInRequest, article: int, language: str) -> HttpResponseBase:
    """One's own text gives way to somebody else's: it is set aside, where it can be found again."""
    must_be_a_language(language)
    found = article_of(request.reader, article)
    try:
        drafting.give_way(found, language, written_by(request), by=request.reader)
    except TextRefused as refusal:
        return JsonResponse({"error": refused_text(refusal)}, status=422)
    return HttpResponse(status=204)


@require_POST
@writers_only
def removal(request: SignedInRequest, article: int, language: str) -> HttpResponseBase:
    """Throw away what is not published."""
    must_be_a_language(language)
    found = article_of(request.reader, article)
    try:
        stays = drafting.discard_draft(found, language, by=request.reader)
    except Translation.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("The draft is discarded. Its text is kept under Versions.") if stays
                     else _("The draft is discarded."))  # fmt: skip
    return redirect("writing:editor", article, language) if stays else redirect("writing:articles")


@require_POST
@writers_only
def preview(request: SignedInRequest, article: int, language: str) -> HttpResponseBase:
    """What is typed, as readers would see it: `writing/_preview.html`. Context: `typed`, `preview`."""
    must_be_a_language(language)
    found, written = article_of(request.reader, article), written_by(request)
    drawn = preview_of(found, language, written)
    context = {"typed": written, "preview": drawn, "code": language}
    return render(request, "writing/_preview.html", context)


@require_POST
@writers_only
def images(request: SignedInRequest, article: int, language: str) -> HttpResponseBase:
    """Receive a picture, `file`. JSON: `path` (how the text names it), `width`, `height`; or `error`."""
    must_be_a_language(language)
    found = article_of(request.reader, article)
    try:
        file = request.FILES.get("file")
        if file is None:
            raise NoPicture("")
        image = add_image(found, language, file.name or "picture", file, by=request.reader)
    except NoPicture as refusal:
        why = _("%(name)s: not a PNG, JPEG, GIF or WebP picture.") % {"name": refusal.name}
        return JsonResponse({"error": why}, status=422)
    except TooManyImages:
        return JsonResponse({"error": _("The article has too many pictures.")}, status=422)
    except FileTooLarge as refusal:
        limit = {"name": refusal.name, "limit": filesizeformat(refusal.limit)}
        why = _("%(name)s is over the limit of %(limit)s.") % limit
        return JsonResponse({"error": why}, status=413)
    told = {"path": image.path, "width": image.width, "height": image.height}
    return JsonResponse(told, status=201)


def written_by(request: HttpRequest) -> Written:
    """What a form of the editor carries."""
    posted = request.POST
    return Written(
        title=posted.get("title", ""),
        summary=posted.get("summary", ""),
        # Browsers send the ends of lines as CR LF.
        body=posted.get("body", "").replace("\r\n", "\n").replace("\x00", ""),
        also_asked_as=posted.getlist("also_asked_as"),
    )


def preview_of(article: Article, language: str, written: Written) -> Rendered:
    """The article as readers would see it."""
    pictures = shown_pictures(article.images.all(), language)
    return rendered(
        written.body,
        language=language,
        path=article.path,
        title=written.title,
        image_url=pictures_by_name(pictures),
    )


def _asks_for_json(request: HttpRequest) -> bool:
    return "json" in request.headers.get("Accept", "")
