"""Whether a webhook is the shop's: X-WC-Webhook-Signature over the raw body.

Source: woocommerce.github.io/woocommerce-rest-api-docs, Webhooks; and WC_Webhook of WooCommerce itself:
when a webhook is saved, it sends a ping, `webhook_id=…` without a signature, that wants a 200. Its
delivery ids are made of the webhook and the second, so that two orders may come with the same one: the
body is a part of ours. After five failures in a row it switches a webhook off; reading it makes up.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any

from parley.channels.connectors.shape import Headers, Heard, NotSigned
from parley.channels.connectors.signing import is_signed

TOPICS = frozenset({"order.created", "order.updated", "order.restored"})
_PING = re.compile(rb"webhook_id=\d{1,20}")


def hears(headers: Headers, body: bytes, secrets: Mapping[str, Any]) -> Heard:
    """What a webhook is about. Raises NotSigned."""
    signature = headers.get("x-wc-webhook-signature", "")
    if not signature and _PING.fullmatch(body):
        return Heard(nothing=True)
    if not is_signed(body, str(secrets.get("webhook_secret", "")), signature):
        raise NotSigned
    known = headers.get("x-wc-webhook-delivery-id", "")[:100]
    return Heard(
        delivery_id=f"{known}:{hashlib.sha256(body).hexdigest()[:32]}",
        topic=headers.get("x-wc-webhook-topic", "")[:60],
    )
