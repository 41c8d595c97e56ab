from __future__ import annotations

from django.urls import path

from parley.web.provider_mail import calls

app_name = "provider_mail"
urlpatterns = [
    path("incoming/", calls.incoming, name="incoming"),
    # Mailgun sends a mail as it came only to an address that has this word in it.
    path("incoming/mime/", calls.incoming, name="incoming_mime"),
    path("tracking/", calls.tracking, name="tracking"),
]
