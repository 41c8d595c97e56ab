"""Where orders come from, and which products the items there are."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from parley.catalogue.models import Product
from parley.journal.moment import now
from parley.parties.models import Party


class ChannelKind(models.TextChoices):
    MANUAL = "manual", _("Entered by hand")
    FILE = "file", _("Files")
    JSON = "json", _("Own programs (JSON)")
    SHOPIFY = "shopify", "Shopify"
    WOOCOMMERCE = "woocommerce", "WooCommerce"


class Channel(models.Model):
    """Where a seller's orders come from. How it is reached stands in `channels`."""

    seller = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="channels")
    kind = models.CharField(max_length=20, choices=ChannelKind.choices)
    name = models.CharField(max_length=100)
    active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["seller", "name"], name="one_channel_a_name")
        ]

    def __str__(self) -> str:
        return self.name


class Listing(models.Model):
    """A seller's own item on a channel, linked to a supplier's product.

    `listing_id` is the channel's own number of the item (a variant), `sku` the seller's; either may
    be empty, not both.
    """

    channel = models.ForeignKey(Channel, on_delete=models.CASCADE, related_name="listings")
    listing_id = models.CharField(max_length=100, blank=True)
    sku = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=250, blank=True)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="listings")
    created_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "listing_id"],
                condition=~Q(listing_id=""),
                name="one_listing_an_id",
            ),
            models.UniqueConstraint(
                "channel", Upper("sku"), condition=Q(listing_id=""), name="one_listing_a_sku"
            ),
            models.CheckConstraint(
                condition=~Q(listing_id="", sku=""), name="listing_is_called_something"
            ),
        ]

    def __str__(self) -> str:
        return self.sku or self.listing_id
