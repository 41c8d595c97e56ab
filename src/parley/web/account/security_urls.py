"""The addresses below Settings → Security."""

from __future__ import annotations

from django.urls import path

from parley.web.account import answering, ending, pins, security, taking_data, way_back

app_name = "security"

urlpatterns = [
    path("", security.security, name="security"),
    path("sessions/ending/", ending.ending_others, name="ending_others"),
    path("sessions/<slug:handle>/ending/", ending.ending, name="ending"),
    path("requirement/", ending.requirement, name="requirement"),
    path("ways-back/", way_back.ways_back, name="ways_back"),
    path("ways-back/<int:key>/", way_back.deciding, name="deciding"),
    path("ways-back/waiting/", way_back.waiting, name="waiting"),
    path("history/", ending.history, name="history"),
    path("pin/", pins.shown, name="pin"),
    path("data/", taking_data.own_data, name="own_data"),
    path("pin/replacement/", pins.replacement, name="pin_replacement"),
    path("answers/revocation/", answering.revocation, name="revocation"),
    path("answers/trying-again/", answering.trying_again, name="trying_again"),
]
