"""The site's addresses, with the API's among them."""

from __future__ import annotations

from django.urls import path

from parley.site.urls import handler400, handler403, handler404, handler500  # noqa: F401
from parley.site.urls import urlpatterns as site
from parley.web import api

urlpatterns = [path("api/v1/", api.urls), *site]
