"""A ticket with everything that an address of the site can name."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from cast import Cast
from parley.conversations.attaching import receive
from parley.conversations.models import Attachment
from parley.guard.models import HeldReply
from parley.journal.models import Entry
from parley.journal.moment import now
from parley.journal.recording import run_later
from parley.messenger.asking import ask
from parley.messenger.keeping_sites import make_site
from parley.notifications.models import Kind, Notice
from parley.notifications.unsubscribing import unsubscribe_token
from parley.orders.axes import Payment
from parley.orders.invoicing import issue_invoices
from parley.orders.models import (
    CancelReason,
    Channel,
    ChannelKind,
    Consignment,
    Invoice,
    Order,
    OrderLine,
    Shipment,
    Stage,
)
from parley.parties.tokens import make_token
from parley.tickets.disputing import step_in
from parley.tickets.models import Ticket
from web.administered import administered
from web.channelled import channelled
from web.explained import OPINION, explained
from web.exported import exported
from web.known import known
from web.mailboxed import mailboxed
from web.mailed import mailed, nothing_arrives
from web.matrix import addresses
from web.offered import offered
from web.peopled import peopled
from web.teamed import AWAY, SHARED, teamed
from web.tooled import tooled
from web.written import written

BODIES: dict[str, dict[str, Any]] = {
    "api:replies": {"text": "words"},
    "api:ticket_fields": {"fields": [{"field": 999999999, "value": "x"}]},
    "api:rating": {"stars": 5},
    "api:escalation": {"text": "words"},
    "api:assignment": {"person": None},
    "api:priority": {"priority": "urgent"},
    "api:step_in": {"text": "words"},
    "api:decision": {"outcome": "both", "text": "words"},
    "api:order_cancellation": {"reason": 1},
    "api:shipments": {"carrier": "DPD"},
    "api:declined": {"line": 999999999, "quantity": 1, "reason": "words"},
    "api:notes": {"text": "words"},
    "api:answer_cancellation": {"answer": "accept"},
}
"""What programs send where something has to be said for the door to be tried."""
FORMS: dict[str, dict[str, Any]] = {
    "desk:duty": AWAY,
    "desk:view": SHARED,
    "help:opinions": OPINION,
}
"""And what people do."""


def held_reply(ticket: Ticket, cast: Cast) -> HeldReply:
    """A reply of the seller's that waits to be looked at."""
    return HeldReply.objects.create(ticket=ticket, sender=cast.seller, text="words")


