"""Suggesting a reply to an agent: what the help centre says to what was asked last on a ticket (M7).

It is a draft in the asker's language, from articles the asker may read. The agent reads it, changes
it, and sends it or not: nothing is ever sent by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import dropwhile

from django.utils import translation
from django.utils.translation import gettext as _

from parley.assistant.composing import article_address, source_of
from parley.assistant.drafts import BUILT_IN, Source
from parley.assistant.excerpting import excerpt
from parley.assistant.models import Outcome
from parley.assistant.retrieving import Hit, Retrieval, retrieve
from parley.assistant.sentences import asking, cut, sentences_of
from parley.assistant.telling_language import language_of
from parley.assistant.writing import link
from parley.conversations.access import messages_visible_to
from parley.conversations.models import Audience, Message
from parley.parties.models import Membership, PartyKind, Role
from parley.tickets.access import tickets_visible_to
from parley.tickets.models import Ticket

LOOKED_BACK = 12
"""The last messages among which the question is looked for."""
MOST_OFFERS = 3
MOST_TOGETHER = 3
LONGEST_EXCERPT = 1500


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """A reply that may do: `text` is Markdown in `language`, empty where there is nothing to suggest.

    `asked` is what it goes by, and `message` where that was said.
    """

    text: str
    language: str
    outcome: str
    sources: Sequence[Source]
    asked: str
    message: int | None
    answerer: str = BUILT_IN


@dataclass(frozen=True)
class Matter:
    """What was asked last on a ticket: by whom, in which language, in which message."""

    ticket: Ticket
    asker: Membership
    language: str
    text: str
    message: int


def suggest_reply(ticket_id: int, *, by: Membership) -> Suggestion | None:
    """The reply the help centre suggests, from what was asked last; None where nobody asks anything.

    `by` is one of the operator's people. Raises Ticket.DoesNotExist.
    """
    matter = matter_of(ticket_id, by=by)
    if matter is None:
        return None
    retrieval = found_for(matter)
    with translation.override(matter.language):
        return _suggestion(matter, retrieval)


def matter_of(ticket_id: int, *, by: Membership) -> Matter | None:
    """What somebody outside the operator's team said last. Raises Ticket.DoesNotExist."""
    if not by.is_operator:
        raise Ticket.DoesNotExist
    ticket = tickets_visible_to(by).get(pk=ticket_id)
    latest = (
        messages_visible_to(by, ticket.conversation_id)
        .exclude(audience=Audience.OPERATOR)
        .filter(person__isnull=False)
        .select_related("person", "party")
        .order_by("-id")[:LOOKED_BACK]
    )
    said = _last_in_one_go(list(latest))
    if not said:
        return None
    text = "\n".join(message.text for message in said)
    sentences = sentences_of(text)
    wanted = cut(asking(sentences)) or ticket.title
    last = said[-1]
    assert last.person is not None
    asker = Membership(person=last.person, party=last.party, role=Role.MEMBER)
    return Matter(
        ticket=ticket,
        asker=asker,
        language=language_of(text, asker.person.language),
        text=wanted if wanted == ticket.title else f"{ticket.title}. {wanted}",
        message=last.pk,
    )


def found_for(matter: Matter) -> Retrieval:
    """What the help centre has for it, of what its asker may read."""
    return retrieve(matter.text, language=matter.language, reader=matter.asker)


def greeting(asker: Membership) -> str:
    """How a reply to them begins, in the active language."""
    name = asker.person.name.split()[:1]
    if not name or asker.party.kind == PartyKind.VISITOR:
        return _("Hello,")
    return _("Hello %(name)s,") % {"name": name[0]}


def _last_in_one_go(latest: list[Message]) -> list[Message]:
    """What the asker who spoke last said before anybody else did, oldest first."""
    asked = dropwhile(lambda message: message.party.is_operator, latest)
    said: list[Message] = []
    for message in asked:
        if (said and message.party_id != said[0].party_id) or len(said) == MOST_TOGETHER:
            break
        said.append(message)
    return said[::-1]


def _suggestion(matter: Matter, retrieval: Retrieval) -> Suggestion:
    hits = list(retrieval.hits[:MOST_OFFERS])
    if retrieval.outcome == Outcome.ANSWER and hits and hits[0].passages:
        text, sources = _answer(hits[0]), [source_of(hits[0])]
    elif retrieval.outcome == Outcome.OFFER and hits:
        text, sources = _offer(hits), [source_of(hit) for hit in hits]
    else:
        text, sources = "", []
    return Suggestion(
        text=f"{greeting(matter.asker)}\n\n{text}" if text else "",
        language=matter.language,
        outcome=retrieval.outcome,
        sources=sources,
        asked=matter.text,
        message=matter.message,
    )


def _answer(hit: Hit) -> str:
    passage = hit.passages[0]
    words, _more = excerpt(
        passage.body, language=hit.language, path=hit.path, longest=LONGEST_EXCERPT
    )
    article = link(hit.title, article_address(hit, anchor=passage.anchor))
    return f"{words}\n\n" + _("More about it: %(article)s") % {"article": article}


def _offer(hits: list[Hit]) -> str:
    titles = "\n".join(f"- {link(hit.title, article_address(hit))}" for hit in hits)
    return _("These articles may help:") + f"\n\n{titles}"
