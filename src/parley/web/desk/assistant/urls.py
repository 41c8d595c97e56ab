from __future__ import annotations

from django.urls import path

from parley.web.desk.assistant import gaps, overview, questions, thresholds, wordings

app_name = "assistant"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("numbers.csv", overview.numbers, name="numbers"),
    path("questions/", questions.questions, name="questions"),
    path("gaps/", gaps.gaps, name="gaps"),
    path("gaps/<int:gap>/settling/", gaps.settling, name="settling"),
    path("gaps/<int:gap>/article/", gaps.article, name="gap_article"),
    path("thresholds/", thresholds.limits, name="thresholds"),
    path("thresholds/setting/", thresholds.setting, name="setting"),
    path("trial/", thresholds.trial, name="trial"),
    path("wordings/", wordings.wordings, name="wordings"),
    path("wordings/<int:question>/decision/", wordings.decision, name="decision"),
]
