from __future__ import annotations

from django.urls import path

from parley.web.exports import exports, forms, runs

app_name = "exports"
urlpatterns = [
    path("", exports.exports, name="exports"),
    path("new/", forms.new, name="new"),
    path("new/trial/", forms.new_trial, name="new_trial"),
    path("<int:export>/", exports.export, name="export"),
    path("<int:export>/change/", forms.change, name="change"),
    path("<int:export>/change/trial/", forms.change_trial, name="change_trial"),
    path("<int:export>/switching/", exports.switching, name="switching"),
    path("<int:export>/run/", runs.running, name="running"),
    path("runs/<int:run>/file/", runs.file, name="file"),
    path("runs/<int:run>/sending/", runs.sending, name="sending"),
]
