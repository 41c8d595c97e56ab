from __future__ import annotations

from django.urls import path

from parley.web.people import changing, own

app_name = "people"
urlpatterns = [
    path("", own.people, name="people"),
    path("invitations/", own.invitations, name="invitations"),
    path("code/", own.code, name="code"),
    path("invitations/<int:invitation>/sending/", changing.sending, name="sending"),
    path("invitations/<int:invitation>/revocation/", changing.revocation, name="revocation"),
    path("members/<int:member>/role/", changing.role, name="role"),
    path("members/<int:member>/activity/", changing.activity, name="activity"),
    path("requests/<int:asked>/answer/", changing.answer, name="answer"),
]
