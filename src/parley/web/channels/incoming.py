"""Where shops send their webhooks: stored, answered, and understood afterwards."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseBase, UnreadablePostError
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from parley.channels.access import connection_called
from parley.channels.connectors.shape import NotSigned
from parley.channels.connectors.table import connector_of
from parley.channels.receiving import LARGEST, keep, refuse


@csrf_exempt
@require_POST
def incoming(request: HttpRequest, hook: str) -> HttpResponseBase:
    """Keep a delivery: 202. Wrongly signed: 401, counted, and not kept. Unknown address: 404."""
    connection = connection_called(hook)
    connector = connector_of(connection.channel.kind) if connection else None
    if connection is None or connector is None or connector.hears is None:
        return HttpResponse(status=404)
    body = _body(request)
    if body is None:
        return HttpResponse(status=413)
    headers = {name.lower(): value for name, value in request.headers.items()}
    try:
        heard = connector.hears(headers, body, connection.secrets)
    except NotSigned:
        refuse(connection)
        return HttpResponse(status=401)
    if not heard.nothing:
        keep(connection.channel, body, heard, headers=headers)
    # WooCommerce takes a ping for answered by 200 alone; Shopify by any 2xx.
    return HttpResponse(status=200 if heard.nothing else 202)


def _body(request: HttpRequest) -> bytes | None:
    """The raw body; None if it is too large, or did not come whole."""
    try:
        if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
            return None
        body = request.body
    except (RequestDataTooBig, UnreadablePostError, ValueError):
        return None
    return body if len(body) <= LARGEST else None
