from __future__ import annotations

from django.urls import path

from parley.web.products import images, keeping, listing, page, terms

app_name = "products"
urlpatterns = [
    path("", listing.products, name="products"),
    path("new/", keeping.new_product, name="new_product"),
    path("terms/", terms.terms, name="terms"),
    path("terms/reading/", terms.reading, name="terms_reading"),
    path("terms/services/", terms.services, name="services"),
    path("terms/services/<int:service>/", terms.service, name="service"),
    path("images/<uuid:image>/", images.image, name="image"),
    path("images/<uuid:image>/small/", images.small, name="image_small"),
    path("images/<uuid:image>/removal/", images.removal, name="image_removal"),
    path("<int:product>/", page.product, name="product"),
    path("<int:product>/change/", keeping.change, name="change"),
    path("<int:product>/offer/", keeping.offer, name="offer"),
    path("<int:product>/images/", images.images, name="images"),
]