class Scene:
    """A ticket between Bright Home and Northwind Supply, with everything an address can name."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        sent = self.upload("photo.txt")
        self.ticket: Ticket = cast.ticket(attachments=[sent.pk])
        step_in(self.ticket.pk, "Let us look at this together.", by=cast.agent)
        thumbnail = default_storage.save("small.webp", ContentFile(b"RIFF"))
        Attachment.objects.filter(pk=sent.pk).update(thumbnail=thumbnail)
        run_later(Entry.objects.values_list("pk", flat=True).get(kind="TicketOpened"))
        notice = Notice.objects.get(person=cast.supplier.person, kind=Kind.NEW_TICKET)
        number = str(self.ticket.pk)
        self.order = passed_order(cast)
        picture, of_articles = explained(cast)
        keys = {
            "orders": str(self.order.pk),
            "desk": str(CancelReason.objects.earliest("id").pk),
            "chat": str(ask(None, "How do I ship?", by=cast.seller, language="en").pk),
            "sites": str(make_site("A shop", ["https://shop.example"], by=cast.admin)[0].pk),
            "help": str(picture.pk),
            "mail": str(nothing_arrives(cast).pk),
        }
        """What `<int:key>` is within a part of the site; elsewhere it is a notice."""
        self.words: dict[str, Callable[[str], str]] = {
            "<int:number>": lambda name: number,
            "<ticket>": lambda name: number,
            "<order>": lambda name: str(self.order.pk),
            "<attachment>": lambda name: self.unsent if "taking" in name else str(sent.pk),
            "<uuid:key>": lambda name: self.unsent if name == "upload" else str(sent.pk),
            "<path:path>": lambda name: "orders/ship-an-order",
            "<int:key>": lambda name: keys.get(name.partition(":")[0], str(notice.pk)),
            "<int:shipment>": lambda name: str(shipment_of(self.order).pk),
            "<invoice>": lambda name: str(invoice_of(self.order).pk),
            "<int:invoice>": lambda name: str(invoice_of(self.order).pk),
            "<int:person>": lambda name: str(cast.seller.person_id),
            "<int:supplier>": lambda name: str(cast.northwind.pk),
            "<int:agent>": lambda name: str(cast.agent.person_id),
            "<int:year>": lambda name: str(now().year),
            "<int:held>": lambda name: str(held_reply(self.ticket, cast).pk),
            "<int:party>": lambda name: str(cast.bright_home.pk),
            **offered(cast),
            **channelled(cast),
            **exported(cast),
            **of_articles,
            **written(cast),
            **known(cast),
            **teamed(cast),
            **administered(cast),
            **tooled(cast),
            **mailed(cast),
            **mailboxed(cast),
            **peopled(cast),
            "<topic>": lambda name: str(cast.late_parcel.pk),
            "<slug:name>": lambda name: "all",
            "<str:signed>": lambda name: unsubscribe_token(cast.seller.person_id, Kind.REPLY),
            "<base36:uidb36>-<str:key>": lambda name: "1-set-password",
        }

    @property
    def unsent(self) -> str:
        """An upload of the seller's that no message has sent yet."""
        return str(self.upload("unsent.txt").pk)

    def upload(self, name: str) -> Attachment:
        return receive(self.cast.seller, name, SimpleUploadedFile(name, b"bytes"))

    def path(self, name: str, *, missing: bool = False) -> str:
        """The address `name` of this scene's things, or of things that are not there."""
        path = addresses()[name]
        for word, value in self.words.items():
            if word in path:
                path = path.replace(word, _missing(value(name)) if missing else value(name))
        return path

    def client(self, role: str, name: str) -> Client:
        """A browser signed in as `role`, or a program with a token of theirs."""
        client = Client(raise_request_exception=True)
        if role == "stranger":
            return client
        who = self.cast.everybody[role]
        if name.startswith("api:"):
            _token, secret = make_token(who, "matrix")
            client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        else:
            client.force_login(who.person)
        return client

    def ask(self, role: str, name: str, method: str, *, missing: bool = False) -> Any:
        client = self.client(role, name)
        path = self.path(name, missing=missing)
        if name.startswith("api:") and method == "POST" and name != "api:upload":
            return client.post(path, BODIES.get(name, {}), "application/json")
        if method == "POST":
            return client.post(path, {"text": "words", "stars": "5"} | FORMS.get(name, {}))
        return client.generic(method, path)


def passed_order(cast: Cast) -> Order:
    """An order of Bright Home's that is paid and with Northwind Supply, its number 70001."""
    channel = Channel.objects.create(
        seller=cast.bright_home, kind=ChannelKind.MANUAL, name="By hand"
    )
    order = Order.objects.create(
        number=70001,
        seller=cast.bright_home,
        channel=channel,
        stage=Stage.PASSED,
        payment=Payment.PAID,
        cost_minor=2400,
        paid_minor=2400,
        passed_at=now(),
    )
    part = Consignment.objects.create(
        order=order, supplier=cast.northwind, net_minor=2000, vat_minor=400, passed_at=now()
    )
    OrderLine.objects.create(
        order=order, consignment=part, sku="KET-100", title="Enamel stove kettle", quantity=1,
        cost_minor=2000, vat_bp=2000,
    )  # fmt: skip
    return order


def shipment_of(order: Order) -> Shipment:
    """A shipment of the order's one part."""
    part = order.consignments.get()
    return Shipment.objects.get_or_create(consignment=part, carrier="Royal Mail")[0]


def invoice_of(order: Order) -> Invoice:
    """The supplier's invoice for it."""
    part = order.consignments.select_related("supplier").get()
    found = part.invoices.first()
    if found is not None:
        return found
    with transaction.atomic():
        (made,) = issue_invoices(order, by=None)
    return made


def _missing(value: str) -> str:
    return str(uuid.uuid4()) if "-" in value and len(value) == 36 else "999999999"
