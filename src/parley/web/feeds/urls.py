from __future__ import annotations

from django.urls import path

from parley.web.feeds import schedules, uploads

app_name = "feeds"
urlpatterns = [
    path("", uploads.feeds, name="feeds"),
    path("files/", uploads.files, name="files"),
    path("files/<int:imported>/", uploads.imported, name="imported"),
    path("files/<int:imported>/mapping/", uploads.mapping, name="mapping"),
    path("files/<int:imported>/report/", uploads.report, name="report"),
    path("files/<int:imported>/removal/", uploads.removal, name="removal"),
    path("new/", schedules.new, name="new"),
    path("look/", schedules.new_look, name="new_look"),
    path("<int:feed>/", schedules.change, name="feed"),
    path("<int:feed>/look/", schedules.look, name="look"),
    path("<int:feed>/activity/", schedules.activity, name="activity"),
    path("<int:feed>/run/", schedules.run, name="run"),
]
