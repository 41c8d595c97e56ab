from __future__ import annotations

from django.urls import path

from parley.web.support import contact, inbox, overview

app_name = "support"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<slug:name>/", inbox.inbox, name="tray"),
    path("contact/", contact.contact, name="contact"),
    path("contact/request/", contact.request_written, name="request"),
    path("response-times/", overview.response_times, name="response_times"),
]
