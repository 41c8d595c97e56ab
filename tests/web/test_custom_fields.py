"""Custom fields where people meet them: opening a ticket, the ticket's page, the desk (S2)."""

from __future__ import annotations

from typing import Any

from cast import Cast
from parley.tickets.filling import fill
from parley.tickets.keeping_fields import FieldTyped, OptionTyped, add_field, change_field
from parley.tickets.models import CustomField, FieldValue, Ticket
from web.pages import HTMX, Browser, Page

NEW = "/tickets/new/"


def field(cast: Cast, name: str, **more: Any) -> CustomField:
    typed = FieldTyped(names={"en": name, "ru": f"{name} по-русски"}, **more)
    made = add_field(cast.late_parcel.pk, typed, by=cast.admin)
    cast.late_parcel.refresh_from_db()
    return made


def opening(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "topic": cast.late_parcel.pk, "to": cast.northwind.pk, "title": "Late", "text": "Very.",
        "priority": "question",
    } | more  # fmt: skip


def test_a_topic_asks_as_it_is_picked(cast: Cast) -> None:
    one = field(cast, "Tracking number", required=True, helps={"en": "On the label."})
    field(cast, "Inner", filled_by="operator", shown_to="operator")
    asked = f"{NEW}fields/?topic={cast.late_parcel.pk}&field-{one.pk}=DX-7"
    page = Page(Browser(cast.seller).get(asked, **HTMX))
    assert "Tracking number * On the label." in page.words
    assert "Inner" not in page.words
    assert "DX-7" in page.having("value")
    assert "required" in page.html
    assert "по-русски" in Page(Browser(cast.seller_member).get(asked, **HTMX)).words
    assert not Page(Browser(cast.supplier).get(asked, **HTMX)).words
    assert not Page(Browser(cast.seller).get(f"{NEW}fields/?topic=x", **HTMX)).words


def test_what_is_missing_is_said_and_nothing_typed_is_lost(cast: Cast) -> None:
    must, number = field(cast, "Tracking", required=True), field(cast, "Weight", kind="number")
    seller = Browser(cast.seller)
    page = Page(seller.post(NEW, opening(cast, **{f"field-{number.pk}": "heavy"})))
    assert page.status == 422
    assert "This has to be filled in." in page.words
    assert "Write a number" in page.words
    assert "heavy" in page.having("value")
    sent = opening(cast, **{f"field-{number.pk}": "2,5", f"field-{must.pk}": "DX-7"})
    assert seller.post(NEW, sent).status_code == 302
    kept = FieldValue.objects.order_by("field").values_list("text", flat=True)
    assert list(kept) == ["DX-7", "2.5"]


def test_a_draft_keeps_them(cast: Cast) -> None:
    one = field(cast, "Tracking")
    seller = Browser(cast.seller)
    kept = f'{{"topic": "{cast.late_parcel.pk}", "field-{one.pk}": "DX-9"}}'
    seller.post("/drafts/", {"place": "new-ticket", "text": "", "fields": kept})
    assert "DX-9" in seller.see(NEW).having("value")


def test_a_side_fills_in_its_own_on_the_ticket(cast: Cast) -> None:
    theirs = field(cast, "Batch", filled_by="counterparty")
    ticket = cast.ticket()
    supplier = Browser(cast.supplier)
    assert f"/tickets/{ticket.pk}/fields/" in supplier.see(f"/tickets/{ticket.pk}/").having(
        "hx-get"
    )
    piece = Page(supplier.get(f"/tickets/{ticket.pk}/fields/", **HTMX))
    assert piece.links["Fill in"] == f"/tickets/{ticket.pk}/filling/"
    assert "Fill in" not in Page(Browser(cast.seller).get(f"/tickets/{ticket.pk}/fields/")).links
    filling = f"/tickets/{ticket.pk}/filling/"
    supplier.send(filling, filling, **{f"field-{theirs.pk}": "B-12"})
    seller = Browser(cast.seller)
    assert "Batch B-12" in Page(seller.get(f"/tickets/{ticket.pk}/fields/")).words
    assert "Nora North filled in: Batch: B-12" in seller.see(f"/tickets/{ticket.pk}/").words


