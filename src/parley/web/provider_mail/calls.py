"""A provider's calls, checked and read by django-anymail: by password, and signed where it signs."""

from __future__ import annotations

import logging
from base64 import b64encode
from collections.abc import Callable, Iterable
from email import policy
from importlib import import_module
from typing import Any

from anymail.exceptions import AnymailConfigurationError, AnymailWebhookValidationFailure
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.utils.crypto import constant_time_compare
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from parley.mailboxes.providers import keep, note_not_delivered
from parley.web.provider_mail.bodies import TooMuch, read_body
from parley.web.provider_mail.raw_mails import kept_by

CLASSES = {
    "amazon_ses": "AmazonSES", "brevo": "Brevo", "mailersend": "MailerSend", "mailgun": "Mailgun",
    "mailjet": "Mailjet", "mailtrap": "Mailtrap", "mandrill": "MandrillCombined",
    "postal": "Postal", "postmark": "Postmark", "resend": "Resend", "sendgrid": "SendGrid",
    "sparkpost": "SparkPost", "unisender_go": "UnisenderGo",
}  # fmt: skip
"""What django-anymail calls the views of each provider; one that is not here brings no mail."""
_RAW = policy.default.clone(refold_source="none", linesep="\r\n", cte_type="8bit")
_NOT_DELIVERED = frozenset({"bounced", "rejected", "failed"})

log = logging.getLogger(__name__)


@csrf_exempt
@require_http_methods(["POST", "HEAD"])
def incoming(request: HttpRequest) -> HttpResponseBase:
    """Keep the mails it brings: 200 once they are. 413: more than one mail can be. Else: come again."""
    return _called(request, "Inbound", _take_in)


@csrf_exempt
@require_http_methods(["POST", "HEAD"])
def tracking(request: HttpRequest) -> HttpResponseBase:
    """Note which mails did not arrive."""
    return _called(request, "Tracking", _note)


def _called(
    request: HttpRequest, kind: str, does: Callable[[Iterable[Any]], None]
) -> HttpResponseBase:
    """404 where no provider is set up, 401 without the password, 400 where it is not signed.

    503 where it is our own fault: what is answered with 4xx some providers don't bring again.
    """
    name = CLASSES.get(settings.MAIL_PROVIDER)
    if name is None or not settings.MAIL_WEBHOOK_SECRET:
        return HttpResponse(status=404)
    if not _has_password(request):
        return HttpResponse(status=401, headers={"WWW-Authenticate": 'Basic realm="mail"'})
    if request.method == "HEAD":  # some look whether anybody is there
        return HttpResponse()
    try:
        view = _view(name, kind)
        read_body(request)
        view.run_validators(request)
        does(view.parse_events(request))
    except TooMuch:
        return HttpResponse(status=413)
    except AnymailWebhookValidationFailure as refusal:
        log.warning("The mail provider's call was refused: %s", refusal)
        return HttpResponse(status=400)
    except AnymailConfigurationError as trouble:
        log.warning("The mail provider's calls can't be checked here: %s", trouble)
        return HttpResponse(status=503)
    except UnreadablePostError:
        return HttpResponse(status=503)
    return HttpResponse()


def _has_password(request: HttpRequest) -> bool:
    wanted = b64encode(settings.MAIL_WEBHOOK_SECRET.encode()).decode("ascii")
    return constant_time_compare(request.headers.get("Authorization", ""), f"Basic {wanted}")


def _view(name: str, kind: str) -> Any:
    """django-anymail's view, for its checks and its reading alone. Raises AnymailConfigurationError."""
    module = import_module(f"anymail.webhooks.{settings.MAIL_PROVIDER}")
    kept_by(module)
    combined = name.endswith("Combined")
    made = getattr(module, f"{name}WebhookView" if combined else f"{name}{kind}WebhookView", None)
    if made is None:
        raise AnymailConfigurationError(f"{settings.MAIL_PROVIDER} has no {kind} webhook")
    return made()


def _take_in(events: Iterable[Any]) -> None:
    for event in events:
        message = getattr(event, "message", None)
        if message is None:
            continue
        keep(
            message.raw or message.as_bytes(policy=_RAW),
            sender=message.envelope_sender or "",
            recipients=[message.envelope_recipient or ""],
        )


def _note(events: Iterable[Any]) -> None:
    for event in events:
        if event.event_type not in _NOT_DELIVERED or not getattr(event, "recipient", None):
            continue
        note_not_delivered(
            recipient=str(event.recipient),
            about=str(event.message_id or ""),
            why=str(event.reject_reason or ""),
            words=str(event.mta_response or event.description or ""),
        )
