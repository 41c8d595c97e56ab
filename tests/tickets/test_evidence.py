"""The evidence file of a dispute (T1): what its reader may see, whole and hashed."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cast import Cast
from parley.conversations.attaching import receive
from parley.conversations.models import Audience
from parley.journal.models import Entry
from parley.parties.models import Membership
from parley.tickets.disputing import ask_operator, decide
from parley.tickets.evidencing import NoDispute, evidence
from parley.tickets.models import Outcome, Ticket
from parley.tickets.replying import Reply, reply
from parley.tickets.states import Side


def taken(ticket: Ticket, by: Membership) -> zipfile.ZipFile:
    with evidence(ticket.pk, by=by) as file:
        return zipfile.ZipFile(io.BytesIO(file.read()))


@pytest.fixture
def dispute(cast: Cast) -> Ticket:
    ticket = cast.ticket()
    photo = receive(cast.supplier, "накладная.txt", SimpleUploadedFile("n.txt", b"one parcel"))
    reply(ticket.pk, Reply(text="We shipped it.", attachments=[photo.pk]), by=cast.supplier)
    ask_operator(ticket.pk, "They did not.", by=cast.seller)
    note = Reply(text="They said so last week too", audience=Audience.OPERATOR)
    reply(ticket.pk, note, by=cast.agent)
    aside = Reply(text="Between us", audience=Audience.SIDE, side=Side.COUNTERPARTY)
    reply(ticket.pk, aside, by=cast.supplier)
    decide(ticket.pk, Outcome.OPENER, "The carrier never had it.", by=cast.agent)
    return ticket


def test_every_file_in_it_is_hashed(cast: Cast, dispute: Ticket) -> None:
    archive = taken(dispute, cast.agent)
    sums = archive.read("SHA256SUMS").decode()
    listed = dict(reversed(line.split("  ", 1)) for line in sums.splitlines())
    assert set(listed) == set(archive.namelist()) - {"SHA256SUMS"}
    assert all(hashlib.sha256(archive.read(n)).hexdigest() == listed[n] for n in listed)
    assert any(name.endswith("-накладная.txt") for name in listed)


def test_it_holds_all_that_was_said_and_done(cast: Cast, dispute: Ticket) -> None:
    archive = taken(dispute, cast.agent)
    said = [message["text"] for message in json.loads(archive.read("messages.json"))]
    assert said[1:] == [
        "We shipped it.",
        "They did not.",
        "They said so last week too",
        "Between us",
        "The carrier never had it.",
    ]
    done = [entry["kind"] for entry in json.loads(archive.read("journal.json"))]
    assert done == ["OperatorAsked", "DisputeDecided"]
    assert json.loads(archive.read("ticket.json"))["outcome"] == "opener"


def test_a_party_takes_what_it_may_see_and_no_more(cast: Cast, dispute: Ticket) -> None:
    seller = taken(dispute, cast.seller).read("messages.txt").decode()
    assert "We shipped it." in seller
    assert "last week" not in seller
    assert "Between us" not in seller
    assert "Between us" in taken(dispute, cast.supplier).read("messages.txt").decode()


def test_that_it_was_taken_is_in_the_journal_with_its_hash(cast: Cast, dispute: Ticket) -> None:
    sums = taken(dispute, cast.seller).read("SHA256SUMS")
    entry = Entry.objects.get(kind="EvidenceTaken")
    assert entry.data["sha256"] == hashlib.sha256(sums).hexdigest()
    assert entry.person_id == cast.seller.person_id
    assert cast.northwind.pk not in entry.data["seen"]


def test_there_is_none_without_a_dispute_and_none_for_others(cast: Cast, dispute: Ticket) -> None:
    with pytest.raises(NoDispute):
        evidence(cast.ticket().pk, by=cast.seller)
    with pytest.raises(Ticket.DoesNotExist):
        evidence(dispute.pk, by=cast.other_seller)
