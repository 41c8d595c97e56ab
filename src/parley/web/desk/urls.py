from __future__ import annotations

from django.urls import path

from parley.web.desk import (
    assisting,
    guarding,
    linking,
    more,
    queues,
    reasons,
    snoozing,
    tagging,
    tickets,
    verifying,
)

app_name = "desk"
urlpatterns = [
    path("queues/<slug:name>/", queues.queue, name="queue"),
    path("counts/", queues.counts, name="counts"),
    path("tickets/<int:number>/", tickets.ticket, name="ticket"),
    path("tickets/<int:number>/thread/", tickets.thread, name="thread"),
    path("tickets/<int:number>/others/", tickets.others, name="others"),
    path("tickets/<int:number>/more/", more.more, name="more"),
    path("tickets/<int:number>/links/", linking.linking, name="linking"),
    path("tickets/<int:number>/snoozing/", snoozing.snoozing, name="snoozing"),
    path("tickets/<int:number>/tags/", tagging.tagging, name="tagging"),
    path("tags/", tagging.choices, name="tags"),
    path("tickets/<int:number>/assignees/", tickets.assignees, name="assignees"),
    path("tickets/<int:number>/assignment/", tickets.assignment, name="assignment"),
    path("tickets/<int:number>/priority/", tickets.priority, name="priority"),
    path("tickets/<int:number>/stepping-in/", tickets.stepping_in, name="stepping_in"),
    path("tickets/<int:number>/decision/", tickets.decision, name="decision"),
    path("tickets/<int:number>/suggestion/", assisting.suggestion, name="suggestion"),
    path("tickets/<int:number>/summary/", assisting.summing_up, name="summing_up"),
    path("tickets/<int:number>/similar/", assisting.similar_tickets, name="similar"),
    path("tickets/<int:number>/article/", assisting.article, name="article"),
    path("tickets/<int:number>/verification/", verifying.verification, name="verification"),
    path(
        "people/<int:person>/verification/",
        verifying.person_verification,
        name="person_verification",
    ),
    path("held/", guarding.held, name="held"),
    path("held/<int:held>/release/", guarding.releasing, name="releasing"),
    path("held/<int:held>/declining/", guarding.declining, name="declining"),
    path("flags/", guarding.flags, name="flags"),
    path("cancel-reasons/", reasons.reasons, name="reasons"),
    path("cancel-reasons/<int:key>/", reasons.reason, name="reason"),
    path("cancel-reasons/<int:key>/place/", reasons.reason_place, name="reason_place"),
]
