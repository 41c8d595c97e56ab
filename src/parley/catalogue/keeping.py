"""A supplier keeping its products: adding one, changing it, taking it off offer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from parley.catalogue import events
from parley.catalogue.access import products_visible_to
from parley.catalogue.models import Product
from parley.catalogue.offering import read_offer
from parley.journal.events import Actor
from parley.journal.moment import now
from parley.journal.recording import record
from parley.parties.models import Membership, Party, PartyKind
from parley.postgres.text_search import Words

NEEDED = ("sku", "title", "price")
"""Without these there is no product."""
USUAL_CURRENCY = "GBP"


class ProductRefused(ValueError):
    """Something can't be kept so; `problems` says why, field by field, for the reader."""

    def __init__(self, problems: dict[str, str]) -> None:
        super().__init__("; ".join(problems.values()))
        self.problems = problems


class NotASupplier(Exception):
    """Only suppliers have products."""


def add_product(written: Mapping[str, str], *, by: Membership) -> Product:
    """Add a product of what was written (`offering.FIELDS`); it is on offer unless that says no.

    Raises ProductRefused and NotASupplier.
    """
    if by.party.kind != PartyKind.SUPPLIER:
        raise NotASupplier
    written = {**dict.fromkeys(NEEDED, ""), **written}
    values, problems = read_offer(written, USUAL_CURRENCY)
    _refuse_taken(by.party_id, values.get("sku"), problems)
    if problems:
        raise ProductRefused(problems)
    with transaction.atomic():
        return put_in(by.party, values, by=by)


def change_product(product_id: int, written: Mapping[str, str], *, by: Membership) -> Product:
    """Change what was written of one's own product; what is not among it stays as it is.

    Raises Product.DoesNotExist and ProductRefused.
    """
    with transaction.atomic():
        product = own_product(product_id, by=by)
        values, problems = read_offer(written, product.currency)
        _refuse_taken(by.party_id, values.get("sku"), problems, except_for=product.pk)
        if problems:
            raise ProductRefused(problems)
        apply(product, values, by=by)
    return product


def put_in(supplier: Party, values: Mapping[str, Any], *, by: Actor | None) -> Product:
    """Make a product of columns that were read and checked, and record it, in the caller's transaction."""
    product = Product(supplier=supplier, **values)
    product.words = _words_of(product)
    product.save()
    if product.active:
        record(_listed(product), by=by)
    else:
        record(_changed(product, {"active": [None, False]}), by=by)
    return product


def apply(product: Product, values: Mapping[str, Any], *, by: Actor | None) -> bool:
    """Set columns of a locked product and record what is different; gives whether anything is."""
    before = {name: getattr(product, name) for name in values}
    changed = {
        name: [before[name], value] for name, value in values.items() if before[name] != value
    }
    if not changed:
        return False
    for name, value in values.items():
        setattr(product, name, value)
    product.updated_at = now()
    fields = [*changed, "updated_at"]
    if changed.keys() & {"sku", "supplier_product_id", "title"}:
        product.words = _words_of(product)
        fields.append("words")
    product.save(update_fields=fields)
    record(_changed(product, changed), by=by)
    if product.active and changed.keys() & {"sku", "active", "currency"}:
        record(_listed(product), by=by)
    return True


def own_product(product_id: int, *, by: Membership) -> Product:
    """A product of the actor's own company, locked. Raises Product.DoesNotExist."""
    own = products_visible_to(by).filter(supplier=by.party_id)
    return own.select_for_update(of=("self",)).get(pk=product_id)


def _refuse_taken(
    supplier: int, sku: str | None, problems: dict[str, str], *, except_for: int = 0
) -> None:
    if sku is None:
        return
    same = Product.objects.filter(supplier=supplier, sku__iexact=sku).exclude(pk=except_for)
    if same.exists():
        problems["sku"] = _("You have a product with this SKU already.")


def _words_of(product: Product) -> Words:
    return Words(f"{product.title} {product.sku} {product.supplier_product_id}")


def _listed(product: Product) -> events.ProductListed:
    return events.ProductListed(product=product.pk, supplier=product.supplier_id, sku=product.sku)


def _changed(product: Product, fields: dict[str, Any]) -> events.ProductChanged:
    return events.ProductChanged(product=product.pk, supplier=product.supplier_id, fields=fields)
