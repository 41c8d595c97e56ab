"""Addresses of the mail that came in, for the operator's people."""

from __future__ import annotations

from django.urls import path

from parley.web.desk.mail import deciding, listing, mail, undeliverable

app_name = "mail"
urlpatterns = [
    path("", listing.mails, name="mails"),
    path("review/", listing.review, name="review"),
    path("review/declining/", deciding.declining_many, name="declining_many"),
    path("undeliverable/", undeliverable.undeliverable, name="undeliverable"),
    path("undeliverable/<int:key>/again/", undeliverable.again, name="deliverable"),
    path("<int:mail>/", mail.mail, name="mail"),
    path("<int:mail>/raw/", mail.raw, name="raw"),
    path("<int:mail>/letting-in/", deciding.letting_in, name="letting_in"),
    path("<int:mail>/ticket/", deciding.opening, name="opening"),
    path("<int:mail>/declining/", deciding.declining, name="declining"),
    path("<int:mail>/again/", deciding.again, name="again"),
]
