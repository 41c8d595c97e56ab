"""Whether a webhook is Shopify's: X-Shopify-Hmac-Sha256 over the raw body.

Source: shopify.dev/docs/apps/build/webhooks (HTTPS delivery, verifying, duplicate deliveries). A delivery
that is repeated has the same X-Shopify-Webhook-Id.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from parley.channels.connectors.shape import Headers, Heard, NotSigned
from parley.channels.connectors.signing import is_signed

TOPICS = frozenset({"orders/create", "orders/updated", "orders/paid", "orders/cancelled"})


def hears(headers: Headers, body: bytes, secrets: Mapping[str, Any]) -> Heard:
    """What a webhook is about. Raises NotSigned."""
    signature = headers.get("x-shopify-hmac-sha256", "")
    if not is_signed(body, str(secrets.get("webhook_secret", "")), signature):
        raise NotSigned
    known = headers.get("x-shopify-webhook-id", "") or hashlib.sha256(body).hexdigest()
    return Heard(delivery_id=known[:100], topic=headers.get("x-shopify-topic", "")[:60])
