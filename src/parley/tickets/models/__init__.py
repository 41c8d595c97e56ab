"""The tables of tickets, by what they are about."""

from parley.tickets.models.fields import CustomField, FieldKind, FieldValue, ShownTo
from parley.tickets.models.sending import UnsentReply
from parley.tickets.models.sides import Reading, TicketSide, Words
from parley.tickets.models.tags import Link, LinkKind, Tag, TagColour, Tagging
from parley.tickets.models.ticket import (
    IN_THE_TABLE,
    IS_OPEN,
    NO_CLOCK,
    NUMBER_FORMAT,
    DisputeChoices,
    Outcome,
    Priority,
    SideChoices,
    StatusChoices,
    Ticket,
)
from parley.tickets.models.topics import Category, OrderField, Purpose, Topic, name_in

__all__ = [
    "IN_THE_TABLE",
    "IS_OPEN",
    "NO_CLOCK",
    "NUMBER_FORMAT",
    "Category",
    "CustomField",
    "DisputeChoices",
    "FieldKind",
    "FieldValue",
    "Link",
    "LinkKind",
    "OrderField",
    "Outcome",
    "Priority",
    "Purpose",
    "Reading",
    "ShownTo",
    "SideChoices",
    "StatusChoices",
    "Tag",
    "TagColour",
    "Tagging",
    "Ticket",
    "TicketSide",
    "Topic",
    "UnsentReply",
    "Words",
    "name_in",
]
