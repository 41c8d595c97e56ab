from __future__ import annotations

from django.urls import path

from parley.web.desk.administration import hub, pins, tags

app_name = "administration"
urlpatterns = [
    path("", hub.hub, name="hub"),
    path("tags/", tags.tags, name="tags"),
    path("tags/<int:tag>/", tags.tag, name="tag"),
    path("pins/", pins.pins, name="pins"),
]
