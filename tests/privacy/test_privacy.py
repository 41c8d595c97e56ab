"""What is kept of people: taken along, erased, and kept for so long."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from cast import Cast
from parley.conversations.attaching import receive
from parley.conversations.drafting import keep_draft
from parley.conversations.models import Attachment, Draft, Message
from parley.journal.models import Entry
from parley.journal.moment import at, now
from parley.journal.recording import run_later
from parley.messenger.handing_over import hand_over
from parley.messenger.keeping_sites import make_site
from parley.messenger.visiting import arrive, newcomer
from parley.notifications.models import Notice
from parley.parties.access import acting_membership
from parley.parties.asking_to_join import NewJoinRequest, ask_to_join, new_code
from parley.parties.closing import NotOneself
from parley.parties.keeping_people import LastOne
from parley.parties.models import Membership, Person, PinUse
from parley.parties.pinning import pin_to_show, try_pin
from parley.parties.settling import settle
from parley.parties.tokens import make_token
from parley.privacy.erasing import (
    ErasedAlready,
    NotConfirmed,
    belongings_of,
    erase,
    is_erased,
)
from parley.privacy.exporting import PARTS, export
from parley.privacy.retaining import RULES, keep_to_rules, try_rules
from parley.tickets.ending import cancel
from parley.tickets.finding import Filters, find
from parley.tickets.models import TicketSide
from parley.tickets.replying import Reply, reply


@pytest.fixture(autouse=True)
def files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path


def upload(by: Membership, name: str = "photo.txt") -> Attachment:
    return receive(by, name, SimpleUploadedFile(name, b"bytes of " + name.encode()))


def taken(person: Membership, by: Membership) -> dict[str, bytes]:
    with export(person.person_id, by=by) as archive, zipfile.ZipFile(archive) as zipped:
        assert zipped.testzip() is None
        return {name: zipped.read(name) for name in zipped.namelist()}


def lines(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in data.splitlines()]


def rule(key: str) -> Any:
    return next(one for one in RULES if one.key == key)


def test_an_export_has_what_is_theirs_and_nothing_of_others(cast: Cast) -> None:
    sent, unsent = upload(cast.seller_member), upload(cast.seller_member, "later.txt")
    theirs = upload(cast.supplier, "secret.txt")
    ticket = cast.ticket(by=cast.seller_member, text="Words of mine", attachments=[sent.pk])
    reply(ticket.pk, Reply(text="Words of others", attachments=[theirs.pk]), by=cast.supplier)
    keep_draft(cast.seller_member, "new-ticket", "Half a thought")
    pin = pin_to_show(by=cast.seller_member).digits
    _token, secret = make_token(cast.seller_member, "script")
    packed = taken(cast.seller_member, cast.seller_member)
    assert set(packed) == {
        "README.txt", *(f"{name}.jsonl" for name in PARTS), f"files/{sent.pk}", f"files/{unsent.pk}",
    }  # fmt: skip
    assert lines(packed["person.jsonl"])[0]["email"] == cast.seller_member.person.email
    assert [row["text"] for row in lines(packed["messages.jsonl"])] == ["Words of mine"]
    assert [row["text"] for row in lines(packed["drafts.jsonl"])] == ["Half a thought"]
    assert packed[f"files/{sent.pk}"] == b"bytes of photo.txt"
    everything = b"\n".join(packed.values()).decode()
    for not_theirs in (
        "Words of others",
        "secret.txt",
        pin,
        secret,
        cast.seller_member.person.password,
    ):
        assert not_theirs not in everything
    entry = Entry.objects.get(kind="DataTaken")
    assert entry.subject == f"person:{cast.seller_member.person_id}"
    assert len(entry.data["sha256"]) == 64


def test_only_they_and_administrators_take_it(cast: Cast) -> None:
    for by in (cast.seller, cast.supplier, cast.agent, cast.lead):
        with pytest.raises(PermissionDenied):
            export(cast.seller_member.person_id, by=by)
    assert taken(cast.seller_member, cast.admin)
    with pytest.raises(Person.DoesNotExist):
        export(10**9, by=cast.admin)


def everything_kept() -> str:
    rows: list[str] = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT t::text FROM "{model._meta.db_table}" AS t')
            rows += [row[0] for row in cursor.fetchall()]
    return "\n".join(rows)


def test_erased_they_are_gone_and_the_other_sides_record_reads_on(cast: Cast) -> None:
    who = cast.seller_member
    name, email = who.person.name, who.person.email
    sent, unsent = upload(who), upload(who, "later.txt")
    ticket = cast.ticket(by=who, text="Where is my parcel?", attachments=[sent.pk])
    reply(ticket.pk, Reply(text="On its way"), by=cast.supplier)
    run_later(Entry.objects.get(kind="ReplyPosted").pk)
    keep_draft(who, "new-ticket", "Half a thought")
    pin_to_show(by=who)
    make_token(who, "script")
    assert find(cast.supplier, Filters(text="Продавцов")).rows
    assert belongings_of(who.person)["messages"] == 1
    for refused in ("", "somebody@else.example", name):
        with pytest.raises(NotConfirmed):
            erase(who.person_id, refused, by=cast.admin)
    erase(who.person_id, f" {email.upper()} ", by=cast.admin)

    person = Person.objects.get(pk=who.person_id)
    assert is_erased(person)
    assert person.name == "Former member of Bright Home"
    assert not person.mailbox
    assert acting_membership(who.person_id) is None
    kept = everything_kept()
    for gone in (name, email, "Half a thought", "Продавцов"):
        assert gone not in kept, gone
    assert not find(cast.supplier, Filters(text="Продавцов")).rows
    assert find(cast.supplier, Filters(text="parcel")).rows
    message = Message.objects.get(text="Where is my parcel?")
    assert message.person == person
    assert default_storage.exists(sent.stored_as)
    assert not default_storage.exists(unsent.stored_as)
    assert not Notice.objects.filter(person=person).exists()
    entry = Entry.objects.get(kind="PersonErased")
    assert entry.person_id == cast.admin.person_id
    assert entry.data["removed"]["drafts"] == 1
    assert set(belongings_of(person).values()) == {0, 1}, "the message alone is left"
    with pytest.raises(ErasedAlready):
        erase(who.person_id, person.email, by=cast.admin)


def test_what_they_asked_to_join_forgets_them_too(cast: Cast) -> None:
    who = cast.seller_member
    code = new_code(cast.northwind.pk, by=cast.supplier)
    ask_to_join(NewJoinRequest(code=code, note="It's Сеня"), person=who.person)
    run_later(Entry.objects.get(kind="JoinAsked").pk)
    assert Notice.objects.filter(person=cast.supplier.person, event="JoinAsked").exists()
    erase(who.person_id, who.person.email, by=cast.admin)
    kept = everything_kept()
    for gone in (who.person.name, who.person.email, "Сеня"):
        assert gone not in kept, gone


def test_a_visitor_is_erased_as_well(cast: Cast) -> None:
    site = make_site("A shop", ["https://shop.example"], by=cast.admin)[0]
    vouched = {"name": "Vera Visitor", "email": "vera@x.example"}
    caller = newcomer(site, language="en", time_zone="UTC")
    who = arrive(replace(caller, subject="user-7", vouched=vouched))
    hand_over(None, by=who, priority="question", text="Where is it?", contact="vera@x.example")
    erase(who.person_id, "vera@x.example", by=cast.admin)
    kept = everything_kept()
    for gone in ("Vera", "vera@x.example", "user-7"):
        assert gone not in kept, gone


def test_who_alone_keeps_a_company_is_not_erased(cast: Cast) -> None:
    with pytest.raises(LastOne):
        erase(cast.seller.person_id, cast.seller.person.email, by=cast.admin)
    with pytest.raises(NotOneself):
        erase(cast.admin.person_id, cast.admin.person.email, by=cast.admin)
    for by in (cast.lead, cast.seller):
        with pytest.raises(PermissionDenied):
            erase(cast.seller_member.person_id, cast.seller_member.person.email, by=by)
    assert Person.objects.get(pk=cast.seller.person_id).is_active
    assert not Entry.objects.filter(kind__in=["PersonErased", "PersonClosed"]).exists()


def test_without_a_rule_everything_stays(cast: Cast) -> None:
    keep_draft(cast.seller, "new-ticket", "Half a thought")
    with at(now() + timedelta(days=5000)):
        assert [one.count for one in try_rules()] == [0] * len(RULES)
        assert set(keep_to_rules().values()) == {0}
    assert Draft.objects.exists()


def test_a_dry_run_counts_and_the_night_removes(cast: Cast) -> None:
    settle(rule("drafts").days, 30, by=cast.admin)
    for number in range(3):
        keep_draft(cast.seller, f"place:{number}", "Half a thought")
    with at(now() + timedelta(days=29)):
        keep_draft(cast.supplier, "new-ticket", "Fresh")
        assert keep_to_rules()["drafts"] == 0
    with at(now() + timedelta(days=31)):
        (tried,) = [one for one in try_rules() if one.rule.key == "drafts"]
        assert (tried.days, tried.count) == (30, 3)
        assert Draft.objects.count() == 4
        assert keep_to_rules()["drafts"] == 3
        assert keep_to_rules()["drafts"] == 0
    assert Draft.objects.get().text == "Fresh"
    (entry,) = Entry.objects.filter(kind="OldRemoved")
    assert entry.data == {"kind": "drafts", "days": 30, "removed": 3}


def test_it_goes_on_batch_by_batch(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("parley.privacy.retaining.BATCH", 2)
    settle(rule("drafts").days, 1, by=cast.admin)
    for number in range(5):
        keep_draft(cast.seller, f"place:{number}", "Half a thought")
    with at(now() + timedelta(days=2)):
        assert keep_to_rules()["drafts"] == 5
    removed = Entry.objects.filter(kind="OldRemoved").order_by("id")
    assert [entry.data["removed"] for entry in removed] == [2, 2, 1]


def test_files_of_ended_tickets_go_and_their_messages_stay(cast: Cast) -> None:
    settle(rule("files").days, 90, by=cast.admin)
    old, open_ = upload(cast.seller), upload(cast.seller)
    ended, going_on = cast.ticket(attachments=[old.pk]), cast.ticket(attachments=[open_.pk])
    cancel(ended.pk, by=cast.seller)
    with at(now() + timedelta(days=91)):
        assert keep_to_rules()["files"] == 1
    assert not default_storage.exists(old.stored_as)
    assert default_storage.exists(open_.stored_as)
    message = Message.objects.get(conversation=ended.conversation_id)
    assert (message.attached, message.attachments.count()) == (0, 0)
    assert set(TicketSide.objects.filter(ticket=ended).values_list("attachments", flat=True)) == {0}
    assert set(
        TicketSide.objects.filter(ticket=going_on).values_list("attachments", flat=True)
    ) == {1}


def test_every_rule_can_be_tried_and_kept_to(cast: Cast) -> None:
    for one in RULES:
        settle(one.days, 1, by=cast.admin)
    try_pin(cast.seller.person_id, "0", by=cast.agent, way="person")
    with at(now() + timedelta(days=2)):
        assert {one.rule.key: one.count for one in try_rules()}["pin_uses"] == 1
        assert keep_to_rules()["pin_uses"] == 1
    assert not PinUse.objects.exists()