def test_a_refusal_keeps_what_was_typed(cast: Cast) -> None:
    one = field(cast, "Weight", kind="number")
    ticket = cast.ticket(fields={one.pk: "5"})
    sent = {f"shown-{one.pk}": "5", f"field-{one.pk}": "heavy"}
    answer = Browser(cast.seller).post(f"/tickets/{ticket.pk}/filling/", sent, **HTMX)
    page = Page(answer)
    assert page.status == 422
    assert "Write a number" in page.words
    assert {"heavy", "5"} <= set(page.having("value"))


def test_nobody_puts_back_what_another_has_filled_in_since(cast: Cast) -> None:
    one, other = field(cast, "One"), field(cast, "Other")
    ticket = cast.ticket(fields={one.pk: "a"})
    form = {f"shown-{one.pk}": "a", f"field-{one.pk}": "a",
            f"shown-{other.pk}": "", f"field-{other.pk}": "x"}  # fmt: skip
    fill(ticket.pk, {one.pk: "b"}, by=cast.seller_member)
    Browser(cast.seller).post(f"/tickets/{ticket.pk}/filling/", form, **HTMX)
    kept = FieldValue.objects.order_by("field").values_list("text", flat=True)
    assert list(kept) == ["b", "x"]


def test_an_option_that_is_off_stays_where_it_was_picked(cast: Cast) -> None:
    options = [OptionTyped(names={"en": name}) for name in ("DPD", "Evri", "UPS")]
    one = field(cast, "Carrier", kind="choice", options=options)
    first, second, third = (option["key"] for option in one.options)
    ticket = cast.ticket(fields={one.pk: first})
    left = [
        OptionTyped(names={"en": "Evri"}, key=second),
        OptionTyped(names={"en": "UPS"}, key=third),
    ]
    change_field(
        one.topic_id, one.pk, FieldTyped(names={"en": "Carrier"}, options=left), by=cast.admin
    )
    filling = f"/tickets/{ticket.pk}/filling/"
    form = Browser(cast.seller).see(filling).form(filling)
    assert form.fields[f"field-{one.pk}"] == [first]
    Browser(cast.seller).send(filling, filling)
    assert FieldValue.objects.get().text == first


def test_the_desk_shows_and_fills_in_all(cast: Cast) -> None:
    field(cast, "Tracking")
    inner = field(cast, "Claim", kind="check", filled_by="operator", shown_to="operator")
    ticket = cast.ticket()
    agent = Browser(cast.agent)
    assert "Claim по-русски" in Page(agent.get(f"/desk/tickets/{ticket.pk}/more/", **HTMX)).words
    sent = {f"shown-{inner.pk}": "", f"field-{inner.pk}": "yes"}
    answer = Page(agent.post(f"/tickets/{ticket.pk}/filling/", sent, **HTMX))
    assert "more-fields" in answer.having("id")
    lead = Page(Browser(cast.lead).get(f"/desk/tickets/{ticket.pk}/more/", **HTMX)).words
    assert "Claim (The operator only) Yes" in lead
    assert Ticket.objects.get().topic.has_fields


def test_a_list_is_narrowed_by_a_choice(cast: Cast) -> None:
    options = [OptionTyped(names={"en": name}) for name in ("DPD", "Evri")]
    one = field(cast, "Carrier", kind="choice", options=options)
    inner = field(cast, "Claim", kind="check", filled_by="operator", shown_to="operator")
    dpd = one.options[0]["key"]
    ticket, other = cast.ticket(fields={one.pk: dpd}), cast.ticket()
    seller = Browser(cast.seller)
    panel = Page(seller.get(f"/tickets/filters/?topic={cast.late_parcel.pk}", **HTMX))
    assert f"{one.pk}:{dpd}" in panel.having("value")
    assert "Claim" not in panel.words
    page = seller.see(f"/tickets/?field={one.pk}:{dpd}&field={inner.pk}:&field=x:y")
    assert "Carrier: DPD" in page.words
    assert ticket.title in page.words
    assert other.title not in page.words
