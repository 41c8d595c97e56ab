"""What a mailbox holds against what was taken in: comparing, and taking in what is missing."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parley.journal.moment import now
from parley.mailboxes.models import Mailbox
from parley.mailboxes.reconciling import ask_to_compare, take_missing
from parley.web.desk.administration.doors import admins_only
from parley.web.desk.mailboxes.doors import mailbox_of
from parley.web.reader import SignedInRequest


@require_POST
@admins_only
def comparing(request: SignedInRequest, mailbox: int) -> HttpResponseBase:
    """Compare it now, in the background; the page shows what was found."""
    found = mailbox_of(request, mailbox)
    ask_to_compare(found.pk, by=request.reader)
    messages.success(request, _("The mailbox is being compared. The result shows on this page."))
    return _to_the_result(found)


@require_POST
@admins_only
def taking(request: SignedInRequest, mailbox: int) -> HttpResponseBase:
    """Take in what it holds and the ledger has not."""
    found = mailbox_of(request, mailbox)
    take_missing(found.pk, by=request.reader)
    messages.success(request, _("What is missing is being taken in."))
    return _to_the_result(found)


def _to_the_result(mailbox: Mailbox) -> HttpResponseBase:
    """Back to its page, which knows what it waits for."""
    address = reverse("mailboxes:mailbox", args=[mailbox.pk])
    return redirect(f"{address}?asked={int(now().timestamp())}#held")
