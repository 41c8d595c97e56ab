"""The pages of products, as suppliers keep them and sellers look at them."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from cast import Cast
from parley.catalogue.jobs import draw_small
from parley.catalogue.models import Product, ProductImage, ShippingService, Terms
from shop import Shop
from web.pages import Browser, words_of

LAMP = {"title": "Brass lamp", "sku": "LMP-1", "price": "12.50", "vat": "20", "stock": "3"}


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path


def picture(name: str = "lamp.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


def test_a_seller_finds_a_product_and_reads_where_it_goes(shop: Shop) -> None:
    Terms.objects.create(supplier=shop.cast.northwind, not_shipped_to="BT, HS")
    browser = Browser(shop.cast.seller)
    page = browser.see("/products/?q=kettle")
    assert "Enamel stove kettle" in page.words
    assert "Stoneware" not in page.words
    assert "“kettle”" in page.words
    one = browser.see(f"/products/{shop.kettle.pk}/")
    assert "Ships to: United Kingdom; not to: all of BT, all of HS." in one.words
    assert "£20.00 without VAT" in one.words
    assert "£24.00 with VAT of 20 %" in one.words
    assert "Tracked 48" in one.words
    assert "Change" not in one.links


def test_nothing_fits_and_nothing_yet_are_said(cast: Cast) -> None:
    assert "No products yet" in Browser(cast.seller).see("/products/").words
    assert "Add your first product" in Browser(cast.supplier).see("/products/").links
    assert "No product fits" in Browser(cast.seller).see("/products/?q=kettle").words


def test_a_supplier_adds_a_product(cast: Cast) -> None:
    browser = Browser(cast.supplier)
    answer = browser.send("/products/new/", "", **LAMP)
    product = Product.objects.get()
    assert answer.redirect_chain == [(f"/products/{product.pk}/change/", 302)]
    assert "The product is added." in words_of(answer)
    assert (product.supplier, product.price_minor, product.active) == (cast.northwind, 1250, True)


def test_a_refused_product_keeps_what_was_typed(shop: Shop) -> None:
    browser = Browser(shop.cast.supplier)
    typed = LAMP | {"sku": "KET-100", "price": "cheap", "description": "<b>Fine</b>"}
    answer = browser.send("/products/new/", "", **typed)
    assert answer.status_code == 422
    said = words_of(answer)
    assert "You have a product with this SKU already." in said
    assert "“cheap” is not a price." in said
    assert "&lt;b&gt;Fine" in answer.content.decode()


def test_a_supplier_changes_a_product_and_takes_it_off_offer(shop: Shop) -> None:
    browser = Browser(shop.cast.supplier)
    at = f"/products/{shop.kettle.pk}/"
    answer = browser.send(f"{at}change/", "", price="22,50", stock="7")
    assert "The product is saved." in words_of(answer)
    shop.kettle.refresh_from_db()
    assert (shop.kettle.price_minor, shop.kettle.stock) == (2250, 7)
    browser.send(at, "/offer/", active="off")
    assert Browser(shop.cast.seller).get(at).status_code == 404
    assert "Not on offer" in browser.see(at).words
    browser.send(at, "/offer/", active="on")
    assert Browser(shop.cast.seller).get(at).status_code == 200


def test_pictures_are_kept_drawn_served_and_removed(shop: Shop) -> None:
    browser, at = Browser(shop.cast.supplier), f"/products/{shop.kettle.pk}/"
    browser.post(f"{at}images/", {"files": [picture(), picture("two.png")]})
    first, second = ProductImage.objects.order_by("position")
    assert (first.media_type, first.position, second.position) == ("image/png", 0, 1)
    draw_small(str(first.pk))
    seller = Browser(shop.cast.seller)
    small = seller.get(f"/products/images/{first.pk}/small/")
    assert b"".join(small.streaming_content)
    assert small.headers["Content-Type"] == "image/webp"
    assert small.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    whole = seller.get(f"/products/images/{first.pk}/")
    assert b"".join(whole.streaming_content)
    assert "attachment" in whole.headers["Content-Disposition"]
    assert seller.get(f"/products/images/{second.pk}/small/").status_code == 404
    assert f"/products/images/{first.pk}/small/" in seller.see("/products/").having("src")
    assert Browser(shop.cast.other_supplier).get(whole.request["PATH_INFO"]).status_code == 404
    browser.post(f"/products/images/{first.pk}/removal/")
    assert seller.get(f"/products/images/{first.pk}/").status_code == 404


def test_what_is_no_picture_is_refused_in_words(shop: Shop, settings: Any) -> None:
    browser, at = Browser(shop.cast.supplier), f"/products/{shop.kettle.pk}/images/"
    bad = SimpleUploadedFile("photo.png", b"<script>alert(1)</script>")
    said = words_of(browser.post(at, {"files": bad}, follow=True))
    assert "photo.png: not a PNG, JPEG, GIF or WebP picture." in said
    assert "Pick a picture first." in words_of(browser.post(at, {}, follow=True))
    settings.FILE_LIMIT = 100
    assert "over the limit of" in words_of(browser.post(at, {"files": picture()}, follow=True))
    assert not ProductImage.objects.exists()


def test_terms_are_read_while_typed_and_kept(shop: Shop) -> None:
    browser = Browser(shop.cast.supplier)
    answer = browser.post(
        "/products/terms/reading/", {"not_shipped_to": "bt, ab31-38, scotland", "tried": "ab35 5xx"}
    )
    said = words_of(answer)
    assert "“SCOTLAND” is not understood." in said
    assert "districts AB31 to AB38" in said
    assert "AB35 5XX: not shipped to, by the rule “AB31-38”." in said
    shipped = words_of(
        browser.post("/products/terms/reading/", {"not_shipped_to": "G", "tried": "GY9 3TA"})
    )
    assert "GY9 3TA: shipped to." in shipped
    kept = browser.send("/products/terms/", "/terms/", not_shipped_to="BT\nHS", countries=["GB"])
    assert "Saved." in words_of(kept)
    assert Terms.objects.get().not_shipped_to == "BT\nHS"
    refused = browser.send("/products/terms/", "/terms/", not_shipped_to="BT, the moon")
    assert refused.status_code == 422
    assert "BT, the moon" in refused.content.decode()


def test_a_starter_set_is_put_in_without_a_script(cast: Cast) -> None:
    answer = Browser(cast.supplier).send(
        "/products/terms/", "/terms/", not_shipped_to="GY9,", add="northern_ireland"
    )
    assert ">GY9, BT</textarea>" in answer.content.decode()
    assert not Terms.objects.exists()


def test_services_are_added_and_changed(cast: Cast) -> None:
    browser = Browser(cast.supplier)
    browser.send("/products/terms/", "/services/", name="Tracked 48", price="3.00", vat="20")
    service = ShippingService.objects.get()
    assert (service.price_minor, service.active, service.days) == (300, True, 3)
    at = f"/services/{service.pk}/"
    refused = browser.send("/products/terms/", at, name="", price="3.50")
    assert refused.status_code == 422
    assert "Write what the service is called." in words_of(refused)
    browser.send("/products/terms/", at, price="3.50")
    service.refresh_from_db()
    assert (service.name, service.price_minor, service.active) == ("Tracked 48", 350, True)
