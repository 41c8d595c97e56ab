"""What tickets are about that are opened by mail."""

from __future__ import annotations

from parley.mailboxes.models import Mailbox
from parley.parties.models import PartyKind
from parley.tickets.models import OrderField, Purpose, Topic
from parley.tickets.own_topics import own_topic

_TOPIC = {"en": "E-mail", "ru": "Электронная почта"}
_CATEGORY = {"en": "Questions", "ru": "Вопросы"}
_OPENED_BY = [PartyKind.SELLER.value, PartyKind.SUPPLIER.value, PartyKind.VISITOR.value]


def topic_of_mail() -> Topic:
    """The topic of such tickets."""
    return own_topic(
        Purpose.MAIL,
        category=_CATEGORY,
        names=_TOPIC,
        opened_by=_OPENED_BY,
        goes_to=PartyKind.OPERATOR,
        order_field=OrderField.OPTIONAL,
    )


def topic_for(mailbox: Mailbox | None, kind: str) -> Topic:
    """What a party of `kind` opens by a mail to the mailbox: its own topic, where they may open that."""
    topic = mailbox.topic if mailbox is not None else None
    if topic is None or kind not in topic.opened_by or topic.goes_to != PartyKind.OPERATOR:
        return topic_of_mail()
    if topic.purpose != Purpose.NONE or not (topic.active and topic.category.active):
        return topic_of_mail()
    return topic
