"""The one door to products, and to what suppliers ship by and where."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Upper

from parley.catalogue.models import Product, ProductImage, ShippingService, Terms
from parley.parties.models import Membership, PartyKind


def products_visible_to(reader: Membership) -> QuerySet[Product]:
    """Everything on offer; a supplier sees its own products alone, those not on offer too."""
    products = Product.objects.select_related("supplier").defer("words")
    if reader.is_operator:
        return products
    if reader.party.kind == PartyKind.SUPPLIER:
        return products.filter(supplier=reader.party_id)
    return products.filter(active=True)


def products_by_sku(skus: Iterable[str], currency: str) -> dict[str, Product]:
    """The products on offer with these SKUs, by SKU in capitals; none for one that two suppliers have."""
    wanted = {sku.upper() for sku in skus}
    found: dict[str, list[Product]] = {}
    if wanted:
        on_offer = Product.objects.annotate(upper=Upper("sku")).defer("words")
        for product in on_offer.filter(upper__in=wanted, active=True, currency=currency):
            found.setdefault(product.sku.upper(), []).append(product)
    return {sku: products[0] for sku, products in found.items() if len(products) == 1}


def usual_services(suppliers: Iterable[int], currency: str) -> dict[int, ShippingService]:
    """The usual shipping service of each supplier (its first), by the supplier's id."""
    services = ShippingService.objects.filter(
        supplier__in=list(suppliers), currency=currency, active=True
    ).order_by("-position", "-id")
    return {service.supplier_id: service for service in services}


def services_of(suppliers: Iterable[int]) -> QuerySet[ShippingService]:
    """The shipping services that these suppliers offer, the usual one of each first."""
    return ShippingService.objects.filter(Q(active=True), supplier__in=list(suppliers)).order_by(
        "supplier", "position", "id"
    )


def terms_of(suppliers: Iterable[int]) -> dict[int, Terms]:
    """The terms of the suppliers that have any, by the supplier's id: known to every seller."""
    return Terms.objects.in_bulk(list(suppliers))


def own_services(reader: Membership) -> QuerySet[ShippingService]:
    """All shipping services of the reader's own company, those not offered now too."""
    return ShippingService.objects.filter(supplier=reader.party_id).order_by("position", "id")


def images_of(product: Product) -> list[ProductImage]:
    """The pictures of a product that was reached through its door, in their order."""
    return list(product.images.order_by("position", "id"))


def with_faces(products: QuerySet[Product]) -> QuerySet[Product]:
    """The products, each with its `face`: the key of its first picture drawn small, or None."""
    drawn = ProductImage.objects.filter(product=OuterRef("pk")).exclude(thumbnail="")
    return products.annotate(face=Subquery(drawn.order_by("position", "id").values("pk")[:1]))
