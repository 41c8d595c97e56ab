"""Settings → Security: what can be written in one's name by mail, and whether mails arrive at all."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from parley.mailboxes.reply_addresses import addresses_in_force, revoke
from parley.notifications.bouncing import try_mine_again
from parley.web.reader import SignedInRequest, signed_in


def answers_section(request: SignedInRequest) -> dict[str, Any]:
    """`reply_addresses`: how many addresses take answers in the reader's name."""
    return {"reply_addresses": addresses_in_force(request.reader).count()}


@require_POST
@signed_in
def revocation(request: SignedInRequest) -> HttpResponseBase:
    """Let no mail that was sent so far be answered any more."""
    revoke(request.reader.person_id, by=request.reader)
    messages.success(
        request, _("The mails sent so far take no answers any more. The next ones will.")
    )
    return redirect("security:security")


@require_POST
@signed_in
def trying_again(request: SignedInRequest) -> HttpResponseBase:
    """Let mails go to one's own address again."""
    try_mine_again(by=request.reader)
    messages.success(request, _("The next mail goes to your address again."))
    return redirect("security:security")
