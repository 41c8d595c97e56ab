"""What is journalled of a mail of ours that did not arrive: whose it was, and no address of theirs.

The journal is never changed, and an address may have to be erased.
"""

from __future__ import annotations

import re

from django.db.models import Q

from parley.conversations.typed import typed
from parley.mailboxes.events import MailCameBack
from parley.mailboxes.message_ids import is_marked, is_ours
from parley.parties.models import Person

LONGEST_TOLD = 1_000
MOST_PEOPLE = 20
_ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]@]{1,128}@[^\s<>\"'(),;:\[\]@]{1,255}")


def came_back(
    *,
    mail: int,
    address: str,
    status: str,
    permanent: bool,
    about: str,
    words: str,
    proven: bool = False,
) -> MailCameBack:
    """The event of a mail to `address` (as far as it is told) that came back; see there."""
    about = typed(about).strip()[:LONGEST_TOLD]
    return MailCameBack(
        mail=mail,
        people=_people_at(typed(address).strip()),
        named=bool(address),
        status=typed(status)[:20],
        permanent=permanent,
        about=about if is_ours(about) else "",
        marked=is_marked(about, address),
        words=_ADDRESS.sub("…", typed(words)[:LONGEST_TOLD]),
        proven=proven,
    )


def _people_at(address: str) -> tuple[int, ...]:
    """Those whom mail finds at the address: an account, and visitors who say so."""
    if not address:
        return ()
    alike = Person.objects.filter(Q(email=address.lower()) | Q(contact__iexact=address))
    found = [one.pk for one in alike.order_by("pk")[:MOST_PEOPLE] if one.is_at(address)]
    return tuple(found)
