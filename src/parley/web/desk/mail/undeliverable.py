"""The addresses that mails come back from for good, and trying one again."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from parley.notifications.bouncing import try_again, undeliverable_visible_to
from parley.notifications.models import Undeliverable
from parley.postgres.keysets import CursorUnreadable, Keyset
from parley.web.desk.mail.listing import waiting_in_words
from parley.web.reader import SignedInRequest, operator_only

PAGE = 50


@require_GET
@operator_only
def undeliverable(request: SignedInRequest) -> HttpResponseBase:
    """`mail/undeliverable.html`. Raises Http404 for a cursor nobody gave.

    Context: `tab`, `rows` (Undeliverable, the latest first), `older`, `newer` (addresses, or empty),
    `waiting` (see `listing`).
    """
    keyset = Keyset(("id",), request.GET.get("cursor", ""), PAGE)
    try:
        page = keyset.page(list(keyset.cut(undeliverable_visible_to(request.reader))))
    except CursorUnreadable:
        raise Http404 from None
    context = {
        "tab": "undeliverable",
        "rows": page.rows,
        "older": f"?cursor={page.older}" if page.older else "",
        "newer": f"?cursor={page.newer}" if page.newer else "",
        "waiting": waiting_in_words(request),
    }
    return render(request, "mail/undeliverable.html", context)


@require_POST
@operator_only
def again(request: SignedInRequest, key: int) -> HttpResponseBase:
    """Send mails there again; should they come back once more, it is listed anew."""
    try:
        try_again(key, by=request.reader)
    except Undeliverable.DoesNotExist:
        raise Http404 from None
    messages.success(request, _("Mails are sent there again."))
    return redirect("mail:undeliverable")
