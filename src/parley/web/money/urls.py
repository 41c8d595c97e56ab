from __future__ import annotations

from django.urls import path

from parley.web.money import balance, invoices, topping_up

app_name = "money"
urlpatterns = [
    path("", balance.balance, name="balance"),
    path("invoices/", invoices.invoices, name="invoices"),
    path("invoices/<int:invoice>/", invoices.invoice, name="invoice"),
    path("parties/<int:party>/", balance.party, name="party"),
    path("parties/<int:party>/top-up/", topping_up.top_up, name="top_up"),
]
