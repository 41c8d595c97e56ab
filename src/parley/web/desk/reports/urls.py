from __future__ import annotations

from django.urls import path

from parley.web.desk.reports import activity, cards, complaints, overview, setting, statistics

app_name = "reports"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("days.csv", overview.days, name="days"),
    path("statistics/", statistics.statistics, name="statistics"),
    path("statistics.csv", statistics.table_of, name="table"),
    path("activity/", activity.activity, name="activity"),
    path("complaints/", complaints.complaints, name="complaints"),
    path("complaints/<int:year>/", complaints.complaints, name="complaints_of"),
    path("complaints/<int:year>.pdf", complaints.paper, name="complaints_paper"),
    path("complaints/<int:year>.csv", complaints.lines, name="complaints_lines"),
    path("companies/<int:party>/", cards.party, name="party"),
    path("agents/<int:agent>/", cards.agent, name="agent"),
    path("setting/", setting.setting, name="setting"),
]
