"""A resolved ticket becomes the draft of an article: the matter, and how it was settled (M7).

Whoever it was about is left out: names, addresses, numbers. What is left is for an editor to read and
to make an article of; nothing is published by it.
"""

from __future__ import annotations

import re

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from parley.assistant.events import ArticleDrafted
from parley.assistant.masking import masked, without_names
from parley.assistant.models import ArticleOfTicket
from parley.assistant.new_articles import draft_article
from parley.assistant.sentences import asking, cut, is_courtesy, sentences_of
from parley.assistant.telling_language import language_of
from parley.conversations.access import messages_visible_to
from parley.conversations.models import Audience, Message
from parley.help_centre.models import LONGEST_TITLE, Article
from parley.help_centre.roles import must_write
from parley.help_centre.writing import Written
from parley.journal.recording import record
from parley.parties.models import Membership, Party, PartyKind
from parley.tickets.access import tickets_visible_to
from parley.tickets.models import Ticket
from parley.tickets.states import Status

MOST_ANSWERS = 6
"""The last answers of a ticket that are taken over: what settled it stands at its end."""
LONGEST_SUMMARY = 300
MOST_SIGNED, MOST_WORDS_SIGNED = 6, 5
"""Lines of a signature beneath a good wish, and words of each."""
_SIGNED = re.compile(r"\n[-–—]{2,}\s*\n.*\Z", re.DOTALL)
_OWN_NUMBER = re.compile(r"\bT-\d+\b")


class NotResolved(ValueError):
    """The ticket is not completed, or nobody answered on it: there is nothing to learn from it."""


class DraftedAlready(ValueError):
    """There is an article made of this ticket: `article`."""

    def __init__(self, article: Article) -> None:
        super().__init__(article.path)
        self.article = article


def draft_from(ticket_id: int, *, by: Membership) -> Article:
    """Draft an article from how a ticket was resolved, in the language it was opened in.

    It is for the opener's kind of party, and for everybody where that is a visitor. Raises
    Ticket.DoesNotExist, NotAnEditor, NotResolved, and DraftedAlready.
    """
    must_write(by)
    with transaction.atomic():
        ticket = (
            tickets_visible_to(by)
            .select_for_update(of=("self",))
            .select_related("opener", "counterparty", "opener_person", "order")
            .get(pk=ticket_id)
        )
        if made := article_of(ticket.pk):
            raise DraftedAlready(made)
        said = _said(by, ticket)
        language = language_of(f"{ticket.title} {said[0].text if said else ''}",
                               ticket.opener_person.language)  # fmt: skip
        with translation.override(language):
            written = _written(ticket, said)
        kind = ticket.opener.kind
        audience = [kind] if kind in (PartyKind.SELLER, PartyKind.SUPPLIER) else []
        article = draft_article(written, language, audience=audience, by=by)
        ArticleOfTicket.objects.create(article=article, ticket=ticket)
        record(ArticleDrafted(article=article.pk, ticket=ticket.pk), by=by)
    return article


def article_of(ticket_id: int) -> Article | None:
    """The article that was drafted from a ticket."""
    made = ArticleOfTicket.objects.select_related("article").filter(ticket=ticket_id)
    found = made.order_by("-article_id").first()
    return found.article if found else None


def drafted_from() -> Subquery:
    """The number of the ticket that an article was drafted from, as an expression on articles."""
    made = ArticleOfTicket.objects.filter(article=OuterRef("pk"))
    return Subquery(made.values("ticket_id")[:1])


def may_become_article(ticket: Ticket) -> bool:
    """Whether how a ticket went may be worth an article: it was answered, and completed."""
    return ticket.status == Status.COMPLETED and ticket.answered_at is not None


def _said(by: Membership, ticket: Ticket) -> list[Message]:
    """What people said to everybody on the ticket, oldest first."""
    if not may_become_article(ticket):
        raise NotResolved
    messages = messages_visible_to(by, ticket.conversation_id)
    spoken = messages.filter(audience=Audience.EVERYONE, person__isnull=False)
    return list(spoken.select_related("person", "party"))


def _written(ticket: Ticket, said: list[Message]) -> Written:
    answers = _answers(ticket, said)
    if not answers:
        raise NotResolved
    people = {message.person.name for message in said if message.person}
    people.add(ticket.opener_person.name)
    numbers = _numbers(ticket)

    def cleaned(text: str) -> str:
        return _cleaned(text, sorted(people), _companies(ticket), numbers)

    problem = cleaned(_without_courtesies(said[0].text))
    wanted = asking(sentences_of(problem))
    solution = "\n\n".join(cleaned(_without_courtesies(answer.text)) for answer in answers)
    title = cleaned(ticket.title)[:LONGEST_TITLE].strip() or _("Untitled")
    body = f"## {_('What it is about')}\n\n{problem}\n\n## {_('What to do')}\n\n{solution}\n"
    return Written(title=title, summary=cut(wanted, LONGEST_SUMMARY), body=body,
                   also_asked_as=[wanted] if wanted and len(wanted) <= LONGEST_SUMMARY else [])  # fmt: skip


def _answers(ticket: Ticket, said: list[Message]) -> list[Message]:
    """The operator's answers; where it did not speak, those of the other party."""
    ours = [one for one in said[1:] if one.party.is_operator]
    theirs = [one for one in said[1:] if one.party_id != ticket.opener_id]
    return (ours or theirs)[-MOST_ANSWERS:]


def _companies(ticket: Ticket) -> dict[str, str]:
    """What stands for each company's name: what it is on the marketplace."""
    words = {
        PartyKind.SELLER: pgettext("instead of its name", "the seller"),
        PartyKind.SUPPLIER: pgettext("instead of its name", "the supplier"),
        PartyKind.VISITOR: pgettext("instead of its name", "the customer"),
    }
    parties: list[Party] = [ticket.opener, ticket.counterparty]
    named = [party for party in parties if not party.is_operator and party.name.strip()]
    return {party.name: str(words[PartyKind(party.kind)]) for party in named}


def _numbers(ticket: Ticket) -> list[str]:
    """The numbers by which this very matter is known: they say nothing to others."""
    own = [ticket.order_number, str(ticket.order.number or "") if ticket.order else ""]
    return [number for number in own if number]


def _cleaned(text: str, people: list[str], companies: dict[str, str], numbers: list[str]) -> str:
    number_word = pgettext("instead of it", "[number]")
    text = _OWN_NUMBER.sub(number_word, text)
    for number in numbers:
        text = re.sub(rf"(?<!\w)#?{re.escape(number)}(?!\w)", number_word, text)
    return masked(without_names(text, people, companies))


def _without_courtesies(text: str) -> str:
    """A message without greeting, thanks, signature and quotes; its steps and lists stay as they are."""
    lines = [line for line in _SIGNED.sub("", text).splitlines() if not line.startswith(">")]
    while lines and (not lines[0].strip() or is_courtesy(lines[0])):
        lines.pop(0)
    return "\n".join(lines[: _end_of_words(lines)]).strip()


def _end_of_words(lines: list[str]) -> int:
    """Where what somebody has to say ends: before a last good wish, and the name beneath it."""
    for place in range(len(lines) - 1, max(len(lines) - 1 - MOST_SIGNED, -1), -1):
        if is_courtesy(lines[place]):
            return place
        if len(lines[place].split()) > MOST_WORDS_SIGNED:
            break
    return len(lines)
