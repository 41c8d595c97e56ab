from __future__ import annotations

from django.urls import path

from parley.web.desk.mailboxes import comparing, forms, limits, mailboxes

app_name = "mailboxes"
urlpatterns = [
    path("", mailboxes.mailboxes, name="mailboxes"),
    path("new/", forms.new, name="new"),
    path("new/trial/", forms.new_trial, name="new_trial"),
    path("limits/", limits.limits, name="limits"),
    path("<int:mailbox>/", mailboxes.mailbox, name="mailbox"),
    path("<int:mailbox>/change/", forms.change, name="change"),
    path("<int:mailbox>/change/trial/", forms.change_trial, name="change_trial"),
    path("<int:mailbox>/switching/", mailboxes.switching, name="switching"),
    path("<int:mailbox>/removal/", mailboxes.removal, name="removal"),
    path("<int:mailbox>/comparing/", comparing.comparing, name="comparing"),
    path("<int:mailbox>/taking/", comparing.taking, name="taking"),
]
