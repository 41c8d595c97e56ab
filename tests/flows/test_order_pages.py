"""The pages of orders, light and dark, at a desk and on a phone: axe finds nothing, nothing sticks out."""

from __future__ import annotations

import pytest

from cast import Cast
from flows.browsing import PHONE, WIDE, House
from flows.test_every_page import look_at
from parley.orders.models import Order, OrderNote, Stage
from parley.tickets.models import Ticket
from shop import Shop
from stall import made_order

LONG = "Garden hose with brass fittings, twenty-five metres, frost-proof, in the colour of moss"
RUSSIAN = "Хозяйственные перчатки латексные повышенной прочности, размер M, упаковка двенадцать пар"


@pytest.fixture
def pages(cast: Cast, shop: Shop) -> list[str]:
    """Addresses of orders in every state."""
    big = shop.passed(shop.kettle, shop.teapot, shop.lamp, note="Ring twice.", outside={"x": "y"})
    Ticket.objects.filter(pk=cast.ticket().pk).update(order=big)
    OrderNote.objects.create(
        order=big, party=cast.bright_home, person=cast.seller.person, text=f"{LONG}. {RUSSIAN}"
    )
    why = {"line": 0, "supplier_name": "Northwind Supply", "product": LONG, "code": "postcode",
           "country": "GB", "postcode": "BT1 5GS", "rule": "BT"}  # fmt: skip
    made = [
        big,
        made_order(cast, stage=Stage.QUEUED, payment="unpaid", items=[(LONG, "HOSE-25", 400)]),
        made_order(cast, stage=Stage.HELD, why_held=[why, why | {"line": 1}]),
        made_order(cast, stage=Stage.NOT_LINKED, items=[(RUSSIAN, "GLOVES-1", 3)]),
        made_order(cast, cancellation="cancelled", payment="refunded", refunded_minor=1200),
        made_order(cast, cancellation="asked", channel_number="GB-2041-88-AVERYLONGNUMBER-OF-ONE"),
        made_order(cast, fulfilment="part_shipped", notes=2),
    ]
    return [
        "/orders/",
        "/orders/?status=unshipped&status=queued&when=30-days&q=kettle",
        *[f"/orders/{order.pk}/" for order in made],
        f"/orders/{big.pk}/details/",
        f"/orders/{big.pk}/audit/",
    ]


def test_the_pages_of_a_seller(house: House, cast: Cast, pages: list[str]) -> None:
    look_at(house.desk(cast.seller), pages)


def test_the_pages_of_the_others(house: House, cast: Cast, pages: list[str]) -> None:
    look_at(house.desk(cast.supplier), [pages[0], pages[2]])
    look_at(house.desk(cast.lead), pages[:3])


def test_the_pages_of_russian_readers(house: House, cast: Cast, pages: list[str]) -> None:
    look_at(house.desk(cast.seller_member), pages, axe=False)


@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_menus_and_dialogs_have_nothing_wrong(
    house: House, cast: Cast, pages: list[str], size: tuple[int, int]
) -> None:
    from flows.test_every_page import ALL_RULES, _violations

    desk = house.desk(cast.seller, size=size)
    page = desk.go("/orders/")
    page.locator(".o-menu > button").first.click()
    page.locator(".menu:popover-open .menu-item").first.wait_for()
    assert not list(_violations(page, ALL_RULES))
    page.keyboard.press("Escape")
    page.locator("[popovertarget=filters]").click()
    page.locator("#filters .button.main").wait_for()
    assert not list(_violations(page, ALL_RULES))
    desk.go(f"/orders/{Order.objects.filter(stage=Stage.PASSED).order_by('id')[0].pk}/")
    for dialog in ("details", "audit"):
        page.locator(f"a[data-dialog][href$='/{dialog}/']").click()
        page.locator(f"#order-{dialog}").wait_for()
        assert not list(_violations(page, ALL_RULES))
        page.keyboard.press("Escape")
