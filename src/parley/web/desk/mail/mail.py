"""One mail that came in: what was understood, what became of it and why, and the mail as it came."""

from __future__ import annotations

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from parley.mailboxes.access import mails_visible_to, raw_of
from parley.mailboxes.finding import TO_LOOK_AT
from parley.mailboxes.models import RawMail
from parley.mailboxes.rereading import meaning_of
from parley.mailboxes.storing import MailGone
from parley.notifications.bouncing import undeliverable_visible_to
from parley.parties.models import Role
from parley.web.desk.administration.doors import admins_only
from parley.web.desk.mail.words import (
    DOUBTFUL,
    automatic_in_words,
    became_in_words,
    look_of,
    offers,
    proof_in_words,
    reason_in_words,
    what_now,
)
from parley.web.reader import SignedInRequest, operator_only


@require_GET
@operator_only
def mail(request: SignedInRequest, mail: int) -> HttpResponseBase:
    """`mail/mail.html`.

    Context: `mail`, `became` with its `tone` and `face`, `why`, `proof` and `automatic` (in words),
    `next` (what the reader may do about it, in a sentence), `meant` (Understood; None once its bytes
    are kept no longer), `may` (which of `let_in`, `open`, `decline`, `again` are offered), `waits`
    (whether one of them is to be suggested), `silenced` (whether the address that it says a mail did not
    arrive at gets no notices now), `is_admin`.
    """
    found = found_mail(request, mail)
    tone, face = look_of(found.outcome)
    meant = meaning_of(found)
    context = {
        "mail": found,
        "became": became_in_words(found),
        "tone": tone,
        "face": face,
        "why": reason_in_words(found.reason),
        "proof": proof_in_words(found.verified),
        "automatic": automatic_in_words(meant.automatic) if meant else "",
        "next": what_now(found),
        "meant": meant,
        "may": offers(found),
        "waits": found.outcome in TO_LOOK_AT and found.reason.get("code") not in DOUBTFUL,
        "silenced": _silenced(request, meant.bounce.address if meant and meant.bounce else ""),
        "is_admin": request.reader.role == Role.ADMIN,
    }
    return render(request, "mail/mail.html", context)


@require_POST
@admins_only
def raw(request: SignedInRequest, mail: int) -> HttpResponseBase:
    """The mail byte by byte as it came, as a download; the journal says who took it."""
    found = found_mail(request, mail)
    try:
        body = raw_of(found, request.reader)
    except MailGone:
        raise Http404 from None
    response = HttpResponse(body, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f'attachment; filename="mail-{found.pk}.eml"'
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def found_mail(request: SignedInRequest, key: int) -> RawMail:
    """A mail that the reader may see. Raises Http404."""
    rows = mails_visible_to(request.reader)
    found = rows.select_related("person", "ticket", "mailbox", "reviewed_by").filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def _silenced(request: SignedInRequest, address: str) -> bool:
    rows = undeliverable_visible_to(request.reader)
    return bool(address) and rows.filter(address__iexact=address).exists()
