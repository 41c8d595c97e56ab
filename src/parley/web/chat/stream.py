"""Live updates in the messenger: the stream of the house, for keys as well as for sessions."""

from __future__ import annotations

import hashlib

from django.contrib.auth import HASH_SESSION_KEY
from django.utils.translation import gettext as _

from parley.messenger.events import chat_topic, own_topic, typing_topic
from parley.messenger.listing import conversation_of
from parley.messenger.visiting import digest_of
from parley.parties.models import Membership
from parley.web.chat.doors import Answer, Asking, address
from parley.web.chat.problems import Problem
from parley.web.hub import hub
from parley.web.still_allowed import Claim, KeyClaim
from parley.web.stream import EventStream, Stream, since


def _stream(asking: Asking) -> Answer:
    # Whoever has said nothing yet has no conversation that they could ask for.
    reader = asking.known if asking.request.GET.get("conversation") else asking.reader
    topics = _topics(asking, reader) if reader else []
    return EventStream(Stream(hub, topics, _claim(asking, reader), since(asking.request)))


def _topics(asking: Asking, reader: Membership) -> list[str]:
    topics = [own_topic(reader.pk), f"person/{reader.person_id}"]
    if wanted := asking.request.GET.get("conversation"):
        known = wanted.isascii() and wanted.isdigit() and len(wanted) < 19
        if not known or conversation_of(reader, int(wanted)) is None:
            raise Problem(404, _("There is nothing here."))
        topics.append(chat_topic(int(wanted), reader.party_id))
        topics.append(typing_topic(int(wanted), reader.party_id))
    return topics


def _claim(asking: Asking, reader: Membership | None) -> Claim | KeyClaim:
    assert asking.caller is not None
    if asking.caller.key:
        digest = digest_of(asking.caller)
        person = reader.person_id if reader else _nobody_at(asking.address)
        return KeyClaim(digest, person, is_kept=reader is not None)
    assert reader is not None, "a session is somebody's"
    session = asking.request.session
    return Claim(
        session=session.session_key or "",
        signed=session[HASH_SESSION_KEY],
        membership=reader.pk,
        person=reader.person_id,
    )


def _nobody_at(address: str) -> int:
    """Stands for all at one address who have said nothing yet: no number that a person has.

    Keys are to be had for nothing, and streams are not: the hub gives a person so many and no more.
    Those who lose theirs have nothing to hear of, and call again once they have.
    """
    return -int(hashlib.sha256(address.encode()).hexdigest()[:12], 16) - 1


stream = address(GET=_stream)
