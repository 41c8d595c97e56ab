"""The articles to write: what was asked and not answered, gathered by its meaning."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.assistant.gaps import list_gaps, reopen, settle, write_article
from parley.assistant.models import Gap
from parley.postgres.keysets import CursorUnreadable
from parley.web.desk.assistant.doors import lookers_only
from parley.web.reader import SignedInRequest


@require_GET
@lookers_only
def gaps(request: SignedInRequest) -> HttpResponseBase:
    """The list: `assistant/gaps.html`.

    Context: `rows` (of `gaps.ShownGap`), `settled` (whether it is the list of those seen to), `older`,
    `newer` (addresses or None), `undo` (the gap that was settled just now, or None).
    """
    settled = request.GET.get("settled") == "1"
    try:
        page = list_gaps(request.reader, settled=settled, cursor=request.GET.get("cursor", ""))
    except CursorUnreadable:
        raise Http404 from None
    context = {
        "rows": page.rows,
        "settled": settled,
        "older": _there(settled, page.older),
        "newer": _there(settled, page.newer),
        "undo": request.session.pop("settled_gap", None),
    }
    return render(request, "assistant/gaps.html", context)


@require_POST
@lookers_only
def settling(request: SignedInRequest, gap: int) -> HttpResponseBase:
    """Settle a gap, or with `settled=0` put it back on the list."""
    back = request.POST.get("settled") == "0"
    try:
        found = reopen(gap, by=request.reader) if back else settle(gap, by=request.reader)
    except Gap.DoesNotExist:
        raise Http404 from None
    if back:
        messages.success(request, _("It is on the list again."))
    else:
        request.session["settled_gap"] = {"key": found.pk, "label": found.label}
    return redirect("assistant:gaps")


@require_POST
@lookers_only
def article(request: SignedInRequest, gap: int) -> HttpResponseBase:
    """Begin the article that a gap asks for; leads to where it is written."""
    try:
        made = write_article(gap, by=request.reader)
    except Gap.DoesNotExist:
        raise Http404 from None
    language = made.translations.order_by("pk").values_list("language", flat=True).first() or "en"
    messages.success(
        request,
        _("A draft is begun: people who ask in these words will find it once it is published."),
    )
    return redirect("writing:editor", made.pk, language)


def _there(settled: bool, cursor: str | None) -> str | None:
    if not cursor:
        return None
    return f"{reverse('assistant:gaps')}?{'settled=1&' if settled else ''}cursor={cursor}"
