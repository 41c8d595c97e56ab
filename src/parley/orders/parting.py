"""Parting an order by supplier: each gets a consignment with its lines, its service and its price."""

from __future__ import annotations

from collections import defaultdict

from parley.catalogue.access import usual_services
from parley.ledger.money import vat_of
from parley.orders.models import Consignment, Order, OrderLine
from parley.orders.words import words_of


def part_out(order: Order) -> None:
    """Make the consignments of a locked order whose lines are all linked, and reckon what it costs.

    A consignment that is there keeps its shipping service. Calling it again makes no second one.
    """
    lines = list(order.lines.select_related("product").order_by("position"))
    parts: dict[int, list[OrderLine]] = defaultdict(list)
    for line in lines:
        assert line.product is not None
        parts[line.product.supplier_id].append(line)
    order.consignments.exclude(supplier__in=parts).delete()
    made = [_part(order, supplier, of_supplier) for supplier, of_supplier in parts.items()]
    order.cost_minor = sum(part.total_minor for part in made)
    order.words = words_of(order, lines)
    order.save(update_fields=["cost_minor", "words"])
    order.refresh_from_db(fields=["cost_minor"])


def _part(order: Order, supplier_id: int, lines: list[OrderLine]) -> Consignment:
    part, new = Consignment.objects.get_or_create(order=order, supplier_id=supplier_id)
    if new or part.service_id is None:
        usual = usual_services([supplier_id], order.currency).get(supplier_id)
        part.service = usual
        part.shipping_minor = usual.price_minor if usual else 0
        part.shipping_vat_bp = usual.vat_bp if usual else 0
    nets = [(line.cost_minor * (line.quantity - line.declined), line.vat_bp) for line in lines]
    nets.append((part.shipping_minor, part.shipping_vat_bp))
    part.net_minor = sum(net for net, _rate in nets)
    part.vat_minor = sum(vat_of(net, rate) for net, rate in nets)
    part.words = words_of(order, lines)
    part.save()
    OrderLine.objects.filter(pk__in=[line.pk for line in lines]).update(consignment=part)
    return part
