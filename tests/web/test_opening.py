"""Opening a ticket through the pages (T3 to T6): the form, its refusals, and that nothing is lost."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from cast import Cast
from parley.conversations.attaching import receive
from parley.conversations.drafting import keep_draft
from parley.conversations.models import Attachment, Draft, Message
from parley.journal.moment import at, now
from parley.tickets.ending import close
from parley.tickets.models import Ticket
from web.pages import Browser, Page

NEW = "/tickets/new/"


def filled(cast: Cast, **changed: Any) -> dict[str, Any]:
    form = {
        "topic": cast.late_parcel.pk,
        "to": cast.northwind.pk,
        "title": "Parcel 7 has not arrived",
        "text": "It was due **last Tuesday**.",
        "priority": "question",
    }
    return form | changed


def test_a_ticket_is_opened_and_its_number_told(cast: Cast) -> None:
    answer = Browser(cast.seller).send(NEW, "", **filled(cast, order_number="HM-7"))
    ticket = Ticket.objects.get()
    assert answer.redirect_chain == [(f"/tickets/{ticket.pk}/opened/", 302)]
    page = Page(answer)
    assert ticket.number in page.words
    assert "Northwind Supply is to answer by" in page.words
    assert page.links["Go to the ticket"] == f"/tickets/{ticket.pk}/"
    shown = Browser(cast.supplier).see(f"/tickets/{ticket.pk}/")
    assert "Parcel 7 has not arrived" in shown.words
    assert "<strong>last Tuesday</strong>" in shown.html
    assert "HM-7" in shown.words


def test_the_confirmation_is_the_openers_alone(cast: Cast) -> None:
    ticket = cast.ticket()
    assert Browser(cast.supplier).get(f"/tickets/{ticket.pk}/opened/").status_code == 404
    assert Browser(cast.seller_member).get(f"/tickets/{ticket.pk}/opened/").status_code == 200


def test_the_form_marks_what_has_to_be_filled_in(cast: Cast) -> None:
    page = Browser(cast.seller).see(NEW)
    assert {"topic", "title", "text"} <= page.form("").required
    for words in (
        "What is it about? *",
        "Who is it for? *",
        "In a few words *",
        "What happened? *",
    ):
        assert words in page.words
    assert "Late parcel" in page.words
    assert "Documents" not in page.words, "the operator's own topic"
    assert "Second Seller" not in page.words


def test_topics_stand_in_the_order_of_the_readers_alphabet(cast: Cast) -> None:
    for who, first, then in (
        (cast.seller, "Payouts", "Late parcel"),  # Account, then Delivery
        (cast.seller_member, "Посылка опаздывает", "Выплаты"),  # Доставка, then Учётная запись
    ):
        words = Browser(who).see(NEW).words
        assert words.index(first) < words.index(then)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("topic", "", "Pick a topic from the list."),
        ("topic", "999999", "Pick a topic from the list."),
        ("to", "", "Pick who this is for."),
        ("title", " ", "Say in a few words what it is about."),
        ("title", "x" * 201, "Keep the summary under 200 characters; it has 201."),
        ("text", "", "Describe what happened."),
        ("text", "x" * 50_001, "Keep the description under 50000 characters; it has 50001."),
        ("order_number", "9" * 61, "An order number has at most 60 characters."),
        ("priority", "first", "Pick one of the three kinds."),
    ],
)
def test_a_refusal_says_what_is_wrong_beside_the_field_and_keeps_the_rest(
    cast: Cast, field: str, value: str, says: str
) -> None:
    typed = filled(cast, order_number="HM-7") | {field: value}
    answer = Browser(cast.seller).post(NEW, typed)
    page = Page(answer)
    assert answer.status_code == 422
    assert says in page.words
    assert not Ticket.objects.exists()
    kept = page.form("").fields
    for name, text in typed.items():
        if name not in {field, "to"} and not (name == "priority" and field == "priority"):
            assert kept[name] == [str(text)], name
    if field in ("title", "text", "order_number"):
        assert kept[field] == [value]
    if field not in {"to", "topic"}:
        assert kept["to"] == [str(cast.northwind.pk)]


def test_an_order_is_asked_for_where_the_topic_needs_one(cast: Cast) -> None:
    answer = Browser(cast.seller).post(NEW, filled(cast, topic=cast.return_of_goods.pk))
    assert answer.status_code == 422
    assert "This topic needs the order it is about." in Page(answer).words


def test_a_supplier_opens_what_is_theirs_to_open(cast: Cast) -> None:
    browser = Browser(cast.supplier)
    assert "Wrong address" in browser.see(NEW).words
    assert browser.post(NEW, filled(cast)).status_code == 422
    typed = filled(cast, topic=cast.wrong_address.pk, to=cast.bright_home.pk)
    assert browser.post(NEW, typed).status_code == 302


def test_whoever_it_goes_to_is_of_the_topics_kind(cast: Cast) -> None:
    answer = Browser(cast.seller).post(NEW, filled(cast, to=cast.second_seller.pk))
    assert answer.status_code == 422
    assert not Ticket.objects.exists()


def test_the_operator_is_found_by_itself(cast: Cast) -> None:
    Browser(cast.seller).post(NEW, filled(cast, topic=cast.payouts.pk, to=""))
    assert Ticket.objects.get().counterparty == cast.operator


def test_too_soon_names_the_ticket_that_is_there_and_loses_nothing(cast: Cast) -> None:
    browser = Browser(cast.seller)
    moment = now()
    with at(moment):
        browser.post(NEW, filled(cast))
    first = Ticket.objects.get()
    kept = receive(cast.seller, "shot.txt", SimpleUploadedFile("shot.txt", b"bytes"))
    typed = filled(cast, title="Another", text="Words <b>& more", attachment=[str(kept.pk)])
    with at(moment + timedelta(minutes=5, seconds=30)):
        answer = browser.post(NEW, typed)
    page = Page(answer)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "600"
    assert f"You opened {first.number}" in page.words
    assert "in 10 min" in page.words
    assert page.links[f"Open {first.number}"] == f"/tickets/{first.pk}/"
    fields = page.form("").fields
    assert (fields["title"], fields["text"]) == (["Another"], ["Words <b>& more"])
    assert fields["attachment"] == [str(kept.pk)]
    assert "shot.txt" in page.words
    with at(moment + timedelta(minutes=15, seconds=1)):
        sent = browser.post(NEW, {name: values[0] for name, values in fields.items()})
    assert sent.status_code == 302
    assert Attachment.objects.get(pk=kept.pk).message is not None


def test_another_topic_and_another_company_are_not_too_soon(cast: Cast) -> None:
    assert Browser(cast.seller).post(NEW, filled(cast)).status_code == 302
    other = filled(cast, topic=cast.return_of_goods.pk, order_number="HM-1")
    assert Browser(cast.seller).post(NEW, other).status_code == 302
    assert Browser(cast.other_seller).post(NEW, filled(cast)).status_code == 302
    assert Browser(cast.seller_member).post(NEW, filled(cast)).status_code == 429


def test_the_same_form_sent_twice_opens_one_ticket(cast: Cast) -> None:
    browser = Browser(cast.seller)
    typed = filled(cast, submit_key=str(uuid.uuid4()))
    first, again = browser.post(NEW, typed), browser.post(NEW, typed)
    assert first.headers["Location"] == again.headers["Location"]
    assert Ticket.objects.count() == Message.objects.count() == 1


def test_each_form_has_a_key_of_its_own(cast: Cast) -> None:
    browser = Browser(cast.seller)
    keys = {browser.see(NEW).form("").fields["submit_key"][0] for _ in range(2)}
    assert len(keys) == 2


def test_new_ticket_about_this_begins_with_what_is_known_and_is_linked(cast: Cast) -> None:
    old = cast.ticket(title="Lamp is cracked", order_number="HM-7")
    close(old.pk, by=cast.seller)
    browser = Browser(cast.seller)
    ended = browser.see(f"/tickets/{old.pk}/")
    assert "takes no more replies" in ended.words
    address = ended.links["New ticket about this"]
    fields = browser.see(address).form("").fields
    assert fields["topic"] == [str(cast.late_parcel.pk)]
    assert fields["to"] == [str(cast.northwind.pk)]
    assert (fields["title"], fields["order_number"]) == (["Lamp is cracked"], ["HM-7"])
    with at(now() + timedelta(hours=1)):
        browser.send(address, "", text="It broke again.")
    new = Ticket.objects.latest("pk")
    assert new.continues == old
    assert browser.see(f"/tickets/{new.pk}/").links[old.number] == f"/tickets/{old.pk}/"


def test_new_ticket_about_another_companys_ticket_tells_nothing(cast: Cast) -> None:
    theirs = cast.ticket(by=cast.other_seller, title="Secret matter", order_number="HM-99")
    browser = Browser(cast.seller)
    page = browser.see(f"/tickets/new/?continues={theirs.pk}")
    assert "Secret matter" not in page.html
    assert "HM-99" not in page.html
    browser.post(NEW, filled(cast, continues=theirs.pk))
    assert Ticket.objects.latest("pk").continues is None


def test_while_one_types_open_tickets_on_the_matter_are_shown(cast: Cast) -> None:
    mine = cast.ticket(title="Where is it", order_number="HM-7")
    theirs = cast.ticket(by=cast.other_seller, title="Not yours")
    browser = Browser(cast.seller)
    for query in (f"topic={cast.late_parcel.pk}", "order_number=HM-7"):
        page = browser.see(f"/tickets/new/same-matter/?{query}")
        assert f"{mine.number} Where is it" in page.links
        assert theirs.number not in page.words
    assert browser.see("/tickets/new/same-matter/").words == ""
    close(mine.pk, by=cast.seller)
    assert browser.see("/tickets/new/same-matter/?order_number=HM-7").words == ""


def test_files_come_along_with_the_plain_form(cast: Cast) -> None:
    photos = [SimpleUploadedFile(f"Лампа {n}.txt", b"bytes") for n in (1, 2)]
    Browser(cast.seller).post(NEW, filled(cast, files=photos))
    message = Message.objects.get()
    assert sorted(a.name for a in message.attachments.all()) == ["Лампа 1.txt", "Лампа 2.txt"]


def test_files_of_a_refused_form_are_kept_for_the_next_try(cast: Cast) -> None:
    browser = Browser(cast.seller)
    photo = SimpleUploadedFile("photo.txt", b"bytes")
    page = Page(browser.post(NEW, filled(cast, title="", files=[photo])))
    assert "photo.txt" in page.words
    again = {name: values[0] for name, values in page.form("").fields.items()}
    browser.post(NEW, again | {"title": "Now with a title"})
    assert Message.objects.get().attachments.get().name == "photo.txt"


def test_a_draft_is_there_after_signing_out_and_in_and_gone_once_sent(cast: Cast) -> None:
    browser = Browser(cast.seller)
    fields = f'{{"title": "Half a tho", "topic": "{cast.late_parcel.pk}"}}'
    kept = browser.post("/drafts/", {"place": "new-ticket", "text": "So far", "fields": fields})
    assert kept.status_code == 204
    browser.post("/account/sign-out/")
    browser.force_login(cast.seller.person)
    form = browser.see(NEW).form("").fields
    assert (form["title"], form["text"]) == (["Half a tho"], ["So far"])
    assert form["topic"] == [str(cast.late_parcel.pk)]
    assert Browser(cast.seller_member).see(NEW).form("").fields["text"] == [""]
    browser.post(NEW, filled(cast, title=""))
    assert Draft.objects.exists(), "refused: kept"
    browser.post(NEW, filled(cast))
    assert not Draft.objects.exists()


def test_what_the_address_asks_for_goes_before_the_draft(cast: Cast) -> None:
    keep_draft(cast.seller, "new-ticket", "Old words", {"title": "Old"})
    form = Browser(cast.seller).see("/tickets/new/?title=New").form("").fields
    assert (form["title"], form["text"]) == (["New"], ["Old words"])
