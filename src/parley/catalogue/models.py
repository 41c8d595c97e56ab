from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from parley.journal.moment import now
from parley.parties.models import Party


class Product(models.Model):
    """What a supplier offers to sellers. The price is what a seller pays for one, without VAT.

    `words` are those it is found by; kept by `catalogue.keeping`.
    """

    id = models.BigAutoField(primary_key=True)
    supplier = models.ForeignKey(
        Party, on_delete=models.PROTECT, related_name="products", db_index=False
    )
    sku = models.CharField(max_length=80)
    supplier_product_id = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=250)
    description = models.TextField(blank=True)
    currency = models.CharField(max_length=3, default="GBP")
    price_minor = models.BigIntegerField(help_text=_("net, for one"))
    vat_bp = models.PositiveIntegerField(default=2000, help_text=_("basis points"))
    stock = models.PositiveIntegerField(default=0)
    weight_grams = models.PositiveIntegerField(null=True)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)
    updated_at = models.DateTimeField(default=now)
    words = SearchVectorField()

    class Meta:
        constraints = [
            models.UniqueConstraint("supplier", Upper("sku"), name="one_product_a_sku"),
            models.CheckConstraint(condition=Q(price_minor__gte=0), name="price_not_negative"),
            models.CheckConstraint(condition=Q(vat_bp__lte=10_000), name="vat_within_the_price"),
        ]
        indexes = [
            models.Index(fields=["supplier", "title", "id"], name="products_of_supplier"),
            models.Index(fields=["title", "id"], condition=Q(active=True), name="products_on_offer"),
            models.Index(Upper("sku"), name="products_by_sku"),
            models.Index(fields=["supplier", "supplier_product_id"],
                         condition=~Q(supplier_product_id=""), name="products_by_their_id"),
            GinIndex(fields=["words"], name="words_of_products"),
            GinIndex(fields=["title"], name="product_title_trigrams", opclasses=["gin_trgm_ops"]),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.sku} {self.title}"


class ProductImage(models.Model):
    """A picture of a product; the file lies in the storage beside the attachments."""

    id = models.UUIDField(primary_key=True)
    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="images")
    position = models.PositiveSmallIntegerField(default=0)
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField(help_text=_("bytes"))
    media_type = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    stored_as = models.CharField(max_length=200)
    thumbnail = models.CharField(max_length=200, blank=True)

    def __str__(self) -> str:
        return self.name


class Terms(models.Model):
    """Where a supplier ships to: the countries, and the postcodes it does not ship to.

    `not_shipped_to` is kept as it was typed; `catalogue.postcodes` reads it.
    """

    supplier = models.OneToOneField(
        Party, on_delete=models.CASCADE, primary_key=True, related_name="terms"
    )
    countries = models.JSONField(
        default=list, help_text=_("ISO 3166 codes; none: the marketplace's")
    )
    not_shipped_to = models.TextField(blank=True)
    updated_at = models.DateTimeField(default=now)

    def __str__(self) -> str:
        return f"terms of {self.supplier_id}"


class ShippingService(models.Model):
    """A way a supplier sends its goods. The price is for one consignment, without VAT."""

    supplier = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="shipping_services")
    name = models.CharField(max_length=100)
    carrier = models.CharField(max_length=60, blank=True)
    currency = models.CharField(max_length=3, default="GBP")
    price_minor = models.BigIntegerField(default=0)
    vat_bp = models.PositiveIntegerField(default=2000, help_text=_("basis points"))
    days = models.PositiveSmallIntegerField(default=3, help_text=_("working days, at most"))
    position = models.PositiveSmallIntegerField(
        default=0, help_text=_("the first is the usual one")
    )
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["supplier", "name"], name="one_service_a_name"),
            models.CheckConstraint(condition=Q(price_minor__gte=0), name="shipping_not_negative"),
        ]

    def __str__(self) -> str:
        return self.name
