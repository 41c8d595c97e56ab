"""What was published when and by whom, what was different, and having an old text again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from parley.help_centre import drafting
from parley.help_centre.comparing import compare
from parley.help_centre.drafting import SetAside, written_in
from parley.help_centre.models import Article, Translation, Version
from parley.help_centre.writing import Written
from parley.web.desk.help.doors import article_of, must_be_a_language, texts_of, writers_only
from parley.web.desk.help.editor import whole
from parley.web.reader import SignedInRequest

MOST = 100
"""Versions in the list; older ones are kept as well."""


@dataclass(frozen=True)
class Old:
    """A text in the list: `key` names it (`draft`, `v3`, `a812`), `words` say what it is."""

    key: str
    words: str
    at: datetime
    who: str
    title: str
    is_published: bool = False


@require_GET
@writers_only
def versions(request: SignedInRequest, article: int, language: str) -> HttpResponseBase:
    """The list, and two of them compared: `writing/versions.html`.

    `to` in the address is the one looked at, `from` what it is compared with; without, the latest with
    the one before it. Context: `article`, `code`, `text`, `list` (Old), `aside` (Old), `old`,
    `new` (keys), `difference`, `shown` (its lines).
    """
    must_be_a_language(language)
    found = article_of(request.reader, article)
    text = texts_of(found).get(language)
    if text is None:
        raise Http404
    numbered = text.versions.select_related("by").defer("html", "headings", "text")
    published = list(numbered.order_by("-number")[:MOST])
    aside = drafting.set_aside_texts(found, language)
    kept = _texts(text, published, aside)
    listed = _listed(text, published)
    new = _chosen(request.GET.get("to"), kept, next(iter(kept)))
    old = _chosen(request.GET.get("from"), kept, _before(new, [one.key for one in listed]))
    difference = compare(whole(kept[old]), whole(kept[new])) if old else None
    context: dict[str, Any] = {
        "article": found,
        "code": language,
        "language_name": dict(settings.LANGUAGES)[language],
        "text": text,
        "list": listed,
        "aside": _aside(aside),
        "old": old,
        "new": new,
        "difference": difference,
    }
    return render(request, "writing/versions.html", context)


@require_POST
@writers_only
def restoring(request: SignedInRequest, article: int, language: str) -> HttpResponseBase:
    """Make an old text, `text` (its key), the draft again. Readers see no change until it is published."""
    must_be_a_language(language)
    found = article_of(request.reader, article)
    written = _written(found, language, request.POST.get("text", ""))
    if written is None:
        messages.error(request, _("There is no such text any more."))
        return redirect("writing:versions", article, language)
    drafting.restore_text(found, language, written, by=request.reader)
    messages.success(
        request, _("The old text is the draft now. Readers see it once it is published.")
    )
    return redirect("writing:editor", article, language)


def _written(article: Article, language: str, key: str) -> Written | None:
    number = int(key[1:]) if key[1:].isascii() and key[1:].isdigit() and len(key) < 12 else 0
    if key.startswith("v"):
        return drafting.old_text(article, language, number)
    aside = {one.key: one.written for one in drafting.set_aside_texts(article, language)}
    return aside.get(number) if key.startswith("a") else None


def _texts(
    text: Translation, published: list[Version], aside: list[SetAside]
) -> dict[str, Written]:
    """Everything that can be compared, by key, the draft first if it says something new."""
    draft = {"draft": written_in(text)} if drafting.is_changed(text) else {}
    numbered = {f"v{version.number}": written_in(version) for version in published}
    return {**draft, **numbered, **{f"a{one.key}": one.written for one in aside}}


def _listed(text: Translation, published: list[Version]) -> list[Old]:
    listed = []
    if drafting.is_changed(text):
        who = text.changed_by.name if text.changed_by else ""
        listed.append(Old("draft", _("Draft, not published"), text.changed_at, who, text.title))
    for version in published:
        words = _("Version %(number)s") % {"number": version.number}
        who = version.by.name if version.by else ""
        shown = version.pk == text.published_id
        listed.append(Old(f"v{version.number}", words, version.at, who, version.title, shown))
    return listed


_WHY = {
    "replaced": gettext_lazy("Gave way to another text"),
    "discarded": gettext_lazy("Discarded draft"),
    "restored": gettext_lazy("Gave way to an old version"),
}


def _aside(aside: list[SetAside]) -> list[Old]:
    return [
        Old(
            f"a{one.key}", str(_WHY[one.why]), one.at, one.who,
            one.written.title,
        )
        for one in aside
    ]  # fmt: skip


def _chosen(asked: str | None, kept: dict[str, Written], otherwise: str) -> str:
    return asked if asked in kept else otherwise


def _before(key: str, listed: list[str]) -> str:
    """What a text is compared with: the one published before it; the latest, for one set aside."""
    after = listed[listed.index(key) + 1 :] if key in listed else listed
    return after[0] if after else ""
