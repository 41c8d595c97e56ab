from __future__ import annotations

from django.urls import path

from parley.web.orders import listing, page

app_name = "orders"
urlpatterns = [
    path("", listing.orders, name="orders"),
    path("<int:key>/", page.order, name="order"),
]
