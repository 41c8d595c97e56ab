"""The addresses of scorecards outside of the desk."""

from __future__ import annotations

from django.urls import path

from parley.web.portal import scorecards

app_name = "scorecards"
urlpatterns = [
    path("", scorecards.scorecards, name="scorecards"),
    path("<int:supplier>/", scorecards.card, name="card"),
]
