"""What there is to administer: one line a section. A new page of administration adds itself here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from parley.assistant.roles import may_look
from parley.help_centre.roles import may_write
from parley.messenger.keeping_sites import may_keep_sites
from parley.parties.models import Membership, Role
from parley.sla.keeping_policies import may_keep_policies
from parley.tickets.keeping_topics import may_keep_topics


class Group(Enum):
    """Under which heading a section stands; the headings stand in this order."""

    PEOPLE = _("People")
    TICKETS = _("Tickets")
    ANSWERS = _("Answers")
    TRADE = _("Trade")
    SECURITY = _("Security and records")


@dataclass(frozen=True)
class Section:
    """A page of administration: its heading, icon (of lucide), words, address and who may come in.

    `address` is a name for `reverse`, `given` its arguments. `line` says in one sentence what is
    done there.
    """

    group: Group
    icon: str
    words: str | Promise
    address: str
    may: Callable[[Membership], bool]
    line: str | Promise
    given: tuple[str, ...] = ()


def agents(reader: Membership) -> bool:
    """All of the operator's people."""
    return reader.is_operator


def leads(reader: Membership) -> bool:
    """The operator's leads and administrators."""
    return reader.role in (Role.LEAD, Role.ADMIN)


def admins(reader: Membership) -> bool:
    """The operator's administrators."""
    return reader.role == Role.ADMIN


SECTIONS: tuple[Section, ...] = (
    Section(
        Group.PEOPLE,
        "users-round",
        _("Teams"),
        "desk:teams",
        agents,
        _("Who works through which tickets, and how they are handed out."),
    ),
    Section(
        Group.TICKETS,
        "zap",
        _("Macros"),
        "desk:macros",
        leads,
        _("What is written and done again and again, at one stroke."),
    ),
    Section(
        Group.PEOPLE,
        "users",
        _("People and companies"),
        "directory:people",
        agents,
        _("Who acts for whom; invitations, roles, new companies, what is closed."),
    ),
    Section(
        Group.TICKETS,
        "list-tree",
        _("Topics and fields"),
        "administration:topics",
        may_keep_topics,
        _("What a ticket can be about, who answers it, and what is asked for."),
    ),
    Section(
        Group.TICKETS,
        "mail-search",
        _("Mail that came in"),
        "mail:mails",
        agents,
        _("What became of each mail and why, what waits for a look, where nothing arrives."),
    ),
    Section(
        Group.TICKETS,
        "alarm-clock",
        _("Time to answer"),
        "administration:policies",
        may_keep_policies,
        _("How long whom is given, by topic and priority; what is promised now."),
    ),
    Section(
        Group.TICKETS,
        "calendar-clock",
        _("Calendars"),
        "administration:calendars",
        may_keep_policies,
        _("Working hours, time zones and days off."),
    ),
    Section(
        Group.TICKETS,
        "hourglass",
        _("How long tickets wait"),
        "administration:timing",
        may_keep_topics,
        _("Between two on one topic, and until an answered one completes by itself."),
    ),
    Section(
        Group.TICKETS,
        "tags",
        _("Tags"),
        "administration:tags",
        agents,
        _("What tickets are marked with, and in which colour."),
    ),
    Section(
        Group.ANSWERS,
        "book-open",
        _("Help centre"),
        "writing:articles",
        may_write,
        _("Articles and collections, and what people looked for and did not find."),
    ),
    Section(
        Group.ANSWERS,
        "bot-message-square",
        _("Assistant"),
        "assistant:overview",
        may_look,
        _("How it answers, which articles it misses, and from when on it speaks."),
    ),
    Section(
        Group.ANSWERS,
        "messages-square",
        _("Messenger on other sites"),
        "sites:sites",
        may_keep_sites,
        _("Where else the messenger stands, and how people are recognised there."),
    ),
    Section(
        Group.ANSWERS,
        "mailbox",
        _("Mailboxes"),
        "mailboxes:mailboxes",
        admins,
        _("Where mail comes in and goes out, and whether all of it was taken in."),
    ),
    Section(
        Group.TRADE,
        "list",
        _("Reasons to cancel an order"),
        "desk:reasons",
        agents,
        _("What people pick from when they cancel."),
    ),
    Section(
        Group.TRADE,
        "store",
        _("Sales channels"),
        "channels:channels",
        agents,
        _("Where sellers' orders come from, and what was delivered."),
    ),
    Section(
        Group.TRADE,
        "folder-up",
        _("Exports"),
        "exports:exports",
        agents,
        _("Where suppliers have their orders brought to, and how that went."),
    ),
    Section(
        Group.TICKETS,
        "chart-column",
        _("Figures"),
        "reports:setting",
        admins,
        _("By which days the dashboard counts, what is a complaint, who sees scorecards."),
    ),
    Section(
        Group.SECURITY,
        "shield-alert",
        _("Off-platform guard"),
        "administration:guard",
        admins,
        _("What sellers and suppliers write to each other that leads away: off, warn, or hold."),
    ),
    Section(
        Group.SECURITY,
        "hourglass",
        _("Held replies"),
        "desk:held",
        agents,
        _("What waits to be looked at before it is sent, and what was sent and flagged."),
    ),
    Section(
        Group.SECURITY,
        "eraser",
        _("For how long what is kept"),
        "administration:privacy",
        admins,
        _("What goes when it is old, and what would go now."),
    ),
    Section(
        Group.SECURITY,
        "shield-check",
        _("Support PINs"),
        "administration:pins",
        admins,
        _("How long they hold, and how often they were right or wrong."),
    ),
    Section(
        Group.PEOPLE,
        "palette",
        _("Name, colour and contact"),
        "administration:branding",
        admins,
        _("What the place is called, its colour, where support is written to, the safety notice."),
    ),
    Section(
        Group.SECURITY,
        "scroll-text",
        _("Journal"),
        "administration:journal",
        admins,
        _("Everything that happened, with who did it, and what was before and after."),
    ),
)


def sections_for(reader: Membership) -> list[tuple[str | Promise, list[Section]]]:
    """What `reader` may administer: pairs of a heading and its sections, without empty headings."""
    open_to = [section for section in SECTIONS if section.may(reader)]
    headed = [(group.value, [one for one in open_to if one.group is group]) for group in Group]
    return [(heading, inside) for heading, inside in headed if inside]
