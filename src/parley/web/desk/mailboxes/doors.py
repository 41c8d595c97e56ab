"""Who comes in: the operator's administrators."""

from __future__ import annotations

from django.http import Http404

from parley.mailboxes.access import mailboxes_visible_to
from parley.mailboxes.models import Mailbox
from parley.web.reader import SignedInRequest


def mailbox_of(request: SignedInRequest, key: int) -> Mailbox:
    """A mailbox that the reader may keep. Raises Http404."""
    found = mailboxes_visible_to(request.reader).filter(pk=key).first()
    if found is None:
        raise Http404
    return found
