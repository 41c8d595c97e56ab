"""T2: no way out shows a message to someone outside its audience, nor that it is there."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from cast import Cast
from parley.conversations.access import attachments_visible_to, messages_visible_to
from parley.conversations.attaching import receive
from parley.conversations.leafing import last_leaf
from parley.conversations.models import Attachment, Audience, Message
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.parties.models import Membership
from parley.tickets import access
from parley.tickets.disputing import step_in
from parley.tickets.evidencing import evidence
from parley.tickets.finding import Filters, find
from parley.tickets.models import Ticket, TicketSide
from parley.tickets.reading import mark_read
from parley.tickets.replying import Reply, reply
from parley.tickets.seeing import happenings, message_with_files, messages_with_files
from parley.tickets.states import Side

READERS = (
    "admin", "lead", "agent", "seller", "seller_member", "supplier", "supplier_member",
    "other_seller", "other_seller_member", "other_supplier", "other_supplier_member",
)  # fmt: skip
OPERATOR = {"admin", "lead", "agent"}
SELLER = {"seller", "seller_member"}
SUPPLIER = {"supplier", "supplier_member"}


@dataclass(frozen=True)
class Said:
    """Something said in a ticket of Bright Home with Northwind Supply, and who may know of it."""

    by: str
    audience: str
    side: Side
    readers: frozenset[str]


WORDS = {
    "everyone, by the seller": Said(
        "seller", Audience.EVERYONE, Side.NOBODY, frozenset(OPERATOR | SELLER | SUPPLIER)
    ),
    "everyone, by the supplier": Said(
        "supplier_member", Audience.EVERYONE, Side.NOBODY, frozenset(OPERATOR | SELLER | SUPPLIER)
    ),
    "the seller's side, by the operator": Said(
        "agent", Audience.SIDE, Side.OPENER, frozenset(OPERATOR | SELLER)
    ),
    "the supplier's side, by the operator": Said(
        "lead", Audience.SIDE, Side.COUNTERPARTY, frozenset(OPERATOR | SUPPLIER)
    ),
    "the seller's side, by the seller": Said(
        "seller_member", Audience.SIDE, Side.OPENER, frozenset(OPERATOR | SELLER)
    ),
    "the supplier's side, by the supplier": Said(
        "supplier", Audience.SIDE, Side.COUNTERPARTY, frozenset(OPERATOR | SUPPLIER)
    ),
    "a note": Said("agent", Audience.OPERATOR, Side.NOBODY, frozenset(OPERATOR)),
}
SECRET = "zebra-4711"


@dataclass(frozen=True)
class Place:
    """The ticket, the message said in it, and its attachment."""

    cast: Cast
    ticket: Ticket
    message: Message
    file: Attachment

    def side(self, reader: Membership) -> TicketSide | None:
        return access.sides_visible_to(reader).filter(ticket=self.ticket).first()


@pytest.fixture(params=WORDS)
def said(request: pytest.FixtureRequest) -> Said:
    return WORDS[request.param]


@pytest.fixture
def place(cast: Cast, said: Said) -> Place:
    with at(now() - timedelta(hours=1)):
        ticket = cast.ticket()
        for by in cast.everybody.values():
            mark_read(ticket.pk, now(), by=by)
    by = getattr(cast, said.by)
    file = receive(by, f"{SECRET}.txt", SimpleUploadedFile("x.txt", f"About {SECRET}".encode()))
    message = reply(
        ticket.pk,
        Reply(
            text=f"The {SECRET} knows",
            audience=said.audience,
            side=said.side,
            attachments=[file.pk],
        ),
        by=by,
    )
    return Place(cast, ticket, message, file)


def _messages(place: Place, reader: Membership) -> bool:
    return messages_visible_to(reader, place.ticket.conversation_id).contains(place.message)


def _attachments(place: Place, reader: Membership) -> bool:
    return attachments_visible_to(reader, place.ticket.conversation_id).contains(place.file)


def _attachment_by_address(place: Place, reader: Membership) -> bool:
    return access.attachments_visible_to(reader).contains(place.file)


def _page(place: Place, reader: Membership) -> bool:
    shown = messages_with_files(reader, place.ticket)
    files = [file.name for message in shown for file in message.files]  # type: ignore[attr-defined]
    assert (place.message in shown) == (f"{SECRET}.txt" in files)
    return place.message in shown


def _fragment(place: Place, reader: Membership) -> bool:
    return message_with_files(reader, place.message.pk) is not None


def _leaf(place: Place, reader: Membership) -> bool:
    return place.message in last_leaf(reader, place.ticket.conversation_id, 25).messages


def _word(place: Place, reader: Membership) -> bool:
    return bool(find(reader, Filters(text="zebra")).rows)


def _whole_number(place: Place, reader: Membership) -> bool:
    return bool(find(reader, Filters(text=SECRET)).rows)


def _word_among_others(place: Place, reader: Membership) -> bool:
    return bool(find(reader, Filters(text="parcel zebra")).rows)


def _word_excluded(place: Place, reader: Membership) -> bool:
    """A search *without* the word tells of it too: the ticket is missing then."""
    on_the_ticket = bool(find(reader, Filters(text="parcel")).rows)
    return on_the_ticket and not find(reader, Filters(text="parcel -zebra")).rows


def _list_order(place: Place, reader: Membership) -> bool:
    side = place.side(reader)
    return side is not None and side.activity_at == place.message.at


def _paper_clip(place: Place, reader: Membership) -> bool:
    side = place.side(reader)
    return side is not None and side.attachments > 0


def _unread(place: Place, reader: Membership) -> bool:
    """What one says oneself is read at once; all others of the audience have it unread."""
    (row,) = find(reader, Filters()).rows or (None,)
    if row is None:
        return False
    unread: bool = row.read_at < row.activity_at  # type: ignore[attr-defined]
    return unread or reader.person_id == place.message.person_id


def _entry(place: Place, reader: Membership) -> bool:
    entry = Entry.objects.latest("id")
    assert entry.data["message"] == place.message.pk
    return reader.party_id in entry.data["seen"]


def _live_topic(place: Place, reader: Membership) -> bool:
    from parley.journal.events import event_from

    entry = Entry.objects.latest("id")
    topics = event_from(entry.kind, entry.data).topics
    mine = {f"party/{reader.party_id}", f"ticket/{place.ticket.pk}/{reader.party_id}"}
    assert not mine & set(topics) or mine <= set(topics)
    return bool(mine & set(topics))


WAYS_OUT: tuple[Callable[[Place, Membership], bool], ...] = (
    _attachment_by_address, _page, _fragment, _word, _whole_number, _word_among_others,
    _word_excluded, _list_order, _paper_clip, _unread, _entry, _live_topic,
)  # fmt: skip
BEHIND_THE_TICKETS_DOOR = (_messages, _attachments, _leaf)
"""These ask about the audience alone: whoever calls them has been let in to the ticket."""


def test_who_may_know_of_it(place: Place, said: Said) -> None:
    for way in WAYS_OUT:
        for name in READERS:
            if way is _page and name.startswith("other"):
                continue  # A page has been through the ticket's door.
            told = way(place, getattr(place.cast, name))
            assert told == (name in said.readers), (way.__name__, name)
    for way in BEHIND_THE_TICKETS_DOOR:
        for name in sorted(OPERATOR | SELLER | SUPPLIER):
            told = way(place, getattr(place.cast, name))
            assert told == (name in said.readers), (way.__name__, name)


def test_the_words_kept_for_each_side(place: Place, said: Said) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT everyone::text, coalesce(opener, everyone)::text,"
            " coalesce(counterparty, everyone)::text, coalesce(operator, everyone)::text"
            " FROM tickets_words WHERE ticket_id = %s",
            [place.ticket.pk],
        )
        columns = cursor.fetchone()
    for words, name in zip(columns, ["", "seller", "supplier", "agent"], strict=True):
        expected = name in said.readers if name else said.audience == Audience.EVERYONE
        assert ("zebra" in words) == expected, name
        assert "parcel" in words


def test_a_later_word_for_everyone_reaches_every_column(place: Place, said: Said) -> None:
    reply(place.ticket.pk, Reply(text="A giraffe"), by=place.cast.supplier)
    for name in OPERATOR | SELLER | SUPPLIER:
        reader = getattr(place.cast, name)
        assert find(reader, Filters(text="giraffe")).rows
        both = bool(find(reader, Filters(text="giraffe zebra")).rows)
        assert both == (name in said.readers), name


def test_the_evidence_is_what_its_reader_may_see(place: Place, said: Said) -> None:
    step_in(place.ticket.pk, "We look into it.", by=place.cast.lead)
    for name in ("agent", "seller", "supplier"):
        with (
            evidence(place.ticket.pk, by=getattr(place.cast, name)) as file,
            zipfile.ZipFile(io.BytesIO(file.read())) as archive,
        ):
            whole = b"\n".join(map(archive.read, archive.namelist())).decode()
            whole += "\n".join(archive.namelist())
        assert (SECRET in whole) == (name in said.readers), name


def test_a_dealt_with_mark_does_not_tell_of_a_note(cast: Cast) -> None:
    ticket = cast.ticket()
    before = list(TicketSide.objects.order_by("id").values("side", "dealt_at"))
    reply(ticket.pk, Reply(text="Hm", audience="operator"), by=cast.agent)
    assert list(TicketSide.objects.order_by("id").values("side", "dealt_at")) == before


def test_the_history_keeps_the_operators_hands_to_itself(cast: Cast) -> None:
    from parley.tickets.assigning import claim

    ticket = cast.ticket()
    claim(ticket.pk, by=cast.agent)
    reply(ticket.pk, Reply(text="Hm", audience="operator"), by=cast.agent)
    assert [e.kind for e in happenings(cast.agent, ticket)] == ["TicketAssigned"]
    for reader in (cast.seller, cast.supplier):
        assert list(happenings(reader, ticket)) == []
    topics = json.dumps(Entry.objects.get(kind="TicketAssigned").data["seen"])
    assert topics == f"[{cast.operator.pk}]"


def test_a_note_on_a_ticket_with_the_operator_stays_there(cast: Cast) -> None:
    """Where the operator is one of the two sides, too."""
    for ticket in (
        cast.ticket(topic=cast.payouts, to=None),
        cast.ticket(topic=cast.documents, to=cast.bright_home, by=cast.agent),
    ):
        reply(ticket.pk, Reply(text=f"Mind the {SECRET}", audience="operator"), by=cast.lead)
        assert ticket.pk in [r.ticket_id for r in find(cast.admin, Filters(text="zebra")).rows]
    assert not find(cast.seller, Filters(text="zebra")).rows
    assert all(s.activity_at < now() for s in access.sides_visible_to(cast.seller))


def test_misspelt_names_are_not_a_way_around(cast: Cast) -> None:
    """The name of an agent who only wrote a note finds the ticket for the operator alone."""
    ticket = cast.ticket()
    reply(ticket.pk, Reply(text="Hm", audience="operator"), by=cast.agent)
    for text in ("Агентова", "Агентва"):
        assert [r.ticket_id for r in find(cast.lead, Filters(text=text)).rows] == [ticket.pk]
        assert not find(cast.seller, Filters(text=text)).rows
