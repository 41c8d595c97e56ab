from __future__ import annotations

from django.urls import path

from parley.web.desk.sites import pages

app_name = "sites"
urlpatterns = [
    path("", pages.sites, name="sites"),
    path("<int:key>/", pages.site, name="site"),
    path("<int:key>/secret/", pages.secret, name="secret"),
]
