"""The tables of orders, by what they are about."""

from parley.orders.models.channels import Channel, ChannelKind, Listing
from parley.orders.models.invoices import Invoice, InvoiceKind, InvoiceSeries
from parley.orders.models.order import Address, Consignment, Order, OrderLine
from parley.orders.models.shipping import CancelReason, OrderNote, Shipment, ShipmentLine
from parley.orders.models.stages import (
    HIDDEN,
    QUEUE,
    CancellationChoices,
    FulfilmentChoices,
    PaymentChoices,
    Stage,
)

__all__ = [
    "HIDDEN", "QUEUE", "Address", "CancelReason", "CancellationChoices", "Channel", "ChannelKind",
    "Consignment", "FulfilmentChoices", "Invoice", "InvoiceKind", "InvoiceSeries", "Listing",
    "Order", "OrderLine", "OrderNote", "PaymentChoices", "Shipment", "ShipmentLine", "Stage",
]  # fmt: skip
