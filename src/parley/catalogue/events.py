"""What can happen to what suppliers offer. The catalogue is no secret among a marketplace's parties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from parley.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class ProductEvent(Event):
    product: int
    supplier: int

    @property
    def subject(self) -> str:
        return f"product:{self.product}"


@dataclass(frozen=True, kw_only=True)
class ProductListed(ProductEvent):
    """A product can be matched by this SKU from now on: it is new, on offer again, or renamed so."""

    sku: str


@dataclass(frozen=True, kw_only=True)
class ProductChanged(ProductEvent):
    """Of each field that is different: (before, after)."""

    fields: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ProductImageAdded(ProductEvent):
    name: str


@dataclass(frozen=True, kw_only=True)
class ProductImageRemoved(ProductEvent):
    name: str


@dataclass(frozen=True, kw_only=True)
class SupplierEvent(Event):
    supplier: int

    @property
    def subject(self) -> str:
        return f"supplier:{self.supplier}"


@dataclass(frozen=True, kw_only=True)
class TermsChanged(SupplierEvent):
    """Where a supplier ships to: field → (before, after)."""

    fields: dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class ShippingServiceKept(SupplierEvent):
    """A way of shipping was added or changed; a new one has no `before` in its fields."""

    service: int
    fields: dict[str, Any]
