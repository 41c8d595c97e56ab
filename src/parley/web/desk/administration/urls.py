from __future__ import annotations

from django.urls import path

from parley.web.desk.administration import hub

app_name = "administration"
urlpatterns = [
    path("", hub.hub, name="hub"),
]
